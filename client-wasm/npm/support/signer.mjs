// A pool's keys, and whoever would like to pass for it. Signs by node:crypto what the package
// checks by WebCrypto.
import { constants, createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

const rsa = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const base64url = (value) => Buffer.from(value).toString('base64url');
const part = (value) => base64url(JSON.stringify(value));
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

export class Signer {
  #keys = new Map();

  constructor(...kids) {
    for (const kid of kids) this.#keys.set(kid, rsa());
  }

  // What the pool publishes.
  get jwks() {
    const keys = [...this.#keys].map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }));
    return { keys };
  }

  privateKey(kid) {
    return this.#keys.get(kid).privateKey;
  }

  publicKey(kid) {
    return this.#keys.get(kid).publicKey;
  }

  // A token as the pool signs it, unless the test wants it otherwise.
  token(claims, { kid = [...this.#keys.keys()][0], header = { kid, alg: 'RS256' }, key = this.privateKey(kid), hash = 'sha256', ...more } = {}) {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${sign(hash, Buffer.from(signed), { key, ...more }).toString('base64url')}`;
  }

  // The same tokens with real signatures.
  signed({ AccessToken, IdToken, ...more }, options) {
    return { ...more, AccessToken: this.token(claimsOf(AccessToken), options), IdToken: this.token(claimsOf(IdToken), options) };
  }
}

const POOL = new Signer('key-1', 'key-2');
const OTHER = new Signer('other-1');
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
export { POOL, OTHER };

const each = (change) => (token) => {
  const [header, payload, signature] = token.split('.');
  return change({ header, payload, signature, claims: claimsOf(token), bytes: Buffer.from(signature, 'base64url') });
};
const join = ({ header, payload, signature }) => `${header}.${payload}.${signature}`;
const resigned = (options) => each(({ claims }) => POOL.token(claims, options));
const withHeader = (header, options) => resigned({ header: { alg: 'RS256', kid: 'key-1', ...header }, ...options });
const withSignature = (change) => each((parts) => join({ ...parts, signature: change(parts) }));
const withBytes = (change) => withSignature(({ bytes }) => base64url(change(bytes)));
const withClaims = (change) => each(({ claims, ...parts }) => join({ ...parts, payload: part({ ...claims, ...change }) }));
const hs256 = (secret) => each(({ claims }) => {
  const signed = `${part({ alg: 'HS256', kid: 'key-1' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
});
const flipped = (bytes, at) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const pem = POOL.publicKey('key-1').export({ type: 'spki', format: 'pem' });
const stranger = createPrivateKey(OTHER.privateKey('other-1').export({ type: 'pkcs8', format: 'pem' }));
const embedded = OTHER.jwks.keys[0];

// One token made another, by somebody who has every public key and no private one of the pool.
export const FORGERIES = {
  'alg none and no signature': each(({ payload }) => `${part({ alg: 'none', kid: 'key-1' })}.${payload}.`),
  'alg none and the old signature': each(({ payload, signature }) => `${part({ alg: 'none', kid: 'key-1' })}.${payload}.${signature}`),
  'no alg': withHeader({ alg: undefined }),
  'HS256 with the public key as PEM': hs256(pem),
  'HS256 with the modulus': hs256(Buffer.from(POOL.jwks.keys[0].n, 'base64url')),
  'RS384': withHeader({ alg: 'RS384' }, { hash: 'sha384' }),
  'RS512 that says RS256': resigned({ hash: 'sha512' }),
  'SHA-1 that says RS256': resigned({ hash: 'sha1' }),
  'PS256': withHeader({ alg: 'PS256' }, { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  'PSS that says RS256': resigned({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  'ES256': withHeader({ alg: 'ES256' }, { key: EC }),
  'another key by the same kid': resigned({ key: stranger }),
  "another pool's key by its own kid": each(({ claims }) => OTHER.token(claims)),
  'a kid that is a path': withHeader({ kid: '../../key-1' }, { key: stranger }),
  'a kid that every object has': withHeader({ kid: '__proto__' }, { key: stranger }),
  'a kid that is a list': withHeader({ kid: ['key-1'] }),
  'the kid of another key of the pool': withHeader({ kid: 'key-2' }),
  'no kid': withHeader({ kid: undefined }),
  'a key in the header': withHeader({ jwk: embedded }, { key: stranger }),
  'an address of keys in the header': withHeader({ jku: 'https://evil.example/jwks.json' }, { key: stranger }),
  'one more claim': withClaims({ 'cognito:groups': ['admin'] }),
  'a later exp': each(({ claims, ...parts }) => join({ ...parts, payload: part({ ...claims, exp: claims.exp + 1 }) })),
  'an earlier iat': each(({ claims, ...parts }) => join({ ...parts, payload: part({ ...claims, iat: claims.iat - 1 }) })),
  'claims in another order': each(({ claims, ...parts }) => join({ ...parts, payload: part(Object.fromEntries(Object.entries(claims).reverse())) })),
  'one more member of the header': each(({ payload, signature }) => `${part({ kid: 'key-1', alg: 'RS256', typ: 'JWT' })}.${payload}.${signature}`),
  'the first bit of the signature': withBytes((bytes) => flipped(bytes, 0)),
  'a bit in its middle': withBytes((bytes) => flipped(bytes, 128)),
  'its last bit': withBytes((bytes) => flipped(bytes, 255)),
  'a signature that is no base64': withSignature(({ signature }) => signature.slice(0, 341)),
  'a signature that was cut': withBytes((bytes) => bytes.subarray(0, -1)),
  'a signature that goes on': withBytes((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  'a signature with a zero in front': withBytes((bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
  'a signature of zeros': withBytes((bytes) => Buffer.alloc(bytes.length)),
  'the modulus for a signature': withBytes(() => Buffer.from(POOL.jwks.keys[0].n, 'base64url')),
  'no signature': each(({ header, payload }) => `${header}.${payload}.`),
  'a signature of the claims alone': each(({ header, payload }) => `${header}.${payload}.${sign('sha256', Buffer.from(payload), POOL.privateKey('key-1')).toString('base64url')}`),
  'a fourth part': each((parts) => `${join(parts)}.${parts.signature}`),
};
