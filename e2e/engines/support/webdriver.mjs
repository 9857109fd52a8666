// W3C WebDriver over HTTP: the language of chromedriver and WebKitWebDriver.

import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";
import { eventually, startProcess } from "./process.mjs";

const COMMANDS = {
  navigate: () => "url",
  run: () => "execute/async",
  find: () => "element",
  click: ({ id }) => `element/${id}/click`,
  clear: ({ id }) => `element/${id}/clear`,
  type: ({ id }) => `element/${id}/value`,
  timeouts: () => "timeouts",
  newWindow: () => "window/new",
  switchTo: () => "window",
};

/**
 * @param {string} program the driver
 * @param {object} capabilities of the browser
 * @param {string} [display] the X server that the browser needs
 */
export async function startDriver(program, capabilities, display) {
  const screen = display && startProcess(display, ["-displayfd", "3", "-nolisten", "tcp"]);
  const number = screen && (await firstLine(screen.child.stdio[3]));
  const port = await freePort();
  const driver = startProcess(program, [`--port=${port}`], screen && { DISPLAY: `:${number}` });
  const base = `http://127.0.0.1:${port}`;
  await eventually(`${program} to listen`, () => fetch(`${base}/status`).then(({ ok }) => ok, () => false));
  const { sessionId } = await post(`${base}/session`, { capabilities: { alwaysMatch: capabilities } });
  const session = `${base}/session/${sessionId}`;
  const first = await value(await fetch(`${session}/window`));
  return Browser.of({
    first,
    send: (name, parameters) => post(`${session}/${COMMANDS[name](parameters)}`, parameters),
    async stop() {
      await fetch(session, { method: "DELETE" }).catch(() => {});
      await driver.stop();
      await screen?.stop();
    },
  });
}

async function post(url, body) {
  return value(await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));
}

async function value(reply) {
  const { value } = await reply.json();
  if (!reply.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

async function firstLine(stream) {
  const [line] = await once(createInterface(stream), "line");
  return line;
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
