// Marionette, the language that Firefox itself speaks: WebDriver's commands as JSON over TCP, each
// message with its length before it.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Browser } from "./browser.mjs";
import { eventually, startProcess } from "./process.mjs";

const COMMANDS = {
  navigate: "WebDriver:Navigate",
  run: "WebDriver:ExecuteAsyncScript",
  find: "WebDriver:FindElement",
  click: "WebDriver:ElementClick",
  clear: "WebDriver:ElementClear",
  type: "WebDriver:ElementSendKeys",
  timeouts: "WebDriver:SetTimeouts",
  newWindow: "WebDriver:NewWindow",
  switchTo: "WebDriver:SwitchToWindow",
};

// A port that is free, and no calls of its own to anybody.
const PREFERENCES = {
  "marionette.port": 0,
  "app.update.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,none",
  "toolkit.telemetry.enabled": false,
};

/** @param {string} program */
export async function startFirefox(program) {
  const profile = await mkdtemp(path.join(tmpdir(), "firefox-"));
  const preferences = Object.entries(PREFERENCES).map((pair) => `user_pref(${pair.map((part) => JSON.stringify(part)).join(", ")});\n`);
  await writeFile(path.join(profile, "user.js"), preferences.join(""));
  const firefox = startProcess(program, ["--marionette", "--headless", "--no-remote", "--profile", profile]);
  const port = await eventually("Firefox to listen", async () =>
    Number(await readFile(path.join(profile, "MarionetteActivePort"), "utf8").catch(() => 0)));
  const channel = new Channel(connect(port, "127.0.0.1"));
  await channel.send("WebDriver:NewSession", {});
  const { value: first } = await channel.send("WebDriver:GetWindowHandle", {});
  return Browser.of({
    first,
    async send(name, parameters) {
      const reply = await channel.send(COMMANDS[name], parameters);
      return Object.keys(reply ?? {}).join() === "value" ? reply.value : reply;
    },
    async stop() {
      channel.close();
      await firefox.stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

class Channel {
  #socket;
  #received = Buffer.alloc(0);
  #id = 0;
  #awaited = new Map();

  constructor(socket) {
    this.#socket = socket.on("data", (chunk) => this.#read(chunk));
    const ended = (error) => this.#awaited.forEach(({ reject }) => reject(error ?? new Error("Firefox has ended")));
    socket.once("error", ended).once("close", () => ended());
  }

  send(name, parameters) {
    const id = ++this.#id;
    const message = JSON.stringify([0, id, name, parameters]);
    this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    return new Promise((resolve, reject) => this.#awaited.set(id, { resolve, reject }));
  }

  close() {
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(":");
      const end = colon + 1 + Number(this.#received.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || this.#received.length < end) return;
      const message = JSON.parse(this.#received.subarray(colon + 1, end));
      this.#received = this.#received.subarray(end);
      // The first message is a greeting.
      if (Array.isArray(message)) this.#settle(message);
    }
  }

  #settle([, id, error, result]) {
    const { resolve, reject } = this.#awaited.get(id);
    this.#awaited.delete(id);
    if (error) reject(new Error(`${error.error}: ${error.message}`));
    else resolve(result);
  }
}
