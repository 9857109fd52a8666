// What a page does with our package, whichever entry it imports.
export function client(Cognito) {
  const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", endpoint: location.origin });
  let step;
  return {
    prepare: () => cognito.prepare(),
    signIn: async (username, password) => void (step = await cognito.signIn({ username, password })),
    answer: async (code) => (await step.answer(code)).tokens.accessToken,
  };
}
