// Whether the pool has signed the tokens, by the keys that it publishes.
import { base64url, headerOf } from './claims.js';
import { CognitoError, invalidArgument } from './errors.js';
import { secureUrl } from './options.js';
import { jwksUri } from './pool-address.js';
import { repeat } from './repeat.js';
import { json, requestOf } from './send.js';
import { orAborted, within } from './waiting.js';

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const SHORTEST_KEY = 2048; // bits
// A key that is not among them may be a new one. The pool is not asked more often than that.
const REST_MS = 30_000;
// A key that the pool has withdrawn is not trusted longer than that.
const LIFE_MS = 86_400_000;

export function jwks(options) {
  const url = options?.url;
  // Who can alter the keys on their way can sign.
  if (url !== undefined) secureUrl('url', url);
  if (!globalThis.crypto?.subtle) {
    throw invalidArgument('jwks: expected crypto.subtle, which a page has by https or on this device alone');
  }
  const sets = new Map();
  const setOf = (pool) => {
    const address = url ?? jwksUri(pool);
    if (!sets.has(address)) sets.set(address, new KeySet(address));
    return sets.get(address);
  };
  return Object.freeze({
    prepare: (pool, signal) => setOf(pool).prepare(pool, signal),
    async verify({ accessToken, idToken }, pool, signal) {
      const keys = setOf(pool);
      await keys.verify('the ID token', idToken, pool, signal);
      await keys.verify('the access token', accessToken, pool, signal);
    },
  });
}

class KeySet {
  #url;
  #byId = new Map();
  #fetchedAt = -Infinity;

  constructor(url) {
    this.#url = url;
  }

  async prepare(pool, signal) {
    if (this.#age() >= LIFE_MS) await this.#fetch(pool, signal);
  }

  async verify(name, token, pool, signal) {
    const { kid } = headerOf(name, token);
    await this.prepare(pool, signal);
    if (!this.#byId.has(kid) && this.#age() >= REST_MS) await this.#fetch(pool, signal);
    const key = this.#byId.get(kid);
    if (!key) throw forged(`${name}: none of the pool's keys has its kid`);
    const end = token.lastIndexOf('.');
    const signed = new TextEncoder().encode(token.slice(0, end));
    const valid = await crypto.subtle.verify(RS256, key, base64url(token.slice(end + 1)), signed);
    if (!valid) throw forged(`${name}: its signature is not the pool's`);
  }

  #age() {
    return performance.now() - this.#fetchedAt;
  }

  // Nobody waits for a request that somebody else has begun: at the edge it ends with whoever began
  // it, and is never heard of again.
  async #fetch(pool, signal) {
    const cache = this.#fetchedAt === -Infinity ? undefined : 'no-cache';
    this.#byId = await orAborted(fetchKeys(this.#url, pool, cache), signal);
    this.#fetchedAt = performance.now();
  }
}

// The keys are public, and no header goes along: those would need the server's leave.
async function fetchKeys(url, { fetch, timeoutMs }, cache) {
  const keys = await within(timeoutMs, undefined, "the pool's keys", (signal, until) =>
    repeat('JsonWebKeySet', { signal, until }, async () => {
      const request = requestOf(url, { cache, credentials: 'omit', signal });
      const response = await (fetch ?? globalThis.fetch)(request);
      return keysOf(response.status, await json(response));
    }),
  );
  const imported = await Promise.all(keys.map(importKey));
  return new Map(imported.filter((entry) => entry));
}

function keysOf(status, body) {
  if (status !== 200) throw new CognitoError(codeOf(status), `the pool's keys: HTTP status ${status}`, { status });
  if (Array.isArray(body?.keys)) return body.keys;
  throw new CognitoError('bad_reply', "the pool's keys: expected a JSON Web Key Set", { status });
}

function codeOf(status) {
  if (status === 429) return 'throttled';
  return status >= 500 ? 'pool_unavailable' : 'bad_reply';
}

// A key of another kind is none of ours, and takes nothing away from the others.
async function importKey(jwk) {
  const { kty, n, e, kid, alg = 'RS256', use = 'sig' } = jwk ?? {};
  if (kty !== 'RSA' || alg !== 'RS256' || use !== 'sig' || typeof kid !== 'string') return undefined;
  try {
    const key = await crypto.subtle.importKey('jwk', { kty, n, e }, RS256, false, ['verify']);
    return key.algorithm.modulusLength >= SHORTEST_KEY ? [kid, key] : undefined;
  } catch {
    return undefined;
  }
}

function forged(message) {
  return new CognitoError('bad_signature', message);
}
