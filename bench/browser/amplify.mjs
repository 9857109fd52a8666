import { confirmSignIn, signIn } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { Amplify } from "@aws-amplify/core";
import { CLIENT, CODE, PASSWORD, POOL, USERNAME } from "./person.mjs";

Amplify.configure(
  { Auth: { Cognito: { userPoolId: POOL, userPoolClientId: CLIENT } } },
  { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } },
);

export const candidate = {
  async signIn() {
    const options = { authFlowType: "CUSTOM_WITH_SRP" };
    await signIn({ username: USERNAME, password: PASSWORD, options });
    const { isSignedIn } = await confirmSignIn({ challengeResponse: CODE });
    return isSignedIn && "signedIn";
  },
};
