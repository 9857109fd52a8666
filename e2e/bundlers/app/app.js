// What an application does with the package, wherever it runs. A call answers `{ value }`, or
// `{ error }` with the code of what was thrown, so that it can go through any channel.

export function start({ Cognito, Account, openSession, adopt, jwks }, { store, ...pool }) {
  const cognito = new Cognito({ ...pool, verifyTokens: jwks() });
  const session = openSession(cognito, { store });
  const account = new Account(pool);
  let step;
  const go = async (next) => {
    step = await next;
    const { kind, wrong, sent, tokens } = step;
    return { kind, wrong, sent, tokens };
  };
  const methods = {
    prepare: () => cognito.prepare(),
    adopt: () => adopt(session),
    signIn: (credentials) => go(cognito.signIn(credentials)),
    answer: (code) => go(step.answer(code)),
    resend: () => go(step.resend()),
    tokens: () => session.tokens(),
    refresh: () => session.refresh(),
    attributes: async () => (await account.userAttributes(await session.tokens())).attributes,
    signOut: () => session.signOut(),
    state: async () => session.state.kind,
  };
  return (method, argument) =>
    methods[method](argument).then(
      (value) => ({ value }),
      ({ code, name, message }) => ({ error: code ?? `${name}: ${message}` }),
    );
}
