import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";

const Pool = new CognitoUserPool({ UserPoolId: "us-east-1_Example1", ClientId: "exampleclient", endpoint: location.origin });
let user;

export function signIn(Username, Password) {
  user = new CognitoUser({ Username, Pool });
  user.setAuthenticationFlowType("CUSTOM_AUTH");
  return new Promise((customChallenge, onFailure) =>
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), { customChallenge, onFailure }));
}

export async function answer(code) {
  const session = await new Promise((onSuccess, onFailure) => user.sendCustomChallengeAnswer(code, { onSuccess, onFailure }));
  return session.getAccessToken().getJwtToken();
}
