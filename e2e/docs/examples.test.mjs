// Every example of the documents is held against the types of the package that it is for.

import assert from "node:assert/strict";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as amplify from "@aws-amplify/auth";
import ts from "typescript";
import { examplesIn, OURS, PEERS } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const MODULES = path.join(ROOT, "e2e/node_modules");
const DRAFTS = path.join(ROOT, "target/examples");
const DOCUMENTS = [
  "README.md", "client-wasm/npm/README.md", "client-wasm/npm/MIGRATING.md",
  ...["index", "session", "account", "element", "jwks"].map((name) => `client-wasm/npm/${name}.d.ts`),
];

// A cell of a table has no room for an import.
const IMPORTS = {
  [OURS]: `import { Cognito } from "${OURS}";\n`,
  "amazon-cognito-identity-js": "",
  "aws-amplify": `import { ${Object.keys(amplify).join(", ")} } from "aws-amplify/auth";\n`,
};

let examples;

before(async () => {
  examples = (await Promise.all(DOCUMENTS.map(read))).flat();
  await rm(DRAFTS, { recursive: true, force: true });
  await mkdir(path.join(DRAFTS, "node_modules"), { recursive: true });
  // As it is installed, so that its `exports` are what is asked.
  await symlink(PACKAGE, path.join(DRAFTS, "node_modules", OURS));
  for (const name of ["amazon-cognito-identity-js", "@aws-amplify"]) {
    await symlink(path.join(MODULES, name), path.join(DRAFTS, "node_modules", name));
  }
});

for (const document of DOCUMENTS) {
  test(`${document}: our examples compile`, async () => {
    const ours = examples.filter((example) => example.document === document && example.whose === OURS);
    assert.ok(ours.length > 0, "no example was found");
    assert.deepEqual(await mistakesIn(ours), []);
  });
}

for (const peer of PEERS) {
  test(`what is shown of ${peer} compiles against its own types`, async () => {
    const theirs = examples.filter(({ whose }) => whose === peer);
    assert.ok(theirs.length > 20, `only ${theirs.length} examples were found`);
    assert.deepEqual(await mistakesIn(theirs), []);
  });
}

test("a mistake in an example would be found", async () => {
  const [example] = examples.filter(({ whose }) => whose === OURS);
  const code = "import { Cognito } from 'cognito-email-mfa';\nnew Cognito({ userPoolId, client: 'c' });\n";
  const [mistake] = await mistakesIn([{ ...example, line: 0, code }]);
  assert.match(mistake, /'client' does not exist in type 'CognitoOptions'/);
});

async function read(document) {
  const text = await readFile(path.join(ROOT, document), "utf8");
  // What is documented beside the types stands in comments.
  const found = examplesIn(document.endsWith(".d.ts") ? text.replaceAll(/^ *\* ?/gm, "") : text);
  const unknown = found.filter(({ whose }) => whose !== OURS && !PEERS.includes(whose));
  assert.deepEqual(unknown, []);
  return found.map((example) => ({ document, ...example }));
}

// All of one package: what is given to its examples would not fit those of another.
async function mistakesIn(examples) {
  const drafts = await Promise.all(examples.map(write));
  const given = [examples[0].whose, "compiled"].map((name) => fileURLToPath(new URL(`given/${name}.d.ts`, import.meta.url)));
  const program = ts.createProgram([...given, ...drafts], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: true,
    // The given types are outside of the drafts' folder.
    paths: {
      "amazon-cognito-identity-js": [path.join(MODULES, "amazon-cognito-identity-js")],
      // The names under which its readers install it.
      "aws-amplify": [path.join(MODULES, "@aws-amplify/core")],
      "aws-amplify/auth": [path.join(MODULES, "@aws-amplify/auth")],
      "aws-amplify/auth/cognito": [path.join(MODULES, "@aws-amplify/auth/cognito")],
      "aws-amplify/utils": [path.join(MODULES, "@aws-amplify/core")],
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) =>
    `${path.basename(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

async function write({ document, whose, line, extension, code }) {
  const name = `${document.replaceAll("/", "_")}-${line}-${whose}.${extension}`;
  const file = path.join(DRAFTS, name);
  const imports = code.includes("import ") ? "" : IMPORTS[whose];
  await writeFile(file, `${imports}${code}export {};\n`);
  return file;
}
