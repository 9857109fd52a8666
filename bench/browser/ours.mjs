// The package as an application uses it.
import { CLIENT, CODE, PASSWORD, POOL, USERNAME } from "./person.mjs";

export function asCandidate(Cognito) {
  const cognito = new Cognito({ userPoolId: POOL, clientId: CLIENT });
  return {
    prepare: () => cognito.prepare(),
    async signIn() {
      const step = await cognito.signIn({ username: USERNAME, password: PASSWORD });
      return (await step.answer(CODE)).kind;
    },
  };
}
