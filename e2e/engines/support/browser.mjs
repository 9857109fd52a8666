// A browser and its tabs, by whatever language its driver speaks.

import { eventually } from "./process.mjs";

// The name of an element's id in every driver's replies.
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class Browser {
  #driver;
  #current;
  #last = Promise.resolve();

  static async of(driver) {
    const browser = new Browser();
    browser.#driver = driver;
    browser.#current = driver.first;
    await driver.send("timeouts", { script: 60_000, pageLoad: 60_000 });
    return browser;
  }

  /** Opens another tab. */
  async open(url) {
    const { handle } = await this.#next(() => this.#driver.send("newWindow", { type: "tab" }));
    const tab = new Tab((name, parameters) => this.#in(handle, name, parameters));
    await tab.goto(url);
    return tab;
  }

  stop() {
    return this.#driver.stop();
  }

  // A driver looks at one window at a time.
  #in(handle, name, parameters) {
    return this.#next(async () => {
      if (this.#current !== handle) await this.#driver.send("switchTo", { handle });
      this.#current = handle;
      return this.#driver.send(name, parameters);
    });
  }

  #next(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

class Tab {
  #send;

  constructor(send) {
    this.#send = send;
  }

  goto(url) {
    return this.#send("navigate", { url });
  }

  /** Runs a function in the page with arguments that JSON can carry, and waits for what it returns. */
  async run(work, ...args) {
    const script = `
      const [args, done] = arguments;
      Promise.resolve().then(() => (${work})(...args)).then(
        (value) => done(JSON.stringify({ value })),
        (error) => done(JSON.stringify({ error: String(error?.stack || error) })),
      );`;
    const { value, error } = JSON.parse(await this.#send("run", { script, args: [args] }));
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Waits until a function in the page returns something that counts as true. */
  until(work, ...args) {
    return eventually(`${work} with ${JSON.stringify(args)}`, () => this.run(work, ...args), 20_000);
  }

  /** Types into a field, in the place of what it had. */
  async type(selector, text) {
    const id = await this.#find(selector);
    await this.#send("clear", { id });
    await this.#send("type", { id, text });
  }

  async click(selector) {
    await this.#send("click", { id: await this.#find(selector) });
  }

  async #find(selector) {
    const element = await this.#send("find", { using: "css selector", value: selector });
    return element[ELEMENT];
  }
}
