import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { CLIENT, CODE, PASSWORD, POOL, USERNAME } from "./person.mjs";

export const candidate = {
  signIn() {
    const user = new CognitoUser({ Username: USERNAME, Pool: new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT }) });
    user.setAuthenticationFlowType("CUSTOM_AUTH");
    return new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: () => resolve("signedIn"),
        onFailure: reject,
        customChallenge: () => user.sendCustomChallengeAnswer(CODE, callbacks),
      };
      user.authenticateUser(new AuthenticationDetails({ Username: USERNAME, Password: PASSWORD }), callbacks);
    });
  },
};
