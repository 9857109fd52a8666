// The usual way of a sign-in: the password, a code, the tokens. What this does, the crate `protocol`
// does too, and is the measure of it: conversation.test.mjs holds the two together. It is written
// twice because compiled from there it would be four times as large, and every page loads it.
// Whatever else a pool asks is left to the crate `challenges`, which is loaded then.
import { inParts } from './parts.js';
import { CODES as COMMON, exceptionOf, triggerOf } from './refusal.js';
import { bad, bytes, error, first, fromBase64, isFit, member, parameter, session, text, utf8 } from './reply.js';

// What a code answers, by `ChallengeName`: what the answer is called, and where the code comes
// from. The triggers of a custom challenge say so themselves.
const CODES = {
  CUSTOM_CHALLENGE: ['ANSWER'],
  EMAIL_OTP: ['EMAIL_OTP_CODE', 'email'],
  SMS_OTP: ['SMS_OTP_CODE', 'sms'],
  SMS_MFA: ['SMS_MFA_CODE', 'sms'],
  SOFTWARE_TOKEN_MFA: ['SOFTWARE_TOKEN_MFA_CODE', 'authenticator'],
};

// What an exception means here, beyond those that mean the same wherever they come.
const MEANINGS = {
  ...COMMON,
  UserNotFoundException: 'bad_credentials',
  ExpiredCodeException: 'session_expired',
  CodeDeliveryFailureException: 'mail_not_sent',
  InvalidUserPoolConfigurationException: 'misconfigured',
  MFAMethodNotFoundException: 'misconfigured',
  SoftwareTokenMFANotFoundException: 'misconfigured',
  InvalidSmsRoleAccessPolicyException: 'misconfigured',
  InvalidSmsRoleTrustRelationshipException: 'misconfigured',
  InvalidEmailRoleAccessPolicyException: 'misconfigured',
};

// As the class of the same name in the crate `challenges`, with which it shares its callers.
export class SignIn {
  #poolId;
  #clientId;
  #username;
  #password;
  #custom;
  #ephemeral;
  #metadata = [];
  // The request that is ready.
  #ready;
  // What reads the reply that is awaited, and what a refusal means there.
  #read;
  #refused;
  // The code that is asked for: its challenge, session, reason and details.
  #question;

