// A reload while the demo page waits for a code: the page goes on where it was, with neither password nor token in its storage.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { wrong } from "../support/mail.mjs";
import { newUser, Person } from "./person.mjs";

const KEY = `sign-in.${POOL_ID}.${CLIENT_ID}`;

describe("a reload while a code is awaited", () => {
  let server;
  let browser;

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
  });
  after(() => Promise.all([server?.stop(), browser?.close()]));

  // A person at the code, with the requests to the API so far and all secrets that went over the wire.
  async function atCode(t, expected, prepare = async () => {}) {
    const user = await newUser(server);
    const posts = [];
    const secrets = [user.password];
    const page = await openPage(t, browser, server.url, expected, async (page) => {
      await page.clock.install();
      await prepare(page);
      await page.route(server.url, (route) => watch(route, posts, secrets));
    });
    const person = new Person(page, user);
    await person.reachCode();
    const code = await person.readCode();
    return { person, page, code, posts, secrets };
  }

  async function watch(route, posts, secrets) {
    const request = route.request();
    if (request.method() !== "POST") return route.continue();
    posts.push(request.headers()["x-amz-target"].split(".")[1]);
    const { AuthParameters, ChallengeResponses } = request.postDataJSON();
    const sent = { ...AuthParameters, ...ChallengeResponses };
    for (const name of ["SRP_A", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK"]) {
      if (sent[name]) secrets.push(sent[name]);
    }
    const response = await route.fetch();
    const { AuthenticationResult } = await response.json();
    for (const token of ["AccessToken", "IdToken", "RefreshToken"]) {
      if (AuthenticationResult) secrets.push(AuthenticationResult[token]);
    }
    return route.fulfill({ response });
  }

  // Time goes on for the server and for the page alike.
  async function later(page, seconds) {
    await server.advance(seconds);
    await page.clock.fastForward(seconds * 1000);
  }

  async function reload({ page, person, posts }) {
    const before = posts.length;
    await page.reload();
    await person.sees("heading", "Check your email");
    assert.equal(posts.length, before, "a reload sends nothing to the pool");
  }

  const keys = (page) => page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
  const attempts = (page) => page.locator("#attempts").innerText();
  const seconds = async (locator) => {
    const [, minutes, rest] = /([0-9]+):([0-9]{2})/.exec(await locator.innerText());
    return 60 * minutes + Number(rest);
  };

  test("the code form is there again with its countdowns, and the code of the mail signs in", async (t) => {
    const scene = await atCode(t);
    const { person, page, code } = scene;
    await later(page, 20);
    const before = await seconds(page.locator("#validity"));
    await reload(scene);
    const left = await seconds(page.locator("#validity"));
    assert.ok(left <= before && left >= before - 10, `${before} s before, ${left} s after`);
    assert.ok((await seconds(page.locator("#resend-wait"))) <= 10);
    const bar = await page.locator("#validity-bar").evaluate(({ value }) => value);
    assert.ok(Math.abs(bar - left / 180) < 0.02, `${bar} of the bar, ${left} s`);
    assert.equal(await attempts(page), "3 tries left");
    await page.getByText("A code of 6 digits was sent to p***@e***.").and(page.locator(":visible")).waitFor();
    assert.equal(await person.code.inputValue(), "");
    assert.ok(await person.code.evaluate((field) => field === document.activeElement));
    await inspect(page, "17-resumed");
    await person.giveCode(code);
    await person.isSignedIn();
    assert.deepEqual(await keys(page), []);
  });

  test("after a wrong code, and after two reloads", async (t) => {
    const scene = await atCode(t);
    const { person, page, code } = scene;
    await person.giveCode(wrong(code));
    await person.isTold("That is not the code.");
    await reload(scene);
    await reload(scene);
    await person.isTold("That is not the code.");
    assert.equal(await attempts(page), "2 tries left");
    await person.giveCode(wrong(code));
    await page.getByText("1 try left").waitFor();
    await reload(scene);
    assert.equal(await attempts(page), "1 try left");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("after a new code, which can be asked for after the reload too", async (t) => {
    const scene = await atCode(t);
    const { person, page, code: first } = scene;
    await later(page, 31);
    await person.newCodeButton.click();
    await person.isTold("A new code is on its way.");
    const second = await person.readCode();
    await reload(scene);
    await later(page, 31);
    await person.newCodeButton.click();
    await person.isTold("A new code is on its way.");
    const third = await person.readCode();
    await reload(scene);
    assert.equal(new Set([first, second, third]).size, 3);
    await person.giveCode(second);
    await person.isTold("That is not the code.");
    await person.giveCode(third);
    await person.isSignedIn();
  });

  test("each question renews the pool's patience, also where the code itself is over", async (t) => {
    const scene = await atCode(t);
    const { person, page, code } = scene;
    await later(page, 170);
    await person.giveCode(wrong(code));
    await person.isTold("That is not the code.");
    await later(page, 100);
    await reload(scene);
    await page.getByText("No longer valid", { exact: true }).waitFor();
    await inspect(page, "19-resumed-with-an-old-code");
    await person.newCodeButton.click();
    await person.isTold("A new code is on its way.");
    await person.giveCode(await person.readCode());
    await person.isSignedIn();
  });

  test("when the pool has forgotten the sign-in, the page says to begin again", async (t) => {
    const { person, page, posts } = await atCode(t);
    await later(page, 181);
    const before = posts.length;
    await page.reload();
    await person.isTold("This sign-in took too long and has ended. Please sign in again.");
    await person.sees("heading", "Sign in");
    assert.equal(posts.length, before);
    assert.deepEqual(await keys(page), []);
    assert.equal(await page.getByLabel("Email address").inputValue(), person.user.username);
    assert.equal(await person.password.inputValue(), "");
    await inspect(page, "18-resumed-too-late");
    await person.reachCode();
  });

  test("the storage has no password and no token, before and after, and is empty in the end", async (t) => {
    const { person, page, code, secrets } = await atCode(t);
    const everything = () =>
      page.evaluate(async () => JSON.stringify([
        { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(),
        document.cookie, location.href, history.state, window.name, document.documentElement.outerHTML,
      ]));
    assert.deepEqual(await keys(page), [KEY]);
    const atCodeStep = await everything();
    assert.ok(atCodeStep.includes(person.user.username), "the canary would be found");
    await person.giveCode(code);
    await person.isSignedIn();
    assert.deepEqual(await keys(page), []);
    const atEnd = await everything();
    assert.ok(secrets.length >= 7, `${secrets.length} secrets`);
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=*$/, "").slice(0, -1)]) {
        assert.ok(!atCodeStep.includes(form) && !atEnd.includes(form), "a secret is in the page or its storage");
      }
    }
  });

  test("starting again, too many wrong codes and a sign-out leave nothing", async (t) => {
    const { person, page, code } = await atCode(t, { refusals: 1 });
    await page.locator("#code-screen [data-start-again]").click();
    await person.sees("heading", "Sign in");
    assert.deepEqual(await keys(page), []);
    await person.reachCode();
    assert.deepEqual(await keys(page), [KEY]);
    for (const left of ["2 tries left", "1 try left"]) {
      await person.giveCode(wrong(code));
      await page.getByText(left).waitFor();
    }
    await person.giveCode(wrong(code));
    await person.isTold("Too many wrong codes");
    assert.deepEqual(await keys(page), []);
    await later(page, 31); // One mail in 30 seconds.
    await person.reachCode();
    await person.giveCode(await person.readCode());
    await person.isSignedIn();
    await page.getByRole("button", { name: "Sign out" }).click();
    await person.sees("heading", "Sign in");
    assert.deepEqual(await keys(page), []);
  });

  test("what was altered, or is of another kind, brings the first form and no complaint", async (t) => {
    const { person, page } = await atCode(t);
    const kept = await page.evaluate((key) => sessionStorage.getItem(key), KEY);
    const altered = [
      "", "{", "7", "null", "[]", "{}", kept.replace(POOL_ID, "us-east-1_Other"), kept.replace('"version":1', '"version":2'),
      kept.replace(/"session":"[^"]*"/, '"session":"short"'), kept.replace(/"receivedAt":[0-9]+/, '"receivedAt":1'),
    ];
    for (const text of altered) {
      await page.evaluate(([key, text]) => sessionStorage.setItem(key, text), [KEY, text]);
      await page.reload();
      await person.sees("heading", "Sign in");
      assert.equal(await page.locator(".notice:visible").count(), 0, text);
    }
    await person.reachCode();
  });

  test("another pool's page neither shows the sign-in nor loses it", async (t) => {
    const { person, page, code } = await atCode(t);
    await page.goto(new URL("?pool=eu-west-1_AbCdEf123&client=1h57kf5cpq17m0eml12EXAMPLE", server.url).href);
    await person.sees("heading", "Sign in");
    await page.goto(server.url);
    await person.sees("heading", "Check your email");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("where the storage is blocked the page works, and a reload begins anew", async (t) => {
    const { person, page, code } = await atCode(t, {}, (page) =>
      page.addInitScript(() => {
        Object.defineProperty(globalThis, "sessionStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
      }));
    await page.reload();
    await person.sees("heading", "Sign in");
    await person.reachCode();
    await person.giveCode(code);
    await person.isSignedIn();
  });
});
