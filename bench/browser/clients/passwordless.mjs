import { Passwordless } from "amazon-cognito-passwordless-auth";
import { authenticateWithSRP } from "amazon-cognito-passwordless-auth/srp";

Passwordless.configure({
  userPoolId: "us-east-1_Example1",
  clientId: "exampleclient",
  cognitoIdpEndpoint: `${location.origin}/`,
});

let tell;
let signedIn;

export function signIn(username, password) {
  return new Promise((asks, fails) => {
    const customChallengeAnswer = () => {
      asks();
      return new Promise((answered) => (tell = answered));
    };
    signedIn = authenticateWithSRP({ username, password, authflow: "CUSTOM_AUTH", customChallengeAnswer }).signedIn;
    signedIn.catch(fails);
  });
}

export async function answer(code) {
  tell(code);
  return (await signedIn).accessToken;
}
