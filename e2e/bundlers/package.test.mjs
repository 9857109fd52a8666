// The tarball, as tools judge it that know what runtimes and compilers make of a package.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Workshop } from "./support/project.mjs";

const MODULES = fileURLToPath(new URL("node_modules/", import.meta.url));
const run = (program, ...args) => promisify(execFile)(process.execPath, [path.join(MODULES, program), ...args]);

describe("the packed package", () => {
  let workshop;
  let installed;

  before(async () => {
    workshop = await Workshop.open();
    installed = path.join(await workshop.project("empty"), "node_modules/cognito-email-mfa");
  });
  after(() => workshop?.close());

  test("publint finds nothing", async () => {
    const { stdout } = await run("publint/src/cli.js", workshop.tarball, "--strict");
    assert.match(stdout, /All good!/);
  });

  test("are-the-types-wrong finds nothing", async () => {
    const { version, exports } = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8"));
    assert.match(workshop.tarball, new RegExp(`${version}\\.tgz$`));
    const names = Object.keys(exports);
    const untyped = names.filter((name) => !exports[name].types).map((name) => name.slice(2));
    assert.deepEqual(untyped.filter((name) => !/\.(wasm|json)$/.test(name)), []);
    const args = ["--profile", "esm-only", "--format", "ascii", "--exclude-entrypoints", ...untyped];
    const { stdout } = await run("@arethetypeswrong/cli/dist/index.js", workshop.tarball, ...args);
    for (const resolution of ["node16 (from ESM): 🟢 (ESM)", "bundler: 🟢"]) {
      assert.equal(stdout.split(resolution).length - 1, names.length - untyped.length, stdout);
    }
  });

  test("the API pages have every entry", async () => {
    const { exports } = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8"));
    const { entryPoints } = JSON.parse(await readFile(new URL("typedoc.json", import.meta.url), "utf8"));
    // The slim entry has the types of the main one.
    const typed = Object.keys(exports).filter((name) => exports[name].types && name !== "./slim");
    const files = typed.map((name) => path.basename(exports[name].types));
    assert.deepEqual(entryPoints.map((file) => path.basename(file)).sort(), files.sort());
  });

  test("every file of the package is in it, and nothing else", async () => {
    const built = path.join(process.env.PACKAGE ?? fileURLToPath(new URL("../../target/npm", import.meta.url)), "dist");
    assert.deepEqual((await readdir(path.join(installed, "dist"))).sort(), (await readdir(built)).sort());
    const outside = (await readdir(installed)).filter((name) => !["dist", "LICENSE", "README.md", "MIGRATING.md", "package.json"].includes(name));
    assert.deepEqual(outside, []);
  });

  test("every entry can be imported where there is no browser", async () => {
    const { exports } = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8"));
    const names = Object.keys(exports).filter((name) => exports[name].types && name !== "./react");
    assert.ok(names.length >= 5);
    const script = names.map((name) => `import ${JSON.stringify(path.posix.join("cognito-email-mfa", name))};`).join("");
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: path.join(installed, "../..") });
  });
});
