// The two requests of a sign-in without a client: what the browser takes of its own. No proof is in them.
export async function signIn(USERNAME) {
  const { Session } = await send("InitiateAuth", {
    AuthFlow: "CUSTOM_AUTH",
    AuthParameters: { USERNAME, SRP_A: "2".repeat(768), CHALLENGE_NAME: "SRP_A" },
  });
  const ChallengeResponses = { USERNAME, TIMESTAMP: "now", PASSWORD_CLAIM_SIGNATURE: "none" };
  await send("RespondToAuthChallenge", { ChallengeName: "PASSWORD_VERIFIER", Session, ChallengeResponses });
}

async function send(operation, input) {
  const headers = { "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`, "Content-Type": "application/x-amz-json-1.1" };
  const reply = await fetch("/", { method: "POST", headers, body: JSON.stringify({ ClientId: "exampleclient", ...input }) });
  return reply.json();
}
