// Every reply of every way to sign in: how to come to it, and how to go on from there.

import { totp } from "../support/totp.mjs";
import { wrong } from "../support/mail.mjs";
import { createPerson, createPool, PASSWORD } from "../support/people.mjs";
import { openSession, OF_TRIGGERS, ROTATING } from "./people.mjs";

/**
 * @typedef {object} Scene
 * @property {string} reply its name on the wire
 * @property {(server: object) => Promise<object>} pool where it plays
 * @property {(stage: Stage) => Promise<() => Promise<object>>} enter goes until before the reply; what it gives asks for it
 * @property {(step: object, stage: Stage) => Promise<object>} finish from the step that a good reply brings to the tokens
 */

const ofTriggers = async () => OF_TRIGGERS;
const signIn = ({ cognito, person: { username, password } }) => cognito.signIn({ username, password });
const tokens = async (step) => step.tokens;
const byCode = async (step, { person }) => (await step.answer(await person.mailed())).tokens;
const byText = async (step, { person }) => (await step.answer(await person.texted())).tokens;
const byTotp = async (step) => (await step.answer(totp(step.secret))).tokens;

const WITH_SMS = (server) => createPool(server, "choice", {}, { SmsMfaConfiguration: {} });
const WITH_DEVICES = (server) => createPool(server, "srp", { DeviceConfiguration: {} });
const WITH_TOTP = (server) =>
  createPool(server, "srp", {}, { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } });

/** @type {Record<string, Scene>} */
export const SCENES = {
  "the beginning": {
    reply: "InitiateAuth",
    pool: ofTriggers,
    enter: async (stage) => () => signIn(stage),
    finish: byCode,
  },
  "the proof of the password": {
    reply: "PASSWORD_VERIFIER",
    pool: ofTriggers,
    enter: async (stage) => () => signIn(stage),
    finish: byCode,
  },
  "a wrong code": {
    reply: "CUSTOM_CHALLENGE",
    pool: ofTriggers,
    async enter(stage) {
      const step = await signIn(stage);
      const code = wrong(await stage.person.mailed());
      return () => step.answer(code);
    },
    finish: byCode,
  },
  "a new code": {
    reply: "resend",
    pool: ofTriggers,
    async enter(stage) {
      const step = await signIn(stage);
      return () => step.resend();
    },
    finish: byCode,
  },
  "the right code": {
    reply: "CUSTOM_CHALLENGE",
    pool: ofTriggers,
    async enter(stage) {
      const step = await signIn(stage);
      const code = await stage.person.mailed();
      return () => step.answer(code);
    },
    finish: tokens,
  },
  "a refresh": {
    reply: "GetTokensFromRefreshToken",
    pool: async () => ROTATING,
    async enter(stage) {
      const session = openSession(stage.cognito);
      stage.after(() => session.close());
      await byCode(await signIn(stage), stage);
      return async () => ({ kind: "refreshed", tokens: await session.refresh() });
    },
    finish: tokens,
  },
  "the ways to begin": {
    reply: "InitiateAuth",
    pool: WITH_SMS,
    enter: async ({ cognito, person: { username } }) => () => cognito.signIn({ username }),
    finish: async (step, stage) => byText(await step.choose("SMS_OTP"), stage),
  },
  "a way that was chosen": {
    reply: "SELECT_CHALLENGE",
    pool: WITH_SMS,
    async enter({ cognito, person: { username } }) {
      const step = await cognito.signIn({ username });
      return () => step.choose("SMS_OTP");
    },
    finish: byText,
  },
  "the code of a text message": {
    reply: "SMS_OTP",
    pool: WITH_SMS,
    async enter({ cognito, person }) {
      const step = await cognito.signIn({ username: person.username, preferred: "SMS_OTP" });
      const code = await person.texted();
      return () => step.answer(code);
    },
    finish: tokens,
  },
  "a temporary password": {
    reply: "PASSWORD_VERIFIER",
    pool: (server) => createPool(server, "srp", { Schema: [{ Name: "given_name", Required: true }] }),
    temporary: true,
    enter: async (stage) => () => signIn(stage),
    finish: async (step) => (await step.answer(PASSWORD, { attributes: { given_name: "Ada" } })).tokens,
  },
  "an authenticator's secret": {
    reply: "AssociateSoftwareToken",
    pool: WITH_TOTP,
    async enter(stage) {
      const choice = await signIn(stage);
      return () => choice.choose("SOFTWARE_TOKEN_MFA");
    },
    finish: byTotp,
  },
  "an authenticator's first code": {
    reply: "VerifySoftwareToken",
    pool: WITH_TOTP,
    async enter(stage) {
      const choice = await signIn(stage);
      const step = await choice.choose("SOFTWARE_TOKEN_MFA");
      return () => step.answer(totp(step.secret));
    },
    finish: tokens,
  },
  "a device that is remembered": {
    reply: "ConfirmDevice",
    pool: WITH_DEVICES,
    async enter(stage) {
      const { tokens: { accessToken }, newDevice } = await signIn(stage);
      return () => stage.cognito.rememberDevice({ accessToken, newDevice });
    },
    finish: (device, stage) => withDevice(stage, device),
  },
  "a device that begins its proof": {
    reply: "DEVICE_SRP_AUTH",
    pool: WITH_DEVICES,
    enter: byDevice,
    finish: tokens,
  },
  "a device that has proved itself": {
    reply: "DEVICE_PASSWORD_VERIFIER",
    pool: WITH_DEVICES,
    enter: byDevice,
    finish: tokens,
  },
};

/** One client in one scene, with somebody new at each take. */
export class Stage {
  #server;
  #scene;
  #after = [];

  constructor(server, pool, cognito, scene) {
    this.#server = server;
    this.pool = pool;
    this.#scene = scene;
    this.cognito = cognito;
  }

  /** What is done when the take is over. */
  after(work) {
    this.#after.push(work);
  }

  /** Goes until before the reply. What it gives asks for it. */
  async enter() {
    for (const work of this.#after.splice(0)) work();
    this.person = await createPerson(this.#server, this.pool, { temporary: this.#scene.temporary });
    return this.#scene.enter(this);
  }

  /** Goes on until there are tokens. */
  finish(step) {
    return this.#scene.finish(step, this);
  }
}

async function byDevice(stage) {
  const { tokens: { accessToken }, newDevice } = await signIn(stage);
  const device = await stage.cognito.rememberDevice({ accessToken, newDevice });
  const { cognito, person: { username, password } } = stage;
  return () => cognito.signIn({ username, password, device });
}

async function withDevice({ cognito, person: { username, password } }, device) {
  const step = await cognito.signIn({ username, password, device });
  return step.tokens;
}
