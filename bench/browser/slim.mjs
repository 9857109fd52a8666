export { init } from "cognito-email-mfa/slim";
import { Cognito } from "cognito-email-mfa/slim";
import { asCandidate } from "./ours.mjs";

export const candidate = asCandidate(Cognito);
