// What the examples leave to their reader.

import type { SignInOutput } from "aws-amplify/auth";

declare global {
  const username: string;
  const password: string;
  const newPassword: string;
  const code: string;
  const email: string;
  const deviceKey: string;
  const attributes: Record<string, string>;

  const nextStep: SignInOutput["nextStep"];
  function askThePerson(step: SignInOutput["nextStep"]): Promise<string>;
  function use(token: string): void;
  function greet(who: unknown): void;
  function say(sentence: string): void;
}
