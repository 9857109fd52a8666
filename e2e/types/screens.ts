// Compiled and never run: what the React entry and the element promise, and what they refuse.

import { Cognito } from "../../target/npm/dist/index.js";
import type { CodeStep, CognitoError, SavedStep, Tokens } from "../../target/npm/dist/index.js";
import { defineSignIn } from "../../target/npm/dist/element.js";
import type { CognitoSignInElement, Words } from "../../target/npm/dist/element.js";
import { useSession, useSignIn } from "../../target/npm/dist/react.js";
import type { Followed, SignIn } from "../../target/npm/dist/react.js";
import { openSession } from "../../target/npm/dist/session.js";

const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient" });
const session = openSession(cognito);

/** The compiler lists the cases here, too; a step's own methods keep what they take. */
export async function render(saved: SavedStep): Promise<string> {
  const state = useSession(session);
  if (state.kind === "signedIn") return state.user.username;
  const { step, error, pending, start, resume, reset }: SignIn = useSignIn(cognito);
  if (pending) return "…";
  if (error) return error.code === "invalid_argument" ? error.message : error.code satisfies CognitoError["code"];
  switch (step?.kind) {
    case undefined:
      await start({ username: "ada", password: "Correct-Horse-9" });
      await resume(saved, { signal: new AbortController().signal });
      // @ts-expect-error a password is no number
      await start({ username: "ada", password: 7 });
      return "";
    case "code": {
      const nothing: void = await step.answer("012345", { signal: new AbortController().signal });
      await step.resend();
      // @ts-expect-error a code is a text, which may begin with 0
      await step.answer(12345);
      // @ts-expect-error the step is told by the hook
      const next: CodeStep = await step.answer("012345");
      return String([nothing, next, step.save().username, step.attemptsLeft?.toFixed()]);
    }
    case "newPassword":
      await step.answer("Correct-Horse-9", { attributes: { given_name: "Ada" } });
      return step.requiredAttributes.join();
    case "choice":
      await step.choose("PASSWORD_SRP", { password: "Correct-Horse-9" });
      return step.purpose;
    case "password":
      await step.answer("Correct-Horse-9");
      return step.factor;
    case "authenticator":
      await step.answer("012345");
      return step.uri({ issuer: "Example", account: "ada" });
    case "passkey":
      await step.answer({});
      return String(step.options["challenge"]);
    case "challenge":
      await step.answer({ ANSWER: "42" });
      return step.name;
    case "signedIn":
      reset();
      return (step.tokens satisfies Tokens).accessToken;
    default:
      return step satisfies never;
  }
}

export function codeForm({ sentTo, answer }: Followed<CodeStep>): (code: string) => Promise<void> {
  return (code) => answer(code, sentTo === undefined ? undefined : {});
}

export function element(): void {
  defineSignIn();
  const created: CognitoSignInElement = document.createElement("cognito-sign-in");
  const found = document.querySelector("cognito-sign-in");
  created.cognito = cognito;
  created.session = session;
  created.words = { signIn: "Welcome back" };
  // @ts-expect-error there is no such word
  created.words = { signUp: "Join" };
  const words: Words = created.words;
  // @ts-expect-error a step comes by itself
  created.step = undefined;
  created.addEventListener("signed-in", ({ detail }) => detail.tokens.accessToken + words.code);
  created.addEventListener("sign-in-error", ({ detail }) => detail.code);
  found?.addEventListener("step", (event) => {
    if (event.detail.kind !== "challenge") return;
    event.preventDefault();
    void event.detail.answer({ ANSWER: event.detail.parameters["riddle"] ?? "" });
  });
  found?.addEventListener("click", ({ clientX }) => clientX);
  void created.start({ username: "ada" }).then(() => created.reset());
}
