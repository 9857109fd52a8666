// The mails as people get them: in their language, on any screen, with a code that is easy to copy.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import path from "node:path";
import { inspect, launch, openPage } from "../support/browser.mjs";
import { CLIENT_ID, POOL_ID, startLocalCognito } from "../support/local-cognito.mjs";
import { codeIn } from "../support/mail.mjs";
import { newUser, Person } from "./person.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const { Cognito } = await import(pathToFileURL(path.join(PACKAGE, "dist/index.js")));

/** Languages of mails, by the locale of who gets one. */
const LOCALES = { "en-GB": "en", "de-AT": "de", FR_ca: "fr", "es-419": "es", ja: "ja", "pt-BR": "pt", "tr-TR": "en" };

describe("the mail with the code", () => {
  let server;
  let browser;

  before(async () => {
    server = await startLocalCognito();
    browser = await launch();
  });
  after(() => Promise.all([server?.stop(), browser?.close()]));

  /** The mail that a new user gets who signs in with that locale. */
  async function mailFor(locale) {
    const user = await newUser(server);
    const cognito = new Cognito({ userPoolId: POOL_ID, clientId: CLIENT_ID, endpoint: server.url });
    const step = await cognito.signIn({ ...user, clientMetadata: { locale } });
    assert.equal(step.kind, "code");
    const mails = await server.mails(user.username);
    assert.equal(mails.length, 1);
    return mails[0];
  }

  for (const [locale, language] of Object.entries(LOCALES)) {
    test(`comes in ${language} for ${locale}`, async (t) => {
      const { subject, text, html } = await mailFor(locale);
      const code = codeIn(text);
      assert.doesNotMatch(subject, /[0-9]/);
      const page = await readMail(t, browser, html);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      assert.equal(await page.title(), subject);
      assert.equal(await page.locator("a, img, link, script, form, iframe, object, svg, [src], [href], [background]").count(), 0);
      assert.doesNotMatch(html, /http|:\/\/|url\(|@import/i);

      // The same words in both parts, and the code as one run that a press selects.
      const paragraphs = await page.locator("p").allInnerTexts();
      assert.deepEqual(paragraphs, text.trim().split(/\n\s*/));
      assert.equal(paragraphs.filter((paragraph) => paragraph.includes(code)).length, 1);
      await page.getByText(code, { exact: true }).click();
      assert.equal(await page.evaluate(() => getSelection().toString()), code);
      await page.evaluate(() => getSelection().empty());
      await inspect(page, `mail-${language}`);
    });
  }

  test("holds a long name and a long code", async (t) => {
    const { text, html } = await mailFor("de");
    const long = html.replaceAll(codeIn(text), "8888888888").replaceAll("Demo", "W".repeat(64));
    await inspect(await readMail(t, browser, long), "mail-long");
  });

  test("can be read where a mail client strips the styles of the head", async (t) => {
    const { html } = await mailFor("fr");
    const stripped = html.replace(/<style>.*<\/style>/s, "");
    assert.notEqual(stripped, html);
    await inspect(await readMail(t, browser, stripped), "mail-stripped");
  });

  test("comes in the language of the browser that the demo page runs in, also a second time", async (t) => {
    const user = await newUser(server);
    const page = await openPage(t, browser, server.url, { locale: "pt-BR" });
    await page.clock.install();
    const person = new Person(page, user);
    await person.reachCode();
    await person.readCode();
    await server.advance(31);
    await page.clock.fastForward(31_000);
    await person.newCodeButton.click();
    await person.giveCode(await person.readCode());
    await person.isSignedIn();
    const mails = await server.mails(user.username);
    assert.deepEqual(mails.map(({ html }) => /<html lang="([^"]*)"/.exec(html)[1]), ["pt", "pt"]);
  });

  test("is shown in the inbox of the local pool as a mail client would", async (t) => {
    const { to, text } = await mailFor("ja");
    const page = await openPage(t, browser, new URL(`/inbox?to=${encodeURIComponent(to)}`, server.url).href);
    const code = page.frameLocator("iframe").getByText(codeIn(text), { exact: true });
    await code.waitFor();
    assert.equal(await code.evaluate((element) => getComputedStyle(element).textAlign), "center", "styles are applied");
    await inspect(page, "mail-inbox");
    await page.getByText("As plain text").click();
    assert.equal((await page.locator("pre").innerText()).trim(), text.trim());
  });
});

/** Opens the HTML part of a mail, which must not load anything. */
async function readMail(t, browser, html) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const loaded = [];
  await page.route("**/*", (route) => {
    loaded.push(route.request().url());
    return route.abort();
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(loaded, [], "a mail loads nothing");
  });
  await page.setContent(html);
  return page;
}
