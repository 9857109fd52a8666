// The session in a real browser: what stays in its storage, and ten tabs that share one refresh token.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CODE, PASSWORD } from "../../client-wasm/npm/support/pool.mjs";
import { launch } from "../support/browser.mjs";
import { startSessionSite } from "../support/session-site.mjs";

const TABS = 10;
const EXPIRIES = 100;
const KEY = "cognito-email-mfa.us-east-1_Example1.exampleclient";

describe("a session and its tabs", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  // A site and a context of its own. Time in its tabs is `later` seconds ahead, for all of them at once.
  async function visit(t, grants, init = () => {}) {
    const site = await startSessionSite(grants);
    const context = await browser.newContext();
    t.after(async () => {
      await context.close();
      await site.stop();
    });
    await context.addInitScript(() => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + 1000 * Number(localStorage.getItem("later") ?? 0);
    });
    await context.addInitScript(init);
    return { ...site, context };
  }

  async function openTab({ context, url }, store) {
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(async (store) => {
      const { Cognito } = await import("/pkg/index.js");
      const { openSession } = await import("/pkg/session.js");
      globalThis.cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", endpoint: location.href });
      globalThis.session = openSession(cognito, store ? { store } : undefined);
      globalThis.states = [];
      session.subscribe(({ kind }) => states.push(kind));
    }, store);
    return page;
  }

  const signIn = (page) =>
    page.evaluate(async ({ password, code }) => {
      const step = await (await cognito.signIn({ username: "user@example.com", password })).answer(code);
      return step.tokens;
    }, { password: PASSWORD, code: CODE });
  const kind = (page) => page.evaluate(() => session.state.kind);
  const tokens = (page) => page.evaluate(() => session.tokens());
  const states = (page) => page.evaluate(() => states);
  const all = (pages, what) => Promise.all(pages.map(what));
  const isNow = (page, wanted) => page.waitForFunction((wanted) => session.state.kind === wanted, wanted, { timeout: 5000 });

  async function openTabs(site, count) {
    const pages = await all(Array.from({ length: count }), () => openTab(site, "local"));
    await signIn(pages[0]);
    await all(pages, (page) => isNow(page, "signedIn"));
    return pages;
  }

  // One more expiry, which all tabs notice at the same moment.
  async function expire(pages, round) {
    const later = String(3600 * round);
    await pages[0].evaluate((later) => localStorage.setItem("later", later), later);
    // What one tab writes reaches the others a little later.
    await all(pages, (page) => page.waitForFunction((later) => localStorage.getItem("later") === later, later));
    return all(pages, tokens);
  }

  test("after a default sign-in no token is left anywhere", async (t) => {
    const site = await visit(t);
    const page = await openTab(site);
    const first = await signIn(page);
    assert.equal(await kind(page), "signedIn");
    const second = await page.evaluate(() => session.refresh());
    const found = await page.evaluate(async () => ({
      local: JSON.stringify(localStorage),
      session: JSON.stringify(sessionStorage),
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      cookies: document.cookie,
      address: location.href,
      page: document.documentElement.outerHTML,
      history: JSON.stringify(history.state),
      name: window.name,
    }));
    const everything = JSON.stringify(found) + JSON.stringify(await site.context.cookies());
    for (const secret of [first, second].flatMap(({ accessToken, idToken }) => [...accessToken.split("."), ...idToken.split(".")])) {
      assert.ok(!everything.includes(secret));
    }
    assert.ok(!everything.includes(PASSWORD));
    assert.deepEqual([found.local, found.session, found.databases, found.caches], ["{}", "{}", 0, 0]);
    await page.reload();
    assert.equal(await (await openTab(site)).evaluate(() => session.state.kind), "signedOut");
  });

  for (const [store, storage] of [["session", "sessionStorage"], ["local", "localStorage"]]) {
    test(`the ${store} store is there at once after a reload, and empty after the sign-out`, async (t) => {
      const site = await visit(t);
      const page = await openTab(site, store);
      const { idToken } = await signIn(page);
      assert.deepEqual(await page.evaluate((name) => Object.keys(globalThis[name]), storage), [KEY]);
      await page.reload();
      const state = await page.evaluate(async (store) => {
        const { Cognito } = await import("/pkg/index.js");
        const { openSession } = await import("/pkg/session.js");
        const cognito = new Cognito({ userPoolId: "us-east-1_Example1", clientId: "exampleclient", endpoint: location.href });
        globalThis.session = openSession(cognito, { store });
        return session.state.kind;
      }, store);
      assert.equal(state, "signedIn");
      assert.equal((await tokens(page)).idToken, idToken);
      await page.evaluate(() => session.signOut());
      assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
      assert.ok(site.pool.requests.at(-1).target.endsWith("RevokeToken"));
    });
  }

  for (const store of ["session", "local"]) {
    test(`however it ends, nothing is left in the ${store} store`, async (t) => {
      const site = await visit(t);
      const page = await openTab(site, store);
      const ends = {
        "a sign-out": () => session.signOut(),
        "a sign-out everywhere": () => session.signOutEverywhere(),
        "a refusal": () => session.refresh().catch(() => {}),
      };
      for (const [name, end] of Object.entries(ends)) {
        await signIn(page);
        assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 1, name);
        if (name === "a refusal") site.pool.grants.answer("GlobalSignOut", {});
        await page.evaluate(end);
        assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, name);
        assert.equal(await kind(page), "signedOut", name);
      }
    });
  }

  test("sign-in, refresh and sign-out reach the other tabs, once each", async (t) => {
    const site = await visit(t, { rotation: { graceMs: 0 } });
    const [here, there] = await openTabs(site, 2);
    const other = await openTab(site, "local");
    await here.evaluate(() => session.refresh());
    assert.deepEqual(await tokens(there), await tokens(here));
    await here.evaluate(() => session.signOut());
    await all([there, other], (page) => isNow(page, "signedOut"));
    await here.waitForTimeout(100);
    assert.deepEqual(await states(there), ["signedIn", "signedIn", "signedOut"]);
    assert.deepEqual(await states(other), ["signedIn", "signedOut"]);
    assert.equal(site.pool.grants.refreshed, 1);
  });

  test("without BroadcastChannel the storage event tells", async (t) => {
    const site = await visit(t, undefined, () => delete globalThis.BroadcastChannel);
    const [here, there] = await openTabs(site, 2);
    await here.evaluate(() => session.signOut());
    await isNow(there, "signedOut");
    assert.deepEqual(await states(there), ["signedIn", "signedOut"]);
  });

  test("a closed session hears no other tab", async (t) => {
    const site = await visit(t);
    const [here, there] = await openTabs(site, 2);
    await there.evaluate(() => session.close());
    await here.evaluate(() => session.refresh());
    await here.evaluate(() => session.signOut());
    await here.waitForTimeout(600);
    assert.deepEqual(await states(there), ["signedIn"]);
    await there.evaluate(() => session.tokens().catch(() => {}));
    assert.equal(site.pool.grants.refreshed, 1);
  });

  test("somebody who empties the storage signs every tab out", async (t) => {
    const site = await visit(t);
    const [here, there] = await openTabs(site, 2);
    await here.evaluate(() => localStorage.clear());
    await isNow(there, "signedOut");
  });

  test(`${TABS} tabs, rotation with a grace of a second, ${EXPIRIES} expiries: one refresh each, nobody signed out`, async (t) => {
    const site = await visit(t, { rotation: { graceMs: 1000 } });
    const pages = await openTabs(site, TABS);
    for (let round = 1; round <= EXPIRIES; round += 1) {
      const got = await expire(pages, round);
      assert.equal(site.pool.grants.refreshed, round, `expiry ${round}`);
      assert.equal(new Set(got.map(({ accessToken }) => accessToken)).size, 1, `expiry ${round}`);
    }
    assert.equal(site.pool.grants.reused, 0);
    for (const page of pages) {
      const heard = await states(page);
      assert.ok(!heard.includes("signedOut"));
      assert.equal(heard.length, 1 + EXPIRIES);
    }
  });

  test("tokens of seconds, refreshed ahead of time by ten tabs for a while", async (t) => {
    const site = await visit(t, { rotation: { graceMs: 0 }, expiresIn: 3 });
    const pages = await openTabs(site, TABS);
    await pages[0].waitForTimeout(12_000);
    const { refreshed, reused } = site.pool.grants;
    // Between 0.72 and 0.88 of three seconds each.
    assert.ok(refreshed >= 4 && refreshed <= 6, `${refreshed} refreshes`);
    assert.equal(reused, 0);
    for (const page of pages) assert.ok(!(await states(page)).includes("signedOut"));
  });

  test("the tab that holds the lock is killed: another goes on at once", async (t) => {
    const site = await visit(t, { rotation: { graceMs: 30_000 } });
    const pages = await openTabs(site, 4);
    const held = holdFirst(site.pool);
    await pages[0].evaluate(() => void session.refresh().catch(() => {}));
    await held.arrived;
    await pages[1].evaluate(() => localStorage.setItem("later", 3600));
    const others = all(pages.slice(1), tokens);
    await pages[1].waitForTimeout(200);
    const began = performance.now();
    const devtools = await site.context.newCDPSession(pages[0]);
    // It never answers: the process is gone.
    devtools.send("Page.crash").catch(() => {});
    await others;
    assert.ok(performance.now() - began < 2000, `${performance.now() - began} ms`);
    assert.equal(site.pool.grants.refreshed, 2, "the one that was lost, and one for all");
    for (const page of pages.slice(1)) assert.equal(await kind(page), "signedIn");
  });

  test("the tab that holds the lock hangs: the others go on without it after 5 s", async (t) => {
    const site = await visit(t, { rotation: { graceMs: 30_000 } });
    const pages = await openTabs(site, 4);
    await pages[0].evaluate((name) => {
      navigator.locks.request(name, () => new Promise(() => {}));
    }, `${KEY}.refresh`);
    const began = performance.now();
    const got = await expire(pages.slice(1), 1);
    const took = performance.now() - began;
    assert.ok(took > 4900 && took < 7500, `${took} ms`);
    assert.ok(site.pool.grants.refreshed <= 3);
    assert.equal(got.length, 3);
    for (const page of pages.slice(1)) assert.equal(await kind(page), "signedIn");
    assert.ok(site.pool.grants.accepts((await tokens(pages[1])).refreshToken));
  });

  for (const graceMs of [30_000, 0]) {
    test(`without locks, with a grace of ${graceMs} ms: nobody is signed out in 10 expiries`, async (t) => {
      const site = await visit(t, { rotation: { graceMs } }, () => {
        Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
      });
      const pages = await openTabs(site, TABS);
      assert.equal(await pages[0].evaluate(() => navigator.locks), undefined);
      for (let round = 1; round <= 10; round += 1) {
        const got = await expire(pages, round);
        assert.equal(got.length, TABS);
      }
      t.diagnostic(`${site.pool.grants.refreshed} refreshes for 10 expiries`);
      assert.ok(site.pool.grants.refreshed < 20, `${site.pool.grants.refreshed} refreshes`);
      for (const page of pages) assert.ok(!(await states(page)).includes("signedOut"));
      assert.ok(site.pool.grants.accepts((await tokens(pages[0])).refreshToken));
    });
  }

  test("after a sleep the tokens are fresh as soon as the page is looked at", async (t) => {
    const site = await visit(t);
    const [page] = await openTabs(site, 1);
    for (const [round, event] of ["visibilitychange", "focus", "online", "pageshow"].entries()) {
      await page.evaluate((seconds) => localStorage.setItem("later", seconds), 3600 * (round + 1));
      await page.evaluate((event) => (event === "visibilitychange" ? document : window).dispatchEvent(new Event(event)), event);
      await page.waitForFunction((count) => states.length === count, round + 2, { timeout: 5000 });
    }
    assert.equal(site.pool.grants.refreshed, 4);
  });

  test("what Amplify left is adopted by one tab of ten, and all are signed in", async (t) => {
    const site = await visit(t, { rotation: { graceMs: 0 } });
    const { AccessToken, IdToken, RefreshToken } = site.pool.grants.begin().AuthenticationResult;
    const first = await site.context.newPage();
    await first.goto(site.url);
    await first.evaluate(({ accessToken, idToken, refreshToken }) => {
      const prefix = "CognitoIdentityServiceProvider.exampleclient";
      localStorage.setItem(`${prefix}.LastAuthUser`, "user@example.com");
      const entries = { accessToken, idToken, refreshToken, clockDrift: "900", signInDetails: "{}" };
      for (const [name, value] of Object.entries(entries)) localStorage.setItem(`${prefix}.user@example.com.${name}`, value);
    }, { accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken });
    const pages = await all(Array.from({ length: TABS }), () => openTab(site, "local"));
    const adopted = await all(pages, (page) => page.evaluate(async () => (await import("/pkg/adopt.js")).adopt(session)));
    assert.deepEqual(adopted.filter((one) => one), [true]);
    await all(pages, (page) => isNow(page, "signedIn"));
    await first.waitForTimeout(300);
    assert.deepEqual(await first.evaluate(() => Object.keys(localStorage)), [KEY]);
    assert.equal(site.pool.grants.refreshed, 1);
    assert.equal(new Set((await all(pages, tokens)).map(({ accessToken }) => accessToken)).size, 1);
  });

  test("where the storage is blocked or full, the tab keeps its session", async (t) => {
    const ways = [
      () => Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } }),
      () => (Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }),
    ];
    for (const way of ways) {
      const site = await startSessionSite();
      const context = await browser.newContext();
      t.after(() => Promise.all([context.close(), site.stop()]));
      await context.addInitScript(way);
      const page = await openTab({ ...site, context }, "local");
      await signIn(page);
      await page.evaluate(() => session.refresh());
      assert.equal(await kind(page), "signedIn");
    }
  });
});

// Holds back the first refresh's reply for ever.
function holdFirst(pool) {
  const held = {};
  held.arrived = new Promise((resolve) => {
    pool.edit = (_operation, reply) => {
      pool.edit = (_operation, later) => later;
      resolve(reply);
      return new Promise(() => {});
    };
  });
  return held;
}
