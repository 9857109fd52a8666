// What the examples leave to their reader.

import type { Account } from "../../../target/npm/dist/account.js";
import type { Cognito, CodeStep, SignedInStep, SignInInput, Tokens } from "../../../target/npm/dist/index.js";
import type { Session, SessionState } from "../../../target/npm/dist/session.js";

declare global {
  const userPoolId: string;
  const clientId: string;
  const username: string;
  const password: string;
  const newPassword: string;
  const code: string;
  const email: string;
  const name: string;
  const attributes: Record<string, string>;
  const deviceKey: string;

  const cognito: Cognito;
  const session: Session;
  const account: Account;
  const tokens: Tokens;
  const accessToken: string;
  const signedIn: SignedInStep;
  const signal: AbortSignal;

  namespace JSX {
    interface Element {}
    interface IntrinsicElements {
      p: { children?: unknown };
    }
  }
  function CodeForm(props: { onCode: (code: string) => unknown; wrong: boolean; busy: boolean }): JSX.Element;
  function PasswordForm(props: {
    onSubmit: (credentials: SignInInput) => unknown; problem: string | undefined; busy: boolean;
  }): JSX.Element;

  function askThePerson(step: CodeStep): Promise<string>;
  function ask(about: unknown): Promise<string>;
  function askForANewPassword(problem?: string): Promise<string>;
  function askWhich(options: readonly string[]): Promise<string>;
  function askThePasswordOf(username: string): Promise<string>;
  function showQrCode(uri: string): Promise<string>;
  function use(tokens: Tokens): void;
  function greet(who: unknown): void;
  function say(sentence: string): void;
  function render(state: SessionState): void;
}
