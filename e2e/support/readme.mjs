// The commands of README.md.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const README = await readFile(new URL("../../README.md", import.meta.url), "utf8");

/** The blocks of commands of a section, each to be taken by something that is in it. */
export class Commands {
  #blocks;

  constructor(heading) {
    const section = README.split(/^## /m).find((section) => section.startsWith(`${heading}\n`));
    assert.ok(section, `README.md has no section "${heading}"`);
    this.#blocks = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block);
  }

  /** The one block that has a text in it. It is not there a second time. */
  take(text) {
    const found = this.#blocks.filter((block) => block.includes(text));
    assert.equal(found.length, 1, `blocks with ${text}`);
    this.#blocks = this.#blocks.filter((block) => block !== found[0]);
    return found[0];
  }

  /** The blocks that nobody has taken. */
  get left() {
    return this.#blocks;
  }
}
