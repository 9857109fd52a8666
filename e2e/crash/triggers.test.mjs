// Triggers that are killed in the middle of a call, at each step of it, once and as often as Cognito tries:
// Cognito's error, no second code that works too, no attempt given back, and the next sign-in works.
// `POINTS=all` takes every step of every trigger.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CLIENT_ID, POOL_ID, PROGRAM, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { Cognito } from "./people.mjs";

const EXECUTABLES = {
  define: "define-auth-challenge",
  create: "create-auth-challenge",
  verify: "verify-auth-challenge-response",
};
const COGNITOS = {
  define: "DefineAuthChallenge",
  create: "CreateAuthChallenge",
  verify: "VerifyAuthChallengeResponse",
};
/** What each asks of others in one call, in this order. */
const CALLS = {
  define: ["response"],
  create: ["GetItem 1", "PutItem 1", "outbound-emails 1", "GetItem 2", "PutItem 2", "response"],
  verify: ["GetItem 1", "PutItem 1", "GetItem 2", "PutItem 2", "response"],
};
const moments = (calls) => calls.flatMap((call) => [`BEFORE ${call}`, `AFTER ${call}`]);
const CREATES = moments(CALLS.create);
const POINTS = Object.entries(CALLS).flatMap(([trigger, calls]) =>
  moments(calls).map((point) => ({ trigger, point })));
/** Cognito tries three times. */
const TRIES = 3;
/** Until the next mail may be sent, and until so many may be that there is always one more, in seconds. */
const NEXT_MAIL = 31;
const NEXT_MAILS = 721;
/** Wrong codes of one user in a day. */
const MOST_WRONG = 10;
const TOO_MANY_MAILS = /^CreateAuthChallenge failed with error TOO_MANY_MAILS\.$/;

const folder = mkdtempSync(path.join(tmpdir(), "triggers-"));
let server;
let people = 0;

