// Reads codes out of mails.

import assert from "node:assert/strict";

/** The one run of six digits in a text. */
export function codeIn(text) {
  const codes = text.match(/\b\d{6}\b/g) ?? [];
  assert.equal(codes.length, 1, "a mail has one code");
  return codes[0];
}

/** Another code of the same length. */
export function wrong(code) {
  return code.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10));
}
