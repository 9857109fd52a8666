// A pool of one user that is quick to ask: its B is made beforehand, and a proof is checked when it
// has come, by BigInt and node:crypto, which share nothing with any client.
import { createHash, createHmac, getDiffieHellman, randomBytes } from "node:crypto";
import { refusal, result, USER_ID } from "../../client-wasm/npm/support/grants.mjs";

export const [PASSWORD, CODE] = ["Correct-Horse-9", "012345"];
// The name in the pool's id, which the candidates' options have.
const POOL = "Example1";

// The group of Cognito's SRP is that of RFC 3526 with 3,072 bits.
const N = toInt(getDiffieHellman("modp15").getPrime());
const salt = toInt(randomBytes(16));
const x = toInt(sha256(pad(salt), sha256(POOL, USER_ID, ":", PASSWORD)));
const v = power(2n, x);
const b = toInt(randomBytes(64));
const B = (toInt(sha256(pad(N), pad(2n))) * v + power(2n, b)) % N;

/** One sign-in. */
export class Pool {
  #A;
  #secretBlock;

  /** The reply to a request; `body` is that of the request. */
  reply(target, body) {
    if (target.endsWith(".InitiateAuth")) return this.#begin(body.AuthParameters.SRP_A);
    if (body.ChallengeName === "PASSWORD_VERIFIER") {
      return this.#accepts(body.ChallengeResponses) ? ask() : refusal("Incorrect username or password.");
    }
    if (body.ChallengeName === "CUSTOM_CHALLENGE" && body.ChallengeResponses.ANSWER === CODE) {
      return { AuthenticationResult: result({}, { RefreshToken: "refresh" }), ChallengeParameters: {} };
    }
    return refusal("There is no such operation here.", "InvalidParameterException");
  }

  #begin(srpA) {
    this.#A = BigInt(`0x${srpA}`);
    this.#secretBlock = randomBytes(700).toString("base64");
    return challenge("PASSWORD_VERIFIER", {
      SALT: salt.toString(16),
      SRP_B: B.toString(16),
      SECRET_BLOCK: this.#secretBlock,
      USER_ID_FOR_SRP: USER_ID,
    });
  }

  #accepts({ TIMESTAMP, PASSWORD_CLAIM_SIGNATURE }) {
    const u = toInt(sha256(pad(this.#A), pad(B)));
    const S = power((this.#A * power(v, u)) % N, b);
    const key = hmac(hmac(pad(u), pad(S)), "Caldera Derived Key\u0001").subarray(0, 16);
    const claim = Buffer.concat([Buffer.from(POOL + USER_ID), Buffer.from(this.#secretBlock, "base64"), Buffer.from(TIMESTAMP)]);
    return PASSWORD_CLAIM_SIGNATURE === hmac(key, claim).toString("base64");
  }
}

function ask() {
  return challenge("CUSTOM_CHALLENGE", { CODE_DELIVERY_DESTINATION: "u***@e***", CODE_LENGTH: "6" });
}

function challenge(ChallengeName, parameters) {
  const ChallengeParameters = { USERNAME: USER_ID, ...parameters };
  return { ChallengeName, Session: `session-${randomBytes(16).toString("hex")}`, ChallengeParameters };
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

function toInt(bytes) {
  return BigInt(`0x${bytes.toString("hex")}`);
}

// Bytes of a number that is never read as a negative one.
function pad(number) {
  const hex = number.toString(16);
  const even = hex.length % 2 === 1 ? `0${hex}` : hex;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}

function power(base, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % N;
    if (bit === "1") result = (result * base) % N;
  }
  return result;
}
