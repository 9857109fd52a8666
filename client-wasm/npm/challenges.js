// All that few sign-ins come to: challenges that are no codes, devices, the flow `choice`, going on
// in a page that was reloaded. Loaded, with a wasm module of its own, when it is first needed.
import { PreparedEphemeral, SignIn } from './challenges-core.js';
import { readDevice, readNewDevice } from './device.js';
import { core, exchange, fromCore, invalidArgument, optional, Step, strings, text, usual } from './given.js';
import { readSaved } from './resume.js';

export { glue } from './challenges-core.js';
export { take } from './given.js';

// The values are in the order in which `Prompt::answer` of the crate `challenges` reads them.
const FORMS = {
  newPassword: {
    methods: {
      answer: (password, options) => [text('newPassword', password), strings('attributes', options?.attributes)],
    },
    savable: true,
  },
  choice: {
    methods: {
      choose: (option, beside) => [
        text('option', option),
        [
          ...optional('password', beside?.password).flatMap((value) => ['password', value]),
          ...optional('email', beside?.email).flatMap((value) => ['email', value]),
        ],
      ],
    },
  },
  password: { methods: { answer: (password) => [text('password', password), []] } },
  authenticator: { methods: { answer: (code) => [text('code', code), []] }, more: () => ({ uri }) },
  passkey: {
    methods: { answer: (credential) => [toJson(credential), []] },
    savable: true,
    shown: ({ options }) => ({ options: JSON.parse(options) }),
  },
  challenge: { methods: { answer: (responses) => ['', strings('responses', responses)] }, savable: true },
};

export function prepare() {
  return core(() => new PreparedEphemeral());
}

// Begins any flow, with a device or without.
export function begin({ userPoolId, clientId, username, password, clientMetadata, flow, preferred, device }, prepared) {
  const metadata = strings('clientMetadata', clientMetadata);
  const wanted = [flow, ...optional('preferred', preferred)];
  const known = readDevice(device);
  return core(() => new SignIn(userPoolId, clientId, username, password, metadata, wanted, known, prepared));
}

// Goes on where the usual conversation knows no further.
export function takeOver(username, options, question, trace) {
  const { userPoolId, clientId, clientMetadata } = options;
  try {
    const flow = SignIn.takeOver(userPoolId, clientId, username, strings('clientMetadata', clientMetadata), asked(question));
    return current(flow, options, question);
  } catch (thrown) {
    throw fromCore(thrown, trace);
  }
}

// `share` gives what the steps of a sign-in share, of what is known of it.
export function resume(saved, device, settings, share) {
  const known = readDevice(device);
  const { question, username, clientMetadata, wrong, sent } = readSaved(saved, settings);
  const { userPoolId, clientId } = settings;
  const reason = wrong ? 'wrong' : sent ? 'sent' : '';
  const flow = core(() =>
    SignIn.resume(userPoolId, clientId, username, strings('clientMetadata', clientMetadata), known, asked(question), reason),
  );
  return current(flow, share({ username, clientMetadata, device }), question);
}

export async function rememberDevice(input, settings, signal) {
  const { accessToken, newDevice, name } = readNewDevice(input);
  const { userPoolId, clientId } = settings;
  const { deviceKey, deviceGroupKey } = newDevice;
  const flow = core(() => SignIn.rememberDevice(userPoolId, clientId, accessToken, deviceKey, deviceGroupKey, name));
  try {
    return (await exchange(flow, settings, signal)).step;
  } finally {
    flow.free();
  }
}

// What the steps of a sign-in share that began here.
export function shared(options) {
  return { ...options, forms: { ...usual, ...FORMS } };
}

// The step that a flow is at already.
function current(flow, options, question) {
  return new Step(flow, shared(options), flow.step(), question);
}

function asked({ challengeName: ChallengeName, session: Session, challengeParameters: ChallengeParameters }) {
  return { ChallengeName, Session, ChallengeParameters };
}

// What authenticators read from a QR code.
function uri({ issuer, account }) {
  const label = [text('issuer', issuer), text('account', account)].map(encodeURIComponent).join(':');
  return `otpauth://totp/${label}?secret=${this.secret}&issuer=${encodeURIComponent(issuer)}`;
}

// A PublicKeyCredential writes itself as JSON where the platform is new enough.
function toJson(credential) {
  let json;
  try {
    json = Object(credential) === credential ? JSON.stringify(credential) : undefined;
  } catch {
    // It holds itself, or what JSON has not.
  }
  if (json === undefined) throw invalidArgument('credential: expected an AuthenticationResponseJSON');
  return json;
}
