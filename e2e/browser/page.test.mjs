// What holds for the demo page besides the sign-in itself: keyboard, waits, settings, and what it keeps to itself.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { POOL_ID, SEEDED_USER, startLocalCognito } from "../support/local-cognito.mjs";
import { newUser, Person, until } from "./person.mjs";

const REAL_POOL = "?pool=eu-west-1_AbCdEf123&client=1h57kf5cpq17m0eml12EXAMPLE";

describe("the demo page", () => {
  let server;
  let browser;

  before(async () => {
    server = await startLocalCognito("--verbose");
    browser = await launch();
  });
  after(() => Promise.all([server?.stop(), browser?.close()]));

  async function visit(t, expected) {
    const [user, page] = await Promise.all([newUser(server), openPage(t, browser, server.url, expected)]);
    return new Person(page, user);
  }

  test("works by keyboard alone", async (t) => {
    const person = await visit(t);
    const { keyboard } = person.page;
    await tabTo(person.page, "Email address");
    await keyboard.type(person.user.username);
    await keyboard.press("Tab");
    await keyboard.type(person.user.password);
    await keyboard.press("Tab");
    assert.equal(await focusedName(person.page), "Show password");
    await keyboard.press("Space");
    assert.equal(await person.password.getAttribute("type"), "text");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await person.sees("heading", "Check your email");
    assert.equal(await person.password.getAttribute("type"), "password", "hidden again when sent");
    assert.equal(await focusedName(person.page), "Code");
    await keyboard.type(await person.readCode());
    await keyboard.press("Enter");
    await person.isSignedIn();
    assert.equal(await focusedName(person.page), "You are signed in");
    await tabTo(person.page, "Sign out");
    await keyboard.press("Enter");
    assert.equal(await focusedName(person.page), "Password");
  });

  test("empty fields and short codes are noticed before anything is sent", async (t) => {
    const person = await visit(t);
    await person.page.getByRole("button", { name: "Continue" }).click();
    await person.isTold("Enter your email address.");
    assert.equal(await focusedName(person.page), "Email address");
    assert.equal(await person.page.getByLabel("Email address").getAttribute("aria-describedby"), "password-notice");
    await person.givePassword({ ...person.user, password: "" });
    await person.isTold("Enter your password.");
    await person.reachCode();
    const code = await person.readCode();
    await person.giveCode(code.slice(1));
    await person.isTold("Enter the 6 digits of the code.");
    assert.equal(await person.page.locator("#attempts").innerText(), "3 tries left");
    await person.giveCode(code);
    await person.isSignedIn();
  });

  test("a code is pasted as people copy it", async (t) => {
    const person = await visit(t);
    await person.reachCode();
    const code = await person.readCode();
    await paste(person.code, `Your code: ${code.slice(0, 3)} ${code.slice(3)}.`);
    assert.equal(await person.code.inputValue(), code);
    await person.page.keyboard.press("Enter");
    await person.isSignedIn();
  });

  test("a wait can be cancelled, and a second press sends nothing", async (t) => {
    const person = await visit(t);
    const held = await holdRequests(person.page, "RespondToAuthChallenge");
    await person.givePassword();
    const busy = person.page.getByRole("button", { name: "Checking the password…" });
    await busy.waitFor();
    await until(() => held.length === 1);
    await busy.click({ force: true }); // It looks disabled; a press must do nothing.
    await person.password.press("Enter");
    await inspect(person.page, "10-busy", "desktop-dark");
    assert.equal(held.length, 1);
    await person.page.getByRole("button", { name: "Cancel" }).click();
    await person.isTold("Cancelled.");
    assert.equal(held.length, 1);
    await person.page.unroute("**/*");
    await person.reachCode();
  });

  test("a connection lost with the code on its way ends the sign-in", async (t) => {
    const person = await visit(t, { lost: 1 });
    await person.reachCode();
    const code = await person.readCode();
    let sent = 0;
    await person.page.route(server.url, (route) => {
      sent += 1;
      return route.abort("connectionreset");
    });
    await person.giveCode(code);
    await person.isTold("The connection was lost, so nobody knows what arrived.");
    assert.equal(sent, 1, "an answer is never sent twice");
    await inspect(person.page, "11-connection-lost");
  });

  test("another challenge is named and not mishandled", async (t) => {
    const person = await visit(t);
    await person.page.route(server.url, (route) =>
      isOperation(route, "RespondToAuthChallenge")
        ? route.fulfill({ json: { ChallengeName: "SOMETHING_NEW", ChallengeParameters: {}, Session: "s".repeat(64) } })
        : route.continue());
    await person.givePassword();
    await person.sees("heading", "One more step, which this page does not have");
    await person.page.getByText("SOMETHING_NEW").waitFor();
    await inspect(person.page, "12-other-challenge");
    await person.page.getByRole("button", { name: "Start again" }).click();
    await person.sees("heading", "Sign in");
  });

  test("every error code of the package has a sentence of its own", async (t) => {
    const page = await openPage(t, browser, server.url);
    const codes = await errorCodes();
    const { texts, fallback } = await page.evaluate(async (codes) => {
      const { describe, describeOnceSent } = await import("/messages.js");
      const texts = [describe, describeOnceSent].map((describe) => codes.map((code) => describe({ code }).text));
      return { texts, fallback: describe({}).text };
    }, codes);
    for (const column of texts) {
      assert.equal(new Set(column).size, codes.length, "two codes have the same sentence");
      assert.ok(!column.includes(fallback), `no sentence for ${codes[column.indexOf(fallback)]}`);
    }
  });

  test("the page uses what the package exports, and nothing else", async () => {
    const { exports } = JSON.parse(await readFile(new URL("../../client-wasm/npm/package.json", import.meta.url)));
    const entries = Object.values(exports).map(({ default: file }) => file?.replace("./dist/", "/pkg/"));
    const folder = new URL("../../www/", import.meta.url);
    const scripts = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    const texts = await Promise.all(scripts.map((name) => readFile(new URL(name, folder), "utf8")));
    const used = texts.flatMap((text) => [...text.matchAll(/["'(](\/pkg\/[^"')]+)/g)].map(([, address]) => address));
    assert.deepEqual([...new Set(used)].sort(), ["/pkg/index.js", "/pkg/session.js"]);
    for (const address of used) assert.ok(entries.includes(address), `${address} is no entry of the package`);
  });

  test("a page whose package does not load says what to do", async (t) => {
    const page = await openPage(t, browser, server.url);
    await page.route("**/pkg/core.js", (route) => route.fulfill({ contentType: "text/javascript", body: "export {};" }));
    await page.reload();
    await page.getByText("The page is loading. If this line stays, reload the page.").waitFor();
    await until(() => page.complaints.length > 0);
    assert.match(page.complaints.pop(), /SyntaxError/);
    await page.unroute("**/pkg/core.js");
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("settings take the ids of a real pool into the address, and nothing else", async (t) => {
    const page = await openPage(t, browser, server.url, { refusals: 1 });
    await page.getByText("User pool: local").click();
    await page.getByLabel("User pool id").fill("not a pool");
    await page.getByRole("button", { name: "Use this pool" }).click();
    await page.getByText("A user pool id is a region").waitFor();
    await inspect(page, "13-settings");
    await page.getByLabel("User pool id").fill("eu-west-1_AbCdEf123");
    await page.getByLabel("App client id").fill("1h57kf5cpq17m0eml12EXAMPLE");
    const [loaded] = await Promise.all([
      page.waitForResponse((reply) => new URL(reply.url()).search === REAL_POOL),
      page.getByRole("button", { name: "Use this pool" }).click(),
    ]);
    const policy = loaded.headers()["content-security-policy"];
    assert.match(policy, /connect-src 'self' https:\/\/cognito-idp\.eu-west-1\.amazonaws\.com\/;/);

    let target;
    await page.route("https://cognito-idp.eu-west-1.amazonaws.com/", (route) => {
      target = JSON.parse(route.request().postData()).ClientId;
      return route.fulfill({
        status: 400,
        headers: { "access-control-allow-origin": "*" },
        json: { __type: "ResourceNotFoundException", message: "User pool client does not exist." },
      });
    });
    assert.ok(await page.locator("#inbox").isHidden());
    assert.ok(await page.locator("#seeded-user").isHidden());
    const person = new Person(page, SEEDED_USER);
    await person.givePassword();
    await person.isTold("misconfigured");
    assert.equal(target, "1h57kf5cpq17m0eml12EXAMPLE");
    await inspect(page, "14-real-pool");
    await page.getByText("User pool: eu-west-1_AbCdEf123").click();
    await page.getByRole("link", { name: "Back to the local pool" }).click();
    await page.waitForURL(server.url);
  });

  test("ids in the address that are none are said, and nobody can sign in with them", async (t) => {
    const page = await openPage(t, browser, `${server.url}?pool=evil.example%2F_x&client=y`);
    const person = new Person(page, SEEDED_USER);
    await person.isTold("A user pool id is a region");
    await person.givePassword();
    await person.isTold("The address of this page names no user pool.");
  });

  test("password, code and tokens stay in memory", async (t) => {
    const person = await visit(t);
    const { page, user } = person;
    const replies = [];
    // On its way, because the browser keeps no body that the page reads piece by piece.
    await page.route(server.url, async (route) => {
      const response = await route.fetch();
      replies.push(await response.json());
      await route.fulfill({ response });
    });
    await person.reachCode();
    const code = await person.readCode();
    await person.giveCode(code);
    await person.isSignedIn();
    const { AuthenticationResult: tokens } = replies.find((reply) => reply.AuthenticationResult);
    const canaries = [user.password, tokens.AccessToken, tokens.IdToken, tokens.RefreshToken];
    assert.equal(canaries.filter((canary) => canary.length > 20).length, 4, "the canaries are long enough to be unique");

    const kept = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookies: document.cookie,
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      query: location.search + location.hash,
      history: history.state,
    }));
    assert.deepEqual(kept, { local: {}, session: {}, cookies: "", databases: [], caches: [], query: "", history: null });
    const fields = await page.locator("input").evaluateAll((inputs) => inputs.map(({ value }) => value));
    const seen = [await page.content(), fields.join("\n"), page.console.join("\n"), server.log].join("\n");
    for (const canary of canaries) assert.ok(!seen.includes(canary), "a secret is on the page, in its console or in the server's log");
    assert.ok(!fields.includes(code), "the code stays in its field");
    assert.ok(!server.log.includes(code), "the code is in the server's log");
    assert.ok(!page.url().includes(POOL_ID), "the local pool is in the address");
  });
});

// From the declaration that people read, and the one code that only caller mistakes have.
async function errorCodes() {
  const types = await readFile(new URL("../../client-wasm/npm/index.d.ts", import.meta.url), "utf8");
  const union = /export type ErrorCode =([^]*?);\n\n/.exec(types)[1];
  const codes = [...union.matchAll(/^ *\| '([a-z_]+)'/gm)].map(([, code]) => code);
  assert.ok(codes.length > 20, `only ${codes.length} error codes found`);
  return ["invalid_argument", ...codes];
}

async function tabTo(page, name) {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focusedName(page)) === name) return;
  }
  assert.fail(`Tab does not reach ${name}`);
}

function focusedName(page) {
  return page.evaluate(() => {
    const { activeElement: focused } = document;
    return focused.labels?.[0]?.textContent ?? focused.ariaLabel ?? focused.textContent.trim();
  });
}

function paste(field, text) {
  return field.evaluate((target, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

function isOperation(route, operation) {
  return route.request().headers()["x-amz-target"]?.endsWith(`.${operation}`);
}

async function holdRequests(page, operation) {
  const held = [];
  await page.route("**/*", (route) => (isOperation(route, operation) ? void held.push(route) : route.continue()));
  return held;
}
