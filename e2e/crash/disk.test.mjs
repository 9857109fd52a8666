// Disks that are full, folders that may not be written, files that others hold: what could not be kept did
// not happen, what was kept stays, and the error says why.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { POOL_ID, PROGRAM, startLocalCognitoBy } from "../support/local-cognito.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "disk-"));
after(() => {
  spawnSync("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true });
});

test("on a full disk nothing changes, and all goes on when there is room again", async (t) => {
  const { file, server } = await start(t, "full");
  await server.createUser(person("ada"));
  const before = readFileSync(file, "utf8");
  // Whatever is written there finds the disk full.
  symlinkSync("/dev/full", `${file}.new`);
  await assert.rejects(server.createUser(person("bob")), /InternalErrorException.*No space left on device/);
  assert.equal(readFileSync(file, "utf8"), before);
  await assert.rejects(server.call("AdminGetUser", who("bob")), /UserNotFoundException/);
  await server.call("AdminGetUser", who("ada"));
  await server.createUser(person("bob"));
  await server.stop();
  const again = await startAgain(t, file);
  for (const name of ["ada", "bob"]) await again.call("AdminGetUser", who(name));
});

test("a file that may not grow keeps whom it has, and no half file stays beside it", async (t) => {
  // 512 bytes each. Whoever writes beyond them is told, and not ended.
  const { file, server } = await start(t, "limited", "sh", "-c", "trap '' XFSZ; ulimit -f 30; exec \"$@\"", "sh");
  const kept = [];
  const add = async (name) => {
    await server.createUser(person(name));
    kept.push(name);
  };
  await assert.rejects(async () => {
    for (let number = 0; number < 100; number += 1) await add(`person${number}`);
  }, /InternalErrorException.*File too large/);
  assert.ok(kept.length > 3);
  assert.equal(existsSync(`${file}.new`), false);
  await server.stop();
  const again = await startAgain(t, file);
  for (const name of kept) await again.call("AdminGetUser", who(name));
  await again.createUser(person("last"));
});

test("in a folder that may not be written nothing changes", async (t) => {
  // Root may write everywhere; not so without its capabilities.
  const mortal = process.getuid() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
  const { file, server } = await start(t, "readonly", ...mortal);
  await server.createUser(person("ada"));
  chmodSync(path.dirname(file), 0o555);
  await assert.rejects(server.createUser(person("bob")), /InternalErrorException.*Permission denied/);
  await server.call("AdminGetUser", who("ada"));
  await assert.rejects(server.call("AdminGetUser", who("bob")), /UserNotFoundException/);
  chmodSync(path.dirname(file), 0o755);
  await server.createUser(person("bob"));
});

test("what a crash left beside the file, whole or in part, is not read", async (t) => {
  const { file, server } = await start(t, "beside");
  await server.createUser(person("ada"));
  await server.stop();
  const data = readFileSync(file, "utf8");
  const later = data.replaceAll("ada@example.com", "eve@example.com");
  for (const beside of [later, later.slice(0, 1_000), "", "\0\0\0"]) {
    writeFileSync(`${file}.new`, beside);
    const again = await startAgain(t, file);
    await again.call("AdminGetUser", who("ada"));
    await assert.rejects(again.call("AdminGetUser", who("eve")), /UserNotFoundException/);
    await again.stop();
    assert.equal(readFileSync(file, "utf8"), data);
  }
});

test("two servers do not share a data file, not even by another name of it", async (t) => {
  const { file, server } = await start(t, "shared");
  const alias = path.join(path.dirname(file), "alias.json");
  symlinkSync(file, alias);
  for (const name of [file, alias]) {
    const second = spawnSync(PROGRAM, ["--port", "0", "--data", name], { encoding: "utf8", timeout: 10_000 });
    assert.equal(second.status, 1);
    assert.match(second.stderr, /^local-cognito: --data \S+\.json: another local-cognito has it open/);
  }
  await server.createUser(person("ada"));
  process.kill(server.pid, "SIGKILL");
  await server.stop();
  const again = await startAgain(t, alias);
  await again.createUser(person("bob"));
  await again.stop();
  assert.match(readFileSync(file, "utf8"), /bob@example\.com/, "the link still leads to the file");
});

async function start(t, name, ...before) {
  mkdirSync(path.join(folder, name));
  const file = path.join(folder, name, "users.json");
  return { file, server: await startAgain(t, file, ...before) };
}

async function startAgain(t, file, ...before) {
  const server = await startLocalCognitoBy(before, "--data", file);
  t.after(() => server.stop());
  return server;
}

function person(name) {
  return { username: `${name}@example.com`, password: "Correct-Horse-9" };
}

function who(name) {
  return { UserPoolId: POOL_ID, Username: `${name}@example.com` };
}
