// What the page says to a person, one sentence for every error code of the package.

const SENTENCES = {
  invalid_argument: "What was typed does not have the form of a name and a password.",
  invalid_code: "The code does not have the right number of digits.",
  busy: "The last request is still under way.",
  spent: "This sign-in was already used. Please sign in again.",
  aborted: "Cancelled.",
  timeout: "The sign-in service took too long to answer. Please try again.",
  network: "The sign-in service cannot be reached. Check the connection and try again.",
  bad_credentials: "The email address or the password is not right.",
  locked_out: "Too many wrong passwords or codes. Please wait a quarter of an hour and try again.",
  code_attempts_exceeded: "Too many wrong codes, so this sign-in has ended. Sign in again to get a new code.",
  session_expired: "This sign-in took too long and has ended. Please sign in again.",
  session_used: "This sign-in was answered elsewhere and has ended. Please sign in again.",
  throttled: "Too many requests at the moment. Please wait half a minute and try again.",
  limit_exceeded: "Too many mails or tries lately. Please wait a while and try again.",
  trigger_failed: "The sign-in service has a fault of its own. Please try again later.",
  mail_not_sent: "The mail with the code could not be sent. Please try again in a few minutes.",
  device_refused: "The user pool does not know this device any more. Please sign in again.",
  passkey_failed: "No passkey was used.",
  user_not_confirmed: "This account is not confirmed yet.",
  password_reset_required: "This account needs a new password before anyone can sign in.",
  user_disabled: "This account is disabled.",
  misconfigured: "This user pool does not allow this way of signing in. Check the pool and client ids below.",
  forbidden: "A firewall in front of the sign-in service turned the request away.",
  pool_unavailable: "The user pool is not available at the moment. Please try again later.",
  refused: "The sign-in service refused this sign-in.",
  bad_reply: "The sign-in service gave an answer that this page does not understand.",
  bad_signature: "The sign-in service gave tokens that the user pool has not signed.",
  no_randomness: "This browser gives no secure random numbers, so nobody can sign in with it.",
  wasm_unavailable: "This browser does not run WebAssembly on this page, so nobody can sign in with it.",
  signed_out: "You have been signed out. Please sign in again.",
};

// What got lost on its way may have counted, so the page cannot offer to send it again.
const SENTENCES_ONCE_SENT = {
  aborted: "Cancelled. Please sign in again.",
  timeout: "The sign-in service took too long to answer, so nobody knows what arrived. Please sign in again.",
  network: "The connection was lost, so nobody knows what arrived. Please sign in again.",
};

/** For a browser that already knows it has no network: nothing was sent, nothing is lost. */
export const OFFLINE = "This device is offline. Connect it and try again; nothing is lost.";

/** For a sign-out that the pool has not heard of. */
export const NOT_REVOKED = "You are signed out here, but the sign-in service could not be told: the refresh token, which this page has forgotten, still exists there.";

/**
 * The sentence and the small print for an error of the password step.
 *
 * @param {{ code?: string, exception?: string }} error
 * @returns {{ text: string, smallPrint: string }}
 */
export function describe(error) {
  const text = SENTENCES[error.code] ?? "This page itself has failed. Reload it and try again.";
  const smallPrint = [error.code ?? String(error), error.exception].filter(Boolean).join(" · ");
  return { text, smallPrint };
}

/** The same for an error of the code step, which ends the sign-in. */
export function describeOnceSent(error) {
  const described = describe(error);
  return { ...described, text: SENTENCES_ONCE_SENT[error.code] ?? described.text };
}
