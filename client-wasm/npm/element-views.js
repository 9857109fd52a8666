// What the element shows for each step, as plain values: a heading, fields, and what is sent.
import { requestPasskey } from './passkey.js';
import { fill, nameOf } from './words.js';

const HEADINGS = { sms: 'checkMessages', authenticator: 'openAuthenticator' };
const CHOICES = { firstFactor: 'howToSignIn', secondFactor: 'howToConfirm', setUp: 'whatToSetUp' };
const OPTIONS = {
  PASSWORD: 'byPassword',
  PASSWORD_SRP: 'byPassword',
  EMAIL_OTP: 'byEmail',
  SMS_OTP: 'byMessage',
  SMS_MFA: 'byMessage',
  SOFTWARE_TOKEN_MFA: 'byAuthenticator',
  WEB_AUTHN: 'byPasskey',
};
// How browsers fill in what the pool calls otherwise.
const AUTOFILL = {
  name: 'name',
  given_name: 'given-name',
  family_name: 'family-name',
  nickname: 'nickname',
  birthdate: 'bday',
  phone_number: 'tel',
  email: 'email',
};
const TYPES = { birthdate: 'date', phone_number: 'tel', email: 'email' };
const AUTHENTICATOR_DIGITS = 6;

// `situation` has the `flow`, the `username`, the `issuer`, the option that was `picked`, and
// whether a code was `resent`.
export function viewOf(step, situation, words) {
  const { kind } = step ?? { kind: 'start' };
  return VIEWS[kind](step, situation, words);
}

const VIEWS = {
  start: (_step, { flow, username, start }, words) => ({
    heading: words.signIn,
    fields: [
      { ...userField(words), value: username },
      ...(flow === 'choice' ? [] : [passwordField(words)]),
    ],
    submit: words.next,
    send: start,
  }),

  code: (step, { resent }, words) => ({
    heading: words[HEADINGS[step.medium] ?? 'checkEmail'],
    text: whereItWent(step, words),
    fields: [codeField(step.codeLength ?? digitsOf(step), words)],
    submit: words.confirm,
    problem: step.wrong ? whatIsWrong(step, words) : undefined,
    note: resent ? (step.sent ? words.resent : words.notResent) : undefined,
    // A wrong code is corrected before it is sent again.
    sendsItself: !step.wrong,
    timed: step,
    again: true,
    send: ({ code }) => step.answer(code),
  }),

  newPassword: (step, { username }, words) => ({
    heading: words.chooseNewPassword,
    text: words.wasTemporary,
    fields: [
      { name: 'password', label: words.newPassword, type: 'password', autocomplete: 'new-password' },
      ...step.requiredAttributes.map((name) => attributeField(name, step.attributes[name], words)),
    ],
    username,
    submit: words.save,
    problem: step.rejected && fill(words.notAccepted, { reason: step.rejected }),
    again: true,
    send: ({ password, ...attributes }) => step.answer(password, { attributes }),
  }),

  choice: (step, { picked, pick, username }, words) =>
    picked ? pickedView(step, picked, pick, username, words) : choiceView(step, pick, words),

  password: (step, { username }, words) => ({
    heading: words.enterPassword,
    fields: [passwordField(words)],
    username,
    submit: words.next,
    again: true,
    send: ({ password }) => step.answer(password),
  }),

  authenticator: (step, { issuer, username }, words) => ({
    heading: words.setUpAuthenticator,
    text: words.addToApp,
    secret: { text: step.secret, uri: step.uri({ issuer, account: username }) },
    fields: [codeField(AUTHENTICATOR_DIGITS, words)],
    submit: words.confirm,
    problem: step.wrong ? words.wrongCode : undefined,
    again: true,
    send: ({ code }) => step.answer(code),
  }),

  passkey: (step, _situation, words) => ({
    heading: words.usePasskey,
    text: words.deviceWillAsk,
    fields: [],
    submit: words.usePasskeyNow,
    again: true,
    send: async (_values, signal) => step.answer(await requestPasskey(step.options, { signal })),
  }),

  challenge: (_step, _situation, words) => ({
    heading: words.oneMoreStep,
    text: words.noForm,
    fields: [],
    again: true,
  }),

  signedIn: ({ user }, _situation, words) => ({
    heading: words.signedIn,
    text: fill(words.signedInAs, { name: user.email ?? user.username }),
    fields: [],
  }),
};

function choiceView(step, pick, words) {
  // The two passwords are one to a person, and the one that stays here is the better one.
  const options = step.options.filter(
    (option) => option !== 'PASSWORD' || !step.options.includes('PASSWORD_SRP'),
  );
  return {
    heading: words[CHOICES[step.purpose]],
    fields: [],
    options: options.map((option) => ({
      label: words[OPTIONS[option]] ?? option,
      choose: () => (inputOf(step, option) ? pick(option) : step.choose(option)),
    })),
    again: true,
  };
}

// An option that needs something beside.
function pickedView(step, option, pick, username, words) {
  const input = inputOf(step, option);
  const isPassword = input === 'password';
  return {
    heading: isPassword ? words.enterPassword : words.byEmail,
    fields: [isPassword ? passwordField(words) : attributeField('email', undefined, words)],
    username: isPassword ? username : undefined,
    submit: words.next,
    back: () => pick(undefined),
    again: true,
    send: (values) => step.choose(option, values),
  };
}

function inputOf({ purpose }, option) {
  if (option.startsWith('PASSWORD')) return 'password';
  return purpose === 'setUp' && option === 'EMAIL_OTP' ? 'email' : undefined;
}

function whereItWent({ medium, sentTo }, words) {
  if (medium === 'authenticator') return words.enterShown;
  return sentTo ? fill(words.sentTo, { to: sentTo }) : words.sent;
}

function whatIsWrong({ expiresAt }, words) {
  return expiresAt?.getTime() <= Date.now() ? words.expiredCode : words.wrongCode;
}

function digitsOf({ medium }) {
  return medium === 'authenticator' ? AUTHENTICATOR_DIGITS : undefined;
}

function userField(words) {
  return { name: 'username', label: words.username, type: 'text', autocomplete: 'username' };
}

function passwordField(words) {
  return {
    name: 'password',
    label: words.password,
    type: 'password',
    autocomplete: 'current-password',
  };
}

function codeField(digits, words) {
  return { name: 'code', label: words.code, type: 'text', autocomplete: 'one-time-code', digits };
}

function attributeField(name, value = '', words) {
  return {
    name,
    label: nameOf(name, words),
    type: TYPES[name] ?? 'text',
    autocomplete: AUTOFILL[name] ?? 'off',
    value,
  };
}
