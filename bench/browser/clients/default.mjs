import { Cognito } from "cognito-email-mfa";
import { client } from "./ours.mjs";

export const { prepare, signIn, answer } = client(Cognito);
