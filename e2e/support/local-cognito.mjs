// Starts local-cognito for the tests of one file, on a free port, and ends it with them.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { createInterface } from "node:readline";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const START_LIMIT_MS = 30_000;
/** The program that `LOCAL_COGNITO` names, or the debug build. */
export const PROGRAM = path.resolve(process.env.LOCAL_COGNITO ?? path.join(ROOT, "target/debug/local-cognito"));

export const POOL_ID = "us-east-1_EmailMfa1";
export const CLIENT_ID = "emailmfalocalclient00001";
export const SRP_ONLY_CLIENT_ID = "emailmfalocalsrponly0001";
/** As the first, with refresh tokens that rotate and a grace period of 10 seconds. */
export const ROTATING_CLIENT_ID = "emailmfalocalrotating001";
export const SEEDED_USER = { username: "user@example.com", password: "Correct-Horse-9" };

/**
 * Starts the program with the npm package that `PACKAGE` names, or the built one, in the repository's root.
 *
 * @param {...string} flags for example `"--verbose"`; a free port and the controls of tests are always asked for
 * @returns {Promise<LocalCognito>}
 */
export function startLocalCognito(...flags) {
  return startLocalCognitoBy([], ...flags);
}

/** The same, started by the command line that stands before its own, such as `["sh", "-c", …]`. */
export async function startLocalCognitoBy(before, ...flags) {
  const pkg = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"), "dist");
  const own = [PROGRAM, "--port", "0", "--pkg", pkg, "--test-clock", "--faults", ...flags];
  const [program, ...args] = [...before, ...own];
  const child = spawn(program, args, { cwd: ROOT });
  const server = new LocalCognito(child);
  server.url = await readyAddress(child, server);
  return server;
}

class LocalCognito {
  /** The address of the page and of the API, with the last slash. */
  url;
  /** Everything the program has written to stdout and stderr. */
  log = "";
  /** Resolves when the program has ended, whoever ended it. */
  ended;

  #child;

  constructor(child) {
    this.#child = child;
    this.ended = new Promise((resolve) => child.once("close", resolve));
    child.stdout.on("data", (text) => (this.log += text));
    child.stderr.on("data", (text) => (this.log += text));
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("close", () => process.off("exit", kill));
  }

  /** Lets the server's time go on by whole seconds. */
  async advance(seconds) {
    const { triggers } = await this.#control("/clock/advance", { seconds });
    if (!triggers) throw new Error("the triggers' clocks stand still: Debian's package libfaketime is missing");
  }

  /** Makes things go wrong, for example `{ ses: "reject" }`; with `{}` all is well again. */
  async setFaults(faults) {
    await this.#control("/faults", faults);
  }

  /** Calls an operation of the Cognito API, for example `"AdminCreateUser"`. */
  async call(operation, input) {
    const reply = await fetch(this.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const output = await reply.json();
    if (!reply.ok) throw new Error(`${operation} answered ${JSON.stringify(output)}`);
    return output;
  }

  /** Creates a user with a verified address and a password that need not be changed. */
  async createUser({ username, password }) {
    await this.call("AdminCreateUser", {
      UserPoolId: POOL_ID,
      Username: username,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: username },
        { Name: "email_verified", Value: "true" },
      ],
    });
    await this.call("AdminSetUserPassword", {
      UserPoolId: POOL_ID,
      Username: username,
      Password: password,
      Permanent: true,
    });
  }

  /** The number of the process. */
  get pid() {
    return this.#child.pid;
  }

  /** The mails to an address, in the order of the server. */
  async mails(address) {
    const reply = await fetch(new URL(`/inbox/messages?to=${encodeURIComponent(address)}`, this.url));
    return reply.json();
  }

  async #control(path, body) {
    const reply = await fetch(new URL(path, this.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  }

  /** Ends the program and waits until it has ended. */
  async stop() {
    this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.ended;
    clearTimeout(kill);
  }
}

function readyAddress(child, server) {
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      child.kill("SIGKILL");
      reject(new Error(`local-cognito ${why}\n${server.log}`));
    };
    const limit = setTimeout(fail, START_LIMIT_MS, `was not ready within ${START_LIMIT_MS} ms`);
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    child.once("close", (code) => fail(`ended with ${code} before it was ready`));
    createInterface(child.stdout).on("line", (line) => {
      const address = /^ready (http:\/\/\S+)$/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(limit);
      resolve(address);
    });
  });
}
