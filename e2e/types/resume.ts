// The types of a step that outlives its page, and of signatures that are checked.
import { Cognito, type CodeStep, type SavedStep, type Step, type TokenVerifier } from "../../target/npm/dist/index.js";
import { jwks } from "../../target/npm/dist/jwks.js";

const verifyTokens: TokenVerifier = jwks({ url: "https://proxy.example.com/keys" });
const cognito = new Cognito({
  userPoolId: "us-east-1_Example1",
  clientId: "exampleclient",
  authSessionValidity: 5,
  verifyTokens,
});
export const minutes: number = cognito.settings.authSessionValidity;

export function keep(step: Step): SavedStep | undefined {
  switch (step.kind) {
    case "code": case "newPassword": case "passkey":
      return step.save();
    case "challenge":
      // @ts-expect-error Without a session there is nothing to save.
      step.save();
      return step.save?.();
    case "choice": case "password": case "authenticator": case "signedIn":
      // @ts-expect-error A secret would have to be kept.
      step.save;
      return undefined;
  }
}

export async function goOn(kept: string, signal: AbortSignal): Promise<Step> {
  const saved = JSON.parse(kept) as SavedStep;
  const left: number = saved.sessionEndsAt - Date.now();
  // @ts-expect-error What is kept is for reading.
  saved.session = String(left);
  const device = { deviceKey: "", deviceGroupKey: "", devicePassword: "" };
  return cognito.resume(saved, { device, signal });
}

/** A verifier of one's own. */
export const own: TokenVerifier = {
  prepare: async (pool) => void pool.userPoolId,
  verify: async ({ idToken }, pool, signal) => void [idToken, pool.clientId, signal],
};

export function stepIsNoSavedStep(step: CodeStep): void {
  // @ts-expect-error A step is saved first.
  void cognito.resume(step);
}
// @ts-expect-error Half a verifier.
new Cognito({ userPoolId: "us-east-1_Example1", clientId: "c", verifyTokens: { verify: async () => {} } });
// @ts-expect-error Called, it is one.
new Cognito({ userPoolId: "us-east-1_Example1", clientId: "c", verifyTokens: jwks });
