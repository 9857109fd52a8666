// A page on the React entry, as its README shows it, in StrictMode.

import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Cognito } from "cognito-email-mfa";
import { openSession } from "cognito-email-mfa/session";
import { useSession, useSignIn } from "cognito-email-mfa/react";

const { userPoolId, clientId } = globalThis.pool;
const cognito = new Cognito({ userPoolId, clientId, endpoint: location.href });
const session = openSession(cognito);

function SignIn({ automatic }) {
  const { step, error, pending, start, reset } = useSignIn(cognito);
  useEffect(() => {
    if (automatic) start(automatic);
  }, [automatic, start]);
  const submit = (act) => (event) => {
    event.preventDefault();
    act(Object.fromEntries(new FormData(event.target)));
  };
  return (
    <section>
      <p id="kind">{step?.kind ?? "none"}</p>
      <p id="pending">{String(pending)}</p>
      <p id="error">{error?.code ?? "none"}</p>
      {step?.kind === "code" ? (
        <form onSubmit={submit(({ code }) => step.answer(code))}>
          <p id="attempts">{step.attemptsLeft}</p>
          <label>Code <input name="code" /></label>
          <button>Confirm</button>
          <button type="button" onClick={reset}>Reset</button>
        </form>
      ) : (
        <form onSubmit={submit(start)}>
          <label>Name <input name="username" /></label>
          <label>Password <input name="password" type="password" /></label>
          <button>Continue</button>
        </form>
      )}
    </section>
  );
}

function App() {
  const state = useSession(session);
  const [shown, setShown] = useState(true);
  globalThis.setShown = setShown;
  return (
    <main>
      <h1>React {globalThis.reactVersion}</h1>
      <p id="who">{state.kind === "signedIn" ? state.user.email : "nobody"}</p>
      <button onClick={() => session.signOut()}>Sign out</button>
      {shown && <SignIn automatic={globalThis.automatic} />}
    </main>
  );
}

createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>);