  // `password` is UTF-8; `flow` is `custom` or `srp`; `ephemeral` is of the wasm module, and spent.
  constructor(poolId, clientId, username, password, flow, ephemeral) {
    const length = [...username].length;
    if (!/^[A-Za-z0-9-]+_[A-Za-z0-9]+$/.test(poolId) || poolId.length > 55) {
      throw misuse('userPoolId', 'a region, `_` and letters or digits', quoted(poolId));
    }
    if (!/^[\w+]{1,128}$/.test(clientId)) throw misuse('clientId', '1 to 128 letters or digits', quoted(clientId));
    if (length < 1 || length > 128 || /\p{Cc}/u.test(username)) {
      throw misuse('username', '1 to 128 printable characters', `a length of ${length}`);
    }
    if (!(password?.length >= 1 && password.length <= 1024)) {
      throw misuse('password', '1 to 1024 bytes', password ? `a length of ${password.length}` : 'nothing');
    }
    this.#poolId = poolId;
    this.#clientId = clientId;
    this.#username = username;
    this.#password = new Uint8Array(password);
    this.#custom = flow === 'custom';
    this.#ephemeral = ephemeral;
    const AuthParameters = {
      USERNAME: username,
      SRP_A: ephemeral.publicHex(),
      ...(this.#custom && { CHALLENGE_NAME: 'SRP_A' }),
    };
    const AuthFlow = this.#custom ? 'CUSTOM_AUTH' : 'USER_SRP_AUTH';
    this.#send('InitiateAuth', { AuthFlow, AuthParameters }, (body, time) => this.#prove(body, time), 'bad_credentials');
  }

  withClientMetadata(key, value) {
    if (key === 'action') throw misuse('clientMetadata', 'keys other than `action`', quoted(key));
    this.#metadata.push([key, value]);
  }

  // Hands out the request that is ready, once.
  request(userContext) {
    const { target, input, once } = this.#ready ?? spent('there is no request to send');
    this.#ready = undefined;
    const body = JSON.stringify(userContext === undefined ? input : { ...input, UserContextData: { EncodedData: userContext } });
    return { target: `AWSCognitoIdentityProviderService.${target}`, body, once };
  }

  // Reads a reply: its status, its header `x-amzn-ErrorType`, its body as JSON.parse gives it, the
  // time of its header `Date` and now, in seconds since 1970. Gives the step, or nothing if another
  // request is ready; where it has to prove the password, it promises that.
  receive(status, errorType, body, date, now) {
    const read = this.#read ?? spent('no reply is awaited');
    this.#read = undefined;
    const object = typeof body === 'object' && body !== null && !Array.isArray(body);
    const exception = exceptionOf(errorType, body);
    if (status !== 200 || exception) return this.#ask(refusal(status, exception, body, this.#refused));
    if (!object) throw bad('body', 'a JSON object');
    return read(body, date ?? now);
  }

  answer(typed) {
    const question = this.#question ?? spent('no answer is awaited');
    this.#respond(question, readCode(typed, question), question);
  }

  resend() {
    const question = this.#question ?? spent('no code is awaited');
    if (question.resendIn === undefined) throw error('invalid_argument', 'the pool offers no new code');
    // The answer is not compared; Cognito only wants one that is not empty.
    this.#respond(question, 'resend', { ...question, resent: true });
  }

  username() {
    return this.#username;
  }

  free() {
    this.#forget();
    this.#ready = this.#read = this.#question = undefined;
  }

  // What has done its part. With `a` and what was sent, a password can be guessed at leisure.
  #forget() {
    this.#password?.fill(0);
    this.#ephemeral?.free();
    this.#password = this.#ephemeral = undefined;
  }

  async #prove(body, time) {
    if (text(body, 'ChallengeName') !== 'PASSWORD_VERIFIER') {
      throw bad('ChallengeName', 'PASSWORD_VERIFIER, which DefineAuthChallenge has to ask for after SRP_A');
    }
    // In the flow `srp`, the secret block is the handle.
    const Session = session(body, this.#custom);
    const userId = parameter(body, 'USER_ID_FOR_SRP', 2048);
    const srpB = parameter(body, 'SRP_B', 768);
    if (!/^[0-9a-f]+$/i.test(srpB)) throw badB();
    const salt = parameter(body, 'SALT', 65);
    if (!/^-?[0-9a-f]{1,64}$/i.test(salt)) throw bad('SALT', 'a hexadecimal number of at most 64 digits');
    const secretBlock = parameter(body, 'SECRET_BLOCK', 8192);
    const timestamp = timestampOf(time);
    const claim = Uint8Array.from(fromBase64(secretBlock) + timestamp, (char) => char.charCodeAt(0));
    const name = utf8(this.#poolId.split('_')[1] + userId);
    const signature = await this.#sign(utf8(srpB), utf8(salt), name, claim);
    const username = text(body, 'ChallengeParameters', 'USERNAME');
    this.#username = isFit(username, 2048) ? username : userId;
    this.#challenge('PASSWORD_VERIFIER', Session, {
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      PASSWORD_CLAIM_SIGNATURE: btoa(String.fromCharCode(...signature)),
      TIMESTAMP: timestamp,
    }, 'bad_credentials');
  }

  // Nobody else frees it meanwhile.
  async #sign(srpB, salt, name, claim) {
    const ephemeral = this.#ephemeral;
    this.#ephemeral = undefined;
    try {
      const agrees = ephemeral.agree(srpB, salt, name, this.#password);
      this.#forget();
      if (!agrees) throw badB();
      await inParts(() => ephemeral.advance());
      return ephemeral.sign(name, claim);
    } finally {
      ephemeral.free();
    }
  }

  #respond({ challenge, session }, answer, answered) {
    this.#challenge(challenge, session, { [CODES[challenge][0]]: answer }, 'code_attempts_exceeded', answered);
    this.#question = undefined;
  }

  #challenge(ChallengeName, Session, responses, refused, answered) {
    const metadata = answered?.resent ? [...this.#metadata, ['action', 'resend']] : this.#metadata;
    this.#send('RespondToAuthChallenge', {
      ChallengeName,
      Session,
      ChallengeResponses: { ...responses, USERNAME: this.#username },
      ...(metadata.length > 0 && { ClientMetadata: Object.fromEntries(metadata) }),
    }, (body) => this.#outcome(body, answered), refused, answered);
  }

  #send(target, input, read, refused, answered) {
    this.#ready = { target, input: { ClientId: this.#clientId, ...input }, once: target !== 'InitiateAuth' };
    this.#read = read;
    this.#refused = { code: refused, answered };
  }

  // After the password, and after every answer: tokens, or another question.
  #outcome(body, answered) {
    const name = text(body, 'ChallengeName');
    if (name === undefined) return signedIn(body);
    if (text(body, 'AuthenticationResult', 'AccessToken') !== undefined) {
      throw bad('ChallengeName', 'no challenge beside the tokens');
    }
    if (name === '') throw bad('ChallengeName', 'the name of a challenge');
    const username = text(body, 'ChallengeParameters', 'USERNAME');
    if (isFit(username, 2048)) this.#username = username;
    const Session = session(body, name === 'CUSTOM_CHALLENGE');
    return Session !== undefined && Object.hasOwn(CODES, name)
      ? this.#ask(questionOf(name, Session, body, answered))
      : { kind: 'other' };
  }

  #ask(question) {
    this.#question = question;
    const { challenge, session, resent, ...step } = question;
    return step;
  }
}

