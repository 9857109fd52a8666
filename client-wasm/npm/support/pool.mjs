// A pool in JavaScript that plays the other side, on BigInt and node:crypto: it shares no code
// with the module under test. Used as the `fetch` of a client.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Grants, refusal, result, USER_ID } from './grants.mjs';

export { refusal };

const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD' +
  'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED' +
  'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F' +
  '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
  'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510' +
  '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7' +
  'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C' +
  'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
export const PASSWORD = 'Correct-Horse-9';
export const CODE = '012345';
export const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hmac = (key, ...parts) => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const toInt = (bytes) => BigInt(`0x${bytes.toString('hex') || '0'}`);
function pad(n) {
  let hex = n.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex[0], 16) > 7) hex = `00${hex}`;
  return Buffer.from(hex, 'hex');
}
function power(base, exponent) {
  let result = 1n;
  for (let square = base % N; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

// What a pool stores of its one user.
const USER = (() => {
  const salt = toInt(randomBytes(16));
  const identity = sha256('Example1', USER_ID, ':', PASSWORD);
  return { group: 'Example1', id: USER_ID, salt, v: power(2n, toInt(sha256(pad(salt), identity))) };
})();
export const NEW_DEVICE = { DeviceKey: 'us-east-1_0a1b2c3d-0000', DeviceGroupKey: '-Group1234' };

export class Pool {
  // Every request as it came: { target, headers, body }.
  requests = [];
  // Called with (operation, reply, request); may return another reply, a Response, or throw.
  edit = (_operation, reply) => reply;
  // Device keys with their salts and verifiers.
  devices = new Map();
  // Whether the person has to agree to a device.
  confirms = false;
  #wrong = 0;
  #handshake;
  #session;
  #attempts;
  #b;

  // A short `b` makes the pool quick; nothing else about it changes.
  constructor({ attempts = 3, bytesOfB = 64, grants = new Grants() } = {}) {
    this.grants = grants;
    this.#attempts = attempts;
    this.#b = toInt(randomBytes(bytesOfB));
  }

  get options() {
    return {
      userPoolId: 'us-east-1_Example1',
      clientId: 'exampleclient',
      fetch: (request) => this.fetch(request),
    };
  }

  async fetch(request) {
    const body = JSON.parse(await request.text());
    const target = request.headers.get('X-Amz-Target');
    this.requests.push({ target, headers: request.headers, body, url: request.url });
    const operation = body.ChallengeName ?? target.split('.')[1];
    const known = this.grants.answer(target.split('.')[1], body);
    const reply = await this.edit(operation, known ?? this.#reply(body, operation), request);
    if (reply instanceof Response) return reply;
    const { status = 200, headers = {}, ...json } = reply;
    return Response.json(json, { status, headers: { 'x-amzn-RequestId': 'request-7', ...headers } });
  }

  #reply(body, operation) {
    const handle = body.ChallengeResponses?.PASSWORD_CLAIM_SECRET_BLOCK;
    const known = this.#session ?? this.#handshake?.secretBlock.toString('base64');
    if (body.ChallengeName && (body.Session ?? handle) !== known) return refusal('Invalid session for the user.');
    const deviceKey = (body.AuthParameters ?? body.ChallengeResponses)?.DEVICE_KEY;
    if (deviceKey && !this.devices.has(deviceKey)) {
      return refusal('Device does not exist.', 'ResourceNotFoundException');
    }
    this.#session = `session-${randomBytes(16).toString('hex')}`;
    switch (operation) {
      case 'InitiateAuth':
        return this.#begin(body);
      case 'PASSWORD_VERIFIER':
        return this.#accepts(body.ChallengeResponses) ? this.#ask(true) : refusal('Incorrect username or password.');
      case 'PASSWORD_SRP':
        return this.#challenge('PASSWORD_VERIFIER', USER, body.ChallengeResponses.SRP_A);
      case 'SELECT_CHALLENGE': {
        const { ANSWER, SRP_A } = body.ChallengeResponses;
        if (ANSWER === 'PASSWORD_SRP') return this.#challenge('PASSWORD_VERIFIER', USER, SRP_A);
        return ANSWER === 'PASSWORD' ? tokens() : this.challenge(ANSWER);
      }
      case 'SELECT_MFA_TYPE':
        return this.challenge(body.ChallengeResponses.ANSWER);
      case 'DEVICE_SRP_AUTH':
        return this.#challenge('DEVICE_PASSWORD_VERIFIER', this.devices.get(deviceKey), body.ChallengeResponses.SRP_A);
      case 'DEVICE_PASSWORD_VERIFIER':
        return this.#accepts(body.ChallengeResponses) ? tokens() : refusal('Incorrect username or password.');
      case 'ConfirmDevice': {
        const { Salt, PasswordVerifier } = body.DeviceSecretVerifierConfig;
        const [salt, v] = [Salt, PasswordVerifier].map((text) => toInt(Buffer.from(text, 'base64')));
        this.devices.set(body.DeviceKey, { group: NEW_DEVICE.DeviceGroupKey, id: body.DeviceKey, salt, v });
        return { UserConfirmationNecessary: this.confirms };
      }
      case 'UpdateDeviceStatus':
        return {};
      case 'AssociateSoftwareToken':
        return { SecretCode: SECRET, Session: this.#session };
      case 'VerifySoftwareToken':
        return body.UserCode === CODE
          ? { Status: 'SUCCESS', Session: this.#session }
          : refusal('Code mismatch and fail enable Software Token MFA', 'EnableSoftwareTokenMFAException');
      case 'CUSTOM_CHALLENGE':
        if (body.ClientMetadata?.action === 'resend') return this.#ask(true);
        if (body.ChallengeResponses.ANSWER === CODE) return this.grants.begin();
        this.#wrong += 1;
        return this.#wrong === this.#attempts ? refusal('Incorrect username or password.') : this.#ask(false);
      default:
        // A test says by its edit what follows.
        return tokens();
    }
  }

  // Another challenge, with a session that fits.
  challenge(ChallengeName, ChallengeParameters = {}) {
    return { ChallengeName, Session: this.#session, ChallengeParameters };
  }

  #begin({ AuthFlow, AuthParameters: { SRP_A } }) {
    if (SRP_A === undefined) {
      const AvailableChallenges = ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'];
      return { ...this.challenge('SELECT_CHALLENGE'), AvailableChallenges };
    }
    // There the secret block is the handle.
    if (AuthFlow === 'USER_SRP_AUTH') this.#session = undefined;
    return this.#challenge('PASSWORD_VERIFIER', USER, SRP_A);
  }

  #challenge(name, { group, id, salt, v }, srpA) {
    const A = BigInt(`0x${srpA}`);
    const b = this.#b;
    const k = toInt(sha256(pad(N), pad(2n)));
    const B = (k * v + power(2n, b)) % N;
    const u = toInt(sha256(pad(A), pad(B)));
    const S = power((A * power(v, u)) % N, b);
    const key = hmac(hmac(pad(u), pad(S)), 'Caldera Derived Key', '\u0001').subarray(0, 16);
    const secretBlock = randomBytes(700);
    this.#handshake = { key, secretBlock, group, id };
    return this.challenge(name, {
      SALT: salt.toString(16),
      SRP_B: B.toString(16),
      SECRET_BLOCK: secretBlock.toString('base64'),
      ...(id === USER_ID ? { USER_ID_FOR_SRP: USER_ID } : {}),
      USERNAME: USER_ID,
    });
  }

  #accepts({ USERNAME, TIMESTAMP, ...claim }) {
    const { key, secretBlock, group, id } = this.#handshake;
    const expected = hmac(key, group, id, secretBlock, TIMESTAMP).toString('base64');
    return (
      USERNAME === USER_ID &&
      claim.PASSWORD_CLAIM_SECRET_BLOCK === secretBlock.toString('base64') &&
      claim.PASSWORD_CLAIM_SIGNATURE === expected
    );
  }

  #ask(sent) {
    return {
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session: this.#session,
      ChallengeParameters: {
        USERNAME: USER_ID,
        CODE_DELIVERY_DESTINATION: 'u***@e***',
        CODE_LENGTH: '6',
        CODE_SENT: String(sent),
        EXPIRES_IN: '180',
        ATTEMPTS_LEFT: String(this.#attempts - this.#wrong),
        RESEND_IN: '30',
      },
    };
  }
}

// The tokens of a sign-in, with these claims beside the pool's own.
export function tokens(claims = { email: 'user@example.com', name: 'Zoë' }) {
  return { AuthenticationResult: result(claims, { RefreshToken: 'refresh' }), ChallengeParameters: {} };
}
