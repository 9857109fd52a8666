// What the examples leave to their reader.

import type {
  AuthenticationDetails, CognitoRefreshToken, CognitoUser, CognitoUserAttribute, CognitoUserPool, CognitoUserSession,
  IAuthenticationCallback,
} from "amazon-cognito-identity-js";

declare global {
  const username: string;
  const password: string;
  const newPassword: string;
  const code: string;
  const email: string;
  const deviceKey: string;
  const attributes: CognitoUserAttribute[];

  const pool: CognitoUserPool;
  const user: CognitoUser;
  const details: AuthenticationDetails;
  const session: CognitoUserSession;
  const refreshToken: CognitoRefreshToken;
  const callbacks: IAuthenticationCallback & { associateSecretCode: (secret: string) => void };
  const done: { onSuccess: (result: unknown) => void; onFailure: (error: unknown) => void };
  const callback: (error?: unknown, result?: unknown) => void;

  function askThePerson(parameters: Record<string, string>): string;
  function askForANewPassword(): string;
  function use(session: CognitoUserSession): void;
  function say(sentence: string): void;
}