function questionOf(challenge, session, body, answered) {
  const told = (name) => text(body, 'ChallengeParameters', name);
  const number = (name) => {
    const digits = told(name);
    return /^\+?[0-9]+$/.test(digits) && Number(digits) < 2 ** 32 ? Number(digits) : undefined;
  };
  const again = answered?.challenge === challenge;
  const [, implied] = CODES[challenge];
  const medium = member({ EMAIL: 'email', SMS: 'sms' }, told('CODE_DELIVERY_DELIVERY_MEDIUM')) ?? implied;
  const length = number('CODE_LENGTH');
  return known({
    challenge,
    session,
    kind: 'code',
    medium,
    wrong: again && !answered.resent,
    sent: medium !== 'authenticator' && (again ? answered.resent === true && told('CODE_SENT') === 'true' : true),
    sentTo: first(told('CODE_DELIVERY_DESTINATION'), 320) || undefined,
    codeLength: length >= 1 && length <= 64 ? length : undefined,
    attemptsLeft: number('ATTEMPTS_LEFT'),
    expiresIn: number('EXPIRES_IN'),
    resendIn: number('RESEND_IN'),
  });
}

// What the person typed or pasted. If the pool has told the number of digits, there must be just as
// many; a trigger that has not may have asked for anything.
function readCode(typed, { challenge, codeLength }) {
  if (codeLength === undefined && challenge === 'CUSTOM_CHALLENGE') {
    const answer = trimmed(typed);
    const length = bytes(answer);
    if (length < 1 || length > 2048) throw misuse('code', '1 to 2048 bytes', `a length of ${length}`);
    return answer;
  }
  const digits = typed.replace(/[\p{White_Space}-]/gu, '');
  const fits = codeLength === undefined ? digits.length <= 64 : digits.length === codeLength;
  if (!fits || !/^[0-9]+$/.test(digits)) {
    throw misuse('code', 'the digits of the code', `a length of ${[...trimmed(typed)].length}`);
  }
  return digits;
}

// Without white space at its ends, by Unicode's own definition.
function trimmed(typed) {
  return typed.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}

