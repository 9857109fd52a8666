// The browsers of this machine, each by the driver that its makers give it.

import { existsSync } from "node:fs";
import { startFirefox } from "./marionette.mjs";
import { startDriver } from "./webdriver.mjs";

const CHROMIUM = {
  "goog:chromeOptions": {
    binary: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  },
};

const ENGINES = [
  {
    name: "Chromium",
    agent: /Chrome\/\d/,
    program: "/usr/bin/chromedriver",
    start: () => startDriver("/usr/bin/chromedriver", CHROMIUM),
  },
  {
    name: "Firefox",
    agent: /Gecko\/\d+ Firefox\/\d/,
    program: "/usr/bin/firefox-esr",
    start: () => startFirefox("/usr/bin/firefox-esr"),
  },
  {
    name: "WebKit",
    agent: /AppleWebKit\/\d.* Version\/[\d.]+ Safari\/\d/,
    program: "/usr/bin/WebKitWebDriver",
    start: () => startDriver("/usr/bin/WebKitWebDriver", {}, "Xvfb"),
  },
];

/** Those that are installed: what Debian has, `cargo xtask test engines` installs. */
export const engines = ENGINES.filter(({ program }) => existsSync(program));
