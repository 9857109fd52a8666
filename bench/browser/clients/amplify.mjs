import { Amplify } from "aws-amplify";
import { signIn as begin } from "aws-amplify/auth";

Amplify.configure({
  Auth: { Cognito: { userPoolId: "us-east-1_Example1", userPoolClientId: "exampleclient", userPoolEndpoint: location.origin } },
});

export function signIn(username, password) {
  return begin({ username, password, options: { authFlowType: "CUSTOM_WITH_SRP" } });
}