function signedIn(body) {
  const told = (name) => text(body, 'AuthenticationResult', name);
  const token = (name) => {
    const value = told(name);
    if (value?.split('.').length !== 3) throw bad(name, 'a token of three parts');
    return value;
  };
  const expiresIn = member(member(body, 'AuthenticationResult'), 'ExpiresIn');
  if (!(typeof expiresIn === 'number' && expiresIn >= 1 && expiresIn <= 86_400)) {
    throw bad('ExpiresIn', 'a number of seconds, 1 to 86400');
  }
  const [deviceKey, deviceGroupKey] = ['DeviceKey', 'DeviceGroupKey'].map((name) => {
    const value = text(body, 'AuthenticationResult', 'NewDeviceMetadata', name);
    return value?.length <= 256 ? value : undefined;
  });
  return known({
    kind: 'signedIn',
    accessToken: token('AccessToken'),
    idToken: token('IdToken'),
    refreshToken: told('RefreshToken') || undefined,
    tokenType: told('TokenType') || 'Bearer',
    expiresIn: Math.floor(expiresIn),
    device: deviceKey && deviceGroupKey ? { newDevice: { deviceKey, deviceGroupKey } } : {},
  });
}

// The question again if it is still open, or throws.
function refusal(status, exception, body, { code, answered }) {
  if (exception === 'CodeMismatchException' && answered && !answered.resent) {
    return { ...answered, wrong: true, sent: false };
  }
  const message = text(body, 'message') ?? text(body, 'Message') ?? '';
  const trigger = triggerOf(message);
  const means = meaning(status, exception, message, trigger, code);
  // A refusal of Cognito's own has a name, or a status that says enough.
  if (!exception && means === 'refused') throw bad('status', '200, or the name of an exception');
  throw {
    code: means,
    message: (exception || 'the pool refused') + (message && `: ${first(message, 1024)}`),
    exception,
    trigger,
  };
}

function meaning(status, exception, message, trigger, likely) {
  const refused = exception === 'NotAuthorizedException';
  if (exception === 'UserLambdaValidationException' || (refused && trigger)) {
    // The triggers' errors reach us as text. These have a meaning of their own.
    if (message.includes('MAIL_NOT_SENT')) return 'mail_not_sent';
    if (message.includes('TOO_MANY_MAILS')) return 'limit_exceeded';
    return message.includes('TOO_MANY_ATTEMPTS') ? 'locked_out' : 'trigger_failed';
  }
  if (refused) {
    // One exception with many meanings, told apart by text alone.
    if (message.startsWith('Invalid session')) return message.includes('only be used once') ? 'session_used' : 'session_expired';
    if (/secret/i.test(message)) return 'misconfigured';
    return member({ 'Password attempts exceeded': 'locked_out', 'User is disabled.': 'user_disabled' }, message) ?? likely;
  }
  // The same exception serves for pools and clients.
  if (exception === 'ResourceNotFoundException' && message === 'Device does not exist.') return 'device_refused';
  return member(MEANINGS, exception) ?? member({ 403: 'forbidden', 429: 'throttled' }, status) ?? (status >= 500 ? 'pool_unavailable' : 'refused');
}

// `EEE MMM d HH:mm:ss UTC yyyy`, in every locale.
function timestampOf(seconds) {
  const [weekday, day, month, year, clock] = new Date(Math.min(seconds, 253_402_300_799) * 1000).toUTCString().split(/,? /);
  return `${weekday} ${month} ${Number(day)} ${clock} UTC ${year}`;
}

function known(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function quoted(value) {
  return JSON.stringify(first(value, 64));
}

function misuse(field, expected, got) {
  return error(field === 'code' ? 'invalid_code' : 'invalid_argument', `${field}: expected ${expected}, got ${got}`);
}

function badB() {
  return bad('SRP_B', 'a hexadecimal number, 0 < B < N');
}

function spent(message) {
  throw error('spent', message);
}
