// What the demo page leaves behind after each way in which a sign-in can fail, and after one that
// does not: no secret in its document, its fields, its console, its address or any storage.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newUser, Person } from "../browser/person.mjs";
import { launch, openPage } from "../support/browser.mjs";
import { startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn, wrong } from "../support/mail.mjs";
import { Canaries } from "./canaries.mjs";

/** What a person does, what goes wrong, and what the page then says. */
const SCENES = {
  "a wrong password": {
    says: "bad_credentials",
    act: ({ person, canaries }) =>
      person.givePassword({ ...person.user, password: canaries.add("wrong password", `Wrong-${person.user.password}`) }),
  },
  "a challenge that is none": { says: "bad_reply", spoil: { InitiateAuth: (reply) => ({ ...reply, ChallengeParameters: {} }) } },
  "a connection lost with the proof": { says: "network", spoil: { RespondToAuthChallenge: () => undefined } },
  "a mail that cannot be sent": { says: "mail_not_sent", faults: { ses: "reject" } },
  "a trigger that fails": { says: "trigger_failed", faults: { create: "fail" } },
  "three wrong codes": {
    says: "code_attempts_exceeded",
    act: async (scene) => {
      const code = await reachCode(scene);
      for (const left of ["2 tries left", "1 try left", undefined]) {
        await scene.person.giveCode(wrong(code));
        if (left) await scene.person.page.getByText(left).waitFor();
      }
    },
  },
  "a connection lost with the code": { says: "network", act: reachAndGiveCode, spoil: { CUSTOM_CHALLENGE: () => undefined } },
  "a trigger that fails at the code": { says: "trigger_failed", act: reachAndGiveCode, faults: { verify: "fail" } },
  "tokens that are none": {
    says: "bad_reply",
    act: reachAndGiveCode,
    spoil: { CUSTOM_CHALLENGE: (reply) => ({ ...reply, AuthenticationResult: { ...reply.AuthenticationResult, IdToken: "none" } }) },
  },
  "a sign-in and a sign-out": {
    act: async (scene) => {
      await reachAndGiveCode(scene);
      await scene.person.isSignedIn();
      await scene.looksFor("signed in");
      await scene.person.page.getByRole("button", { name: "Sign out" }).click();
      await scene.person.sees("heading", "Sign in");
    },
  },
};

test("no secret stays on the page", async (t) => {
  const server = await startLocalCognito("--verbose");
  t.after(() => server.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const stage = { canaries: new Canaries(), spoil: {} };
  const page = await openPage(t, browser, server.url, expected(), (page) =>
    page.route(server.url, (route) => relay(route, stage)));

  for (const [name, { says, act = reachPassword, spoil = {}, faults = {} }] of Object.entries(SCENES)) {
    await t.test(`after ${name}`, async () => {
      await page.goto(server.url);
      const canaries = new Canaries();
      Object.assign(stage, { canaries, spoil });
      const person = new Person(page, await newUser(server));
      canaries.add("password", person.user.password);
      const looksFor = async (when) => {
        assert.deepEqual(canaries.leaks(await everything(page, !says || canaries.has("code"))), [], when);
        assert.deepEqual(canaries.leaks(server.log), [], `${when}: the server's log`);
      };
      await act({ server, person, canaries, faults, looksFor });
      if (says) await person.isTold(says);
      await server.setFaults({});
      assert.ok(canaries.size >= 3, `${canaries.size} secrets`);
      assert.match(await everything(page, true), new RegExp(person.user.username), "a canary would be found");
      await looksFor("in the end");
    });
  }
});

/** What the console will say of requests, over all scenes. */
function expected() {
  const scenes = Object.values(SCENES);
  const lost = scenes.filter(({ says }) => says === "network").length;
  const refused = scenes.filter(({ says, spoil }) => says && !spoil);
  return { lost, refusals: refused.length };
}

async function reachPassword({ server, person, faults }) {
  await server.setFaults(faults);
  await person.givePassword();
}

async function reachCode({ server, person, canaries }) {
  await person.reachCode();
  const mails = await server.mails(person.user.username);
  const code = codeIn(mails.at(-1).text);
  canaries.add("code", code);
  canaries.add("wrong code", wrong(code));
  return code;
}

async function reachAndGiveCode(scene) {
  const code = await reachCode(scene);
  await scene.server.setFaults(scene.faults);
  await scene.person.giveCode(code);
}

/** Passes a request on, but for what is spoilt, and remembers what is secret in it and its reply. */
async function relay(route, { canaries, spoil }) {
  const request = route.request();
  if (request.method() !== "POST") return route.continue();
  const body = request.postDataJSON();
  canaries.remember(body);
  const response = await route.fetch();
  const reply = await response.json();
  canaries.remember(reply);
  const [, operation] = request.headers()["x-amz-target"].split(".");
  const change = spoil[body.ChallengeName] ?? spoil[operation];
  if (!change) return route.fulfill({ response });
  const spoilt = change(reply);
  return spoilt ? route.fulfill({ response, json: spoilt }) : route.abort("connectionreset");
}

/**
 * All that a page keeps or shows, and what its console was told. What is in the field of the password
 * counts as soon as a password was right: until then, a person may correct it.
 */
async function everything(page, isPasswordRight) {
  const kept = await page.evaluate(async (fields) => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), document.cookie,
    location.href, history.state, window.name, document.documentElement.outerHTML,
    [...document.querySelectorAll(fields)].map(({ value }) => value),
  ]), isPasswordRight ? "input" : "input:not([type=password])");
  return kept + page.console.join("\n");
}
