// What becomes of a sign-in when one field of a reply is spoilt: by what Cognito's API promises of
// the field, and by what README and types of the package promise then.

/** It is the protocol's: without it, something answered "not as Cognito does". */
const NEEDED = "bad_reply";
/** It tells the person something, or is for others: the sign-in goes on without. */
const TOLD = "goes on";
/** "Any other" challenge is handed back: one of no name of Cognito's, and one without what it needs. */
const HANDED_BACK = "challenge";
/** Whether it has to be there the pool alone knows, and then refuses. */
const REFUSED = "misconfigured";

const SESSION_IF_ANY = (otherwise) => ({ otherwise, empty: NEEDED, huge: NEEDED });
const KNOWN_NAME = { otherwise: NEEDED, huge: HANDED_BACK };

const GONE = Symbol("gone");

/** How a field is spoilt. Each gives another value, or the same if it cannot be spoilt so. */
export const KINDS = {
  missing: () => GONE,
  null: () => null,
  "of another type": (value) => (typeof value === "string" ? 7 : "x"),
  "of another shape": (value) => (Array.isArray(value) ? {} : []),
  empty: (value) => {
    if (Array.isArray(value)) return [];
    if (typeof value === "object") return {};
    return typeof value === "string" ? "" : 0;
  },
  huge: (value) => {
    const text = "x".repeat(300_000);
    if (typeof value === "string") return text;
    if (Array.isArray(value)) return [text];
    return typeof value === "object" ? { x: text } : 1e99;
  },
};

const challenge = (ChallengeName, Session) => ({ ChallengeName, Session, ChallengeParameters: TOLD });
const each = (names, outcome) => Object.fromEntries(names.map((name) => [`ChallengeParameters.${name}`, outcome]));
const PROOF = ["SALT", "SRP_B", "SECRET_BLOCK"];

const CODE_OF_TRIGGERS = {
  ...challenge(KNOWN_NAME, NEEDED),
  ...each(
    ["ATTEMPTS_LEFT", "CODE_DELIVERY_DELIVERY_MEDIUM", "CODE_DELIVERY_DESTINATION", "CODE_LENGTH", "CODE_SENT",
      "EXPIRES_IN", "RESEND_IN", "USERNAME"],
    TOLD,
  ),
};

const RESULT = {
  AuthenticationResult: NEEDED,
  "AuthenticationResult.AccessToken": NEEDED,
  "AuthenticationResult.IdToken": NEEDED,
  "AuthenticationResult.ExpiresIn": NEEDED,
  "AuthenticationResult.RefreshToken": TOLD,
  "AuthenticationResult.TokenType": TOLD,
};
const TOKENS = { ...RESULT, ChallengeParameters: TOLD };

/** By scene and field. `otherwise` stands for the kinds that are not named. */
export const DOCUMENTED = {
  "the beginning": {
    ...challenge(NEEDED, NEEDED),
    ChallengeParameters: NEEDED,
    ...each([...PROOF, "USER_ID_FOR_SRP"], NEEDED),
    ...each(["USERNAME"], TOLD),
  },
  "the proof of the password": CODE_OF_TRIGGERS,
  "a wrong code": CODE_OF_TRIGGERS,
  "a new code": CODE_OF_TRIGGERS,
  "the right code": TOKENS,
  // Here the old tokens are still there: nothing is taken that may be less than they are.
  "a refresh": {
    ...RESULT,
    "AuthenticationResult.RefreshToken": { otherwise: NEEDED, missing: TOLD, huge: TOLD },
    "AuthenticationResult.TokenType": { otherwise: NEEDED, missing: TOLD, huge: TOLD },
  },
  "the ways to begin": {
    ...challenge(KNOWN_NAME, SESSION_IF_ANY(HANDED_BACK)),
    AvailableChallenges: { otherwise: HANDED_BACK, huge: "choice" },
  },
  "a way that was chosen": {
    ...challenge(KNOWN_NAME, SESSION_IF_ANY(HANDED_BACK)),
    ...each(["CODE_DELIVERY_DELIVERY_MEDIUM", "CODE_DELIVERY_DESTINATION", "USER_ID_FOR_SRP"], TOLD),
  },
  "the code of a text message": TOKENS,
  "a temporary password": {
    ...challenge(KNOWN_NAME, SESSION_IF_ANY(HANDED_BACK)),
    ...each(["requiredAttributes", "userAttributes", "USER_ID_FOR_SRP"], TOLD),
  },
  "an authenticator's secret": { SecretCode: NEEDED, Session: NEEDED },
  "an authenticator's first code": { Status: NEEDED, Session: NEEDED },
  "a device that is remembered": { UserConfirmationNecessary: TOLD },
  "a device that begins its proof": {
    ...challenge(NEEDED, SESSION_IF_ANY(REFUSED)),
    ChallengeParameters: NEEDED,
    ...each(PROOF, NEEDED),
    ...each(["DEVICE_KEY", "USERNAME"], TOLD),
  },
  "a device that has proved itself": TOKENS,
};

/** The outcome that is documented. */
export function documented(scene, field, kind) {
  const outcome = DOCUMENTED[scene][field];
  return typeof outcome === "object" ? (outcome[kind] ?? outcome.otherwise) : outcome;
}

/** The fields of a reply: `Session`, `ChallengeParameters.SALT`. */
export function fieldsOf(body) {
  return Object.entries(body).flatMap(([name, value]) => {
    const inner = typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [];
    return [name, ...inner.map((own) => `${name}.${own}`)];
  });
}

/** Spoils one field of a reply. */
export function spoil(body, field, kind) {
  const names = field.split(".");
  const last = names.pop();
  const object = names.reduce((inner, name) => inner[name], body);
  const value = KINDS[kind](object[last]);
  if (value === GONE) delete object[last];
  else object[last] = value;
  return body;
}
