import { Cognito } from "cognito-email-mfa/slim";
import { client } from "./ours.mjs";

export const { prepare, signIn, answer } = client(Cognito);