before(async () => {
  const mortal = fileURLToPath(new URL("mortal.mjs", import.meta.url));
  const triggers = path.dirname(PROGRAM);
  const flags = Object.entries(EXECUTABLES).flatMap(([trigger, executable]) => {
    plan(trigger, 0, "never");
    const command = [process.execPath, mortal, folder, trigger, path.join(triggers, executable)];
    return ["--trigger", `${trigger}=${command.map((word) => `'${word}'`).join(" ")}`];
  });
  server = await startLocalCognito(...flags);
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test("a trigger that is killed once is called again, and there is one code, which signs in", async () => {
  const points = POINTS.filter((each) => !isUsedUp(each));
  for (const { trigger, point } of tested(points, ["BEFORE PutItem 1", "AFTER outbound-emails 1"])) {
    const person = await createPerson();
    plan(trigger, 1, point);
    assert.equal((await person.signInWithCode()).kind, "signedIn", `${trigger} ${point}`);
    assert.equal(deathsToCome(trigger), 0, `${trigger} ${point}: it was killed`);
    assert.equal(new Set(await person.codes()).size, 1, `${trigger} ${point}: one code`);
  }
});

test("a code whose judge is killed once it is accepted is used up, and the next one signs in", async () => {
  for (const { trigger, point } of tested(POINTS.filter(isUsedUp), ["AFTER PutItem 2"])) {
    const person = await createPerson();
    plan(trigger, 1, point);
    let step = await person.signInWithCode();
    assertWrong(step, point);
    assert.equal(deathsToCome(trigger), 0, `${point}: it was killed`);
    step = await step.answer((await person.codes()).at(-1));
    assertWrong(step, point);
    assert.equal((await person.signInWithCode()).kind, "signedIn", point);
  }
});

test("a trigger that is killed at every try is Cognito's error, and the next sign-in has one code", async () => {
  const points = POINTS.filter(({ point }) => point !== "AFTER response");
  for (const { trigger, point } of tested(points, ["AFTER outbound-emails 1", "BEFORE response"])) {
    const person = await createPerson();
    plan(trigger, TRIES, point);
    const outcome = await person.signInWithCode().catch((error) => error);
    if (point === "AFTER PutItem 2") {
      // The next try finds all done, and has nothing left to write and to be killed at.
      assert.equal(outcome.kind, trigger === "create" ? "signedIn" : "code", `${trigger} ${point}`);
    } else {
      assert.equal(outcome.trigger, COGNITOS[trigger], `${trigger} ${point}: ${outcome}`);
      const expected = isReserved({ trigger, point }) ? TOO_MANY_MAILS : killed(COGNITOS[trigger]);
      assert.match(person.refusal(), expected, `${trigger} ${point}`);
    }
    plan(trigger, 0, "never");

    const former = await person.codes();
    assert.ok(new Set(former).size <= 1, `${trigger} ${point}: one code`);
    await server.advance(NEXT_MAIL);
    let step = await person.signIn();
    const code = (await person.codes()).at(-1);
    if (former.length > 0 && former[0] !== code) {
      step = await step.answer(former[0]);
      assertWrong(step, `${trigger} ${point}: the former code is none`);
    }
    assert.equal((await step.answer(code)).kind, "signedIn", `${trigger} ${point}`);
  }
});

test("a wrong code whose judge is killed counts, and locks as if nobody had been killed, or earlier", async () => {
  const once = ["never", ...moments(["GetItem 1"]), "BEFORE PutItem 1"].map((point) => ({ point, open: MOST_WRONG - 1 }));
  // Counted at both tries, unless the second one comes too late for the table.
  const twice = ["AFTER PutItem 1", "BEFORE response"].map((point) => ({ point, open: MOST_WRONG / 2 - 1 }));
  for (const { point, open } of tested([...once, ...twice], ["BEFORE response"])) {
    const lucky = await createPerson();
    assert.equal((await guessAndKnow(lucky, open, point)).kind, "signedIn", point);
    const locked = await createPerson();
    const outcome = await guessAndKnow(locked, MOST_WRONG, point).catch((error) => error);
    const isRefused = outcome.wrong === true || outcome.code === "code_attempts_exceeded" ||
      /TOO_MANY_ATTEMPTS/.test(locked.refusal());
    assert.ok(isRefused && outcome.kind !== "signedIn", `${point}: ${outcome.message ?? outcome.kind}`);
  }
});

/** All cases in the long form; else those at the points that tell most. */
function tested(cases, usual, pointOf = ({ point }) => point) {
  return process.env.POINTS === "all" ? cases : cases.filter((each) => usual.includes(pointOf(each)));
}

/** Gives wrong codes in as many sign-ins as that takes, while Verify is killed once at each; then the right one. */
async function guessAndKnow(person, times, point) {
  let step;
  for (let guesses = 0; guesses < times; guesses += 1) {
    step ??= await person.signIn();
    const code = wrong((await person.codes()).at(-1));
    plan("verify", 1, point);
    step = await step.answer(code).catch(async (error) => {
      assert.equal(error.code, "code_attempts_exceeded", `${point}: ${error}`);
      await server.advance(NEXT_MAILS);
    });
    // Whoever is locked out is judged by nobody who could be killed.
    if (times < MOST_WRONG) assert.equal(deathsToCome("verify"), point === "never" ? 1 : 0, `${point}: it was killed`);
    plan("verify", 0, "never");
  }
  step ??= await person.signIn();
  return step.answer((await person.codes()).at(-1));
}

function assertWrong(step, where) {
  assert.deepEqual([step.kind, step.wrong], ["code", true], where);
}

/** Whether Verify has written by then that the code let somebody in. */
function isUsedUp({ trigger, point }) {
  return trigger === "verify" && ["AFTER PutItem 2", "BEFORE response"].includes(point);
}

/** Whether Create counts a mail at each try: the third try to mail one code is refused. */
function isReserved({ trigger, point }) {
  const [first, last] = ["AFTER PutItem 1", "BEFORE PutItem 2"].map((each) => CREATES.indexOf(each));
  const place = CREATES.indexOf(point);
  return trigger === "create" && first <= place && place <= last;
}

function killed(trigger) {
  return new RegExp(`^${trigger} failed with error RequestId: [0-9a-f-]{36} Error: Runtime exited with error: ` +
    "signal: killed\\.$");
}

async function createPerson() {
  const username = `person${people++}@example.com`;
  const password = "Correct-Horse-9";
  await server.createUser({ username, password });
  let refusal;
  // What Cognito says, word by word, is not part of our client's errors.
  const fetch = async (request) => {
    const reply = await globalThis.fetch(request);
    if (!reply.ok) refusal = (await reply.clone().json()).message;
    return reply;
  };
  const options = { userPoolId: POOL_ID, clientId: CLIENT_ID, flow: "custom", endpoint: server.url, fetch };
  const cognito = new Cognito(options);
  const codes = async () => (await server.mails(username)).map(({ text }) => codeIn(text));
  return {
    codes,
    refusal: () => refusal,
    signIn: () => cognito.signIn({ username, password }),
    async signInWithCode() {
      const step = await this.signIn();
      return step.answer((await codes()).at(-1));
    },
  };
}

function plan(trigger, times, point) {
  writeFileSync(path.join(folder, `${trigger}.plan`), `${times} ${point}`);
}

function deathsToCome(trigger) {
  return parseInt(readFileSync(path.join(folder, `${trigger}.plan`), "utf8"), 10);
}
