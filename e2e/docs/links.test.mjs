// Links between the documents lead somewhere.

import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCUMENTS = [
  "README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md",
  "client-wasm/npm/README.md", "client-wasm/npm/MIGRATING.md",
];

for (const document of DOCUMENTS) {
  test(`${document}: every link of its own leads to a file or a heading`, async () => {
    const text = await readFile(path.join(ROOT, document), "utf8");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file, heading] = target.split("#");
      const to = path.join(ROOT, path.dirname(document), file || path.basename(document));
      await access(to);
      if (heading) assert.ok(headingsOf(await readFile(to, "utf8")).includes(heading), `${document}: ${target}`);
    }
  });
}

test("a heading is found by what it is called in a link", () => {
  assert.deepEqual(headingsOf("# `<a-b>`, and so on\n### What is it?\n"), ["a-b-and-so-on", "what-is-it"]);
});

function headingsOf(markdown) {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-"));
}
