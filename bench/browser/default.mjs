import { Cognito } from "cognito-email-mfa";
import { asCandidate } from "./ours.mjs";

export const candidate = asCandidate(Cognito);
