// Whether a step is what the package's types say, whatever the pool has told.

import assert from "node:assert/strict";

const isText = (value) => typeof value === "string" && value !== "";
const isDate = (value) => value instanceof Date && Number.isFinite(value.getTime());
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isFlag = (value) => typeof value === "boolean";
const areTexts = (value) => Object.values(value).every((text) => typeof text === "string");
const isList = (value) => Array.isArray(value) && value.every(isText);
const oneOf = (...values) => (value) => values.includes(value);
const maybe = (holds) => (value) => value === undefined || holds(value);

const TOKENS = {
  accessToken: isText,
  idToken: isText,
  refreshToken: maybe(isText),
  tokenType: isText,
  deviceKey: maybe(isText),
  expiresAt: isDate,
};

const STEPS = {
  code: {
    medium: maybe(oneOf("email", "sms", "authenticator")),
    wrong: isFlag,
    sent: isFlag,
    sentTo: maybe(isText),
    codeLength: maybe(isCount),
    attemptsLeft: maybe(isCount),
    expiresAt: maybe(isDate),
    resendAt: maybe(isDate),
    parameters: areTexts,
  },
  newPassword: { requiredAttributes: isList, attributes: areTexts, rejected: maybe(isText) },
  choice: { purpose: oneOf("firstFactor", "secondFactor", "setUp"), options: isList },
  authenticator: { wrong: isFlag, secret: isText },
  challenge: { name: isText, session: maybe(isText), parameters: areTexts },
  signedIn: { tokens: (tokens) => holds(tokens, TOKENS), user: ({ username, sub }) => isText(username) && isText(sub) },
  refreshed: { tokens: (tokens) => holds(tokens, TOKENS) },
};
// What `rememberDevice` gives is no step.
const DEVICE = { deviceKey: isText, deviceGroupKey: isText, devicePassword: isText };

/** Fails unless every field is as documented. */
export function assertShape(step) {
  const shape = step.kind === undefined ? DEVICE : STEPS[step.kind];
  assert.ok(shape, `a step of kind ${step.kind}`);
  holds(step, shape);
}

function holds(object, shape) {
  for (const [name, check] of Object.entries(shape)) {
    assert.ok(check(object[name]), `${name} is ${String(JSON.stringify(object[name])).slice(0, 100)}`);
  }
  return true;
}
