// The triggers by themselves, at their most talkative: nothing of an event, no key and no code shows
// in what they write, whether they decide, refuse or do not start.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Canaries } from "./canaries.mjs";
import { run } from "./runtime.mjs";

const TRIGGERS = {
  define: "define-auth-challenge",
  create: "create-auth-challenge",
  verify: "verify-auth-challenge-response",
};
const SOURCES = { define: "DefineAuthChallenge", create: "CreateAuthChallenge", verify: "VerifyAuthChallengeResponse" };
const PASSED = ["SRP_A", "PASSWORD_VERIFIER"].map((challengeName) => ({ challengeName, challengeResult: true }));
const ASKED = { session: PASSED, challengeName: "CUSTOM_CHALLENGE" };

describe("the triggers alone", { concurrency: 2 }, () => {
  test("a sign-in: no key, address, code or answer is in a log, and the code alone in the mail", async () => {
    const { canaries, settings, event } = scene();
    const defined = await run(TRIGGERS.define, settings, [event("DefineAuthChallenge", { session: PASSED })]);
    assert.equal(defined.replies[0].response.challengeName, "CUSTOM_CHALLENGE", defined.log);
    const created = await run(TRIGGERS.create, settings, [event("CreateAuthChallenge", ASKED)]);
    const [{ response }] = created.replies;
    const [mail] = created.mails;
    const code = canaries.add("code", /\b\d{8}\b/.exec(mail.Content.Simple.Body.Text.Data)[0]);
    assert.deepEqual(canaries.leaks(JSON.stringify(mail)), ["address", "code"]);
    assert.deepEqual(canaries.leaks(JSON.stringify(response)), []);

    const { privateChallengeParameters } = response;
    canaries.add("wrong answer", "31415926");
    canaries.add("what is no code", "Canary-answer");
    const answers = [code, ` ${code} `, "31415926", "Canary-answer", 31415926, null];
    const verified = await run(TRIGGERS.verify, settings, answers.map((challengeAnswer) =>
      event("VerifyAuthChallengeResponse", { session: PASSED, privateChallengeParameters, challengeAnswer })));
    const correct = verified.replies.map(({ response }) => response.answerCorrect);
    assert.deepEqual(correct, [true, true, false, false, false, false], verified.log);
    assert.equal(verified.log.match(/"decision":"right"/g).length, 2);
    assert.deepEqual(canaries.leaks([defined, created, verified].map(({ log }) => log).join()), []);
  });

  test("an SES that refuses and quotes the mail is not quoted", async () => {
    const { canaries, address, settings, event } = scene();
    const body = { __type: "MessageRejected", message: `${address}: Canary-refusal` };
    canaries.add("refusal", "Canary-refusal");
    const { replies, mails, log } = await run(TRIGGERS.create, settings, [event("CreateAuthChallenge", ASKED)], { status: 400, body });
    canaries.add("code", /\b\d{8}\b/.exec(mails[0].Content.Simple.Body.Text.Data)[0]);
    assert.equal(replies[0].errorType, "MAIL_NOT_SENT", log);
    assert.deepEqual(canaries.leaks(log + JSON.stringify(replies)), []);
  });

  test("a table that nobody can reach is not told with what it was asked", async () => {
    const { canaries, settings, event } = scene();
    const table = { ...settings, ATTEMPTS_TABLE: "attempts", AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9" };
    const { replies, mails, log } = await run(TRIGGERS.create, table, [event("CreateAuthChallenge", ASKED)]);
    assert.deepEqual([replies[0].errorType, mails], ["STORE_UNAVAILABLE", []], log);
    assert.deepEqual(canaries.leaks(log + JSON.stringify(replies)), []);
  });

  for (const trigger of ["define", "create", "verify"]) {
    test(`${trigger}: an event that is none is refused without a word of it`, async () => {
      const { canaries, settings, event } = scene();
      const answer = canaries.add("answer", "Canary-answer-271828");
      const whole = event(SOURCES[trigger], { ...ASKED, challengeAnswer: answer });
      const { triggerSource, ...nameless } = JSON.parse(whole);
      const events = [
        whole.slice(0, -9),
        JSON.stringify(answer),
        JSON.stringify({ ...nameless, triggerSource: answer }),
        JSON.stringify({ ...nameless, triggerSource, request: answer }),
        JSON.stringify({ ...nameless, triggerSource, userPoolId: { [answer]: answer } }),
      ];
      const { replies, log } = await run(TRIGGERS[trigger], settings, events);
      assert.deepEqual(replies.map(({ errorType }) => errorType), events.map(() => "BAD_EVENT"), log);
      assert.deepEqual(canaries.leaks(log + JSON.stringify(replies)), []);
    });
  }

  for (const trigger of ["create", "verify"]) {
    test(`${trigger}: a key that is none keeps it from starting, and is not shown`, async () => {
      const { canaries, settings } = scene();
      for (const bad of ["Canary-key", `${settings.CODE_KEY} `, `key:${settings.CODE_KEY},key:${settings.CODE_KEY}`]) {
        const { replies, log } = await run(TRIGGERS[trigger], { ...settings, CODE_KEY: canaries.add(`bad key ${bad.length}`, bad) }, []);
        assert.deepEqual(replies, []);
        assert.match(log, /CODE_KEY/);
        assert.deepEqual(canaries.leaks(log), []);
      }
    });
  }
});

/** Settings and events in which everything that is secret is like nothing else. */
function scene() {
  const canaries = new Canaries();
  const unique = (name) => canaries.add(name, `Canary${randomBytes(32).toString("hex")}`);
  const address = canaries.add("address", `canary-${randomBytes(6).toString("hex")}@example.com`);
  const [userName, sub, name] = ["user name", "sub", "name"].map(unique);
  const settings = {
    RUST_LOG: "trace",
    RUST_BACKTRACE: "full",
    CODE_KEY: unique("key of the codes"),
    EMAIL_SENDER: "noreply@example.com",
    APP_NAME: "Example",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: unique("AWS' key"),
    AWS_SESSION_TOKEN: unique("AWS' session"),
  };
  const event = (trigger, request) => JSON.stringify({
    version: "1",
    userPoolId: "us-east-1_Example1",
    userName,
    callerContext: { clientId: "exampleclient" },
    triggerSource: `${trigger}_Authentication`,
    request: { userAttributes: { sub, email: address, email_verified: "true", name }, ...request },
    response: {},
  });
  return { canaries, address, settings, event };
}
