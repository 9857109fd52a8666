// A bash in which one script after the other runs, as a person types them: variables and functions
// stay. The first command that fails ends it. Every question is answered with `y`.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";

const LOOP = `
set -euo pipefail
while read -r script <&3; do
  . "$script" < <(yes)
  printf '\\036'
done`;

export class Bash {
  #child;
  #folder;
  #printed = "";
  #said = "";
  #ended;

  /**
   * @param {string} folder for its scripts
   * @param {object} options of `child_process.spawn`: `cwd` and `env`
   */
  constructor(folder, options) {
    this.#folder = folder;
    this.#child = spawn("bash", ["-c", LOOP], { ...options, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    process.once("exit", () => this.#child.kill("SIGKILL"));
    this.#child.stdout.on("data", (text) => (this.#printed += text));
    this.#child.stderr.on("data", (text) => (this.#said += text));
    this.#ended = new Promise((resolve, reject) => this.#child.once("error", reject).once("close", resolve));
  }

  /** Runs a script, and returns what it printed on standard output, without the last line's end. */
  async run(script) {
    this.#printed = this.#said = "";
    const file = path.join(this.#folder, "script");
    await writeFile(file, script);
    const done = new Promise((resolve) => {
      const look = () => {
        if (!this.#printed.endsWith("\x1e")) return;
        this.#child.stdout.off("data", look);
        resolve(this.#printed.slice(0, -1).replace(/\n$/, ""));
      };
      this.#child.stdout.on("data", look);
    });
    this.#child.stdio[3].write(`${file}\n`);
    const end = this.#ended.then((status) => {
      throw new Error(`ended with ${status}:\n${script}\n${this.#printed}\n${this.#said}`);
    });
    return Promise.race([done, end]);
  }

  /** Ends it. */
  async end() {
    this.#child.stdio[3].end();
    await this.#ended;
  }
}
