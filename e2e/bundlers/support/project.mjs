// Projects of people who have nothing but the package, installed from its tarball.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = fileURLToPath(new URL("../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(HERE, "../../target/npm"));
const npm = (folder, ...args) => promisify(execFile)("npm", [...args, "--silent"], { cwd: folder });

/** A folder of its own for a test file, with the packed package in it. */
export class Workshop {
  #folder;

  static async open() {
    const workshop = new Workshop();
    workshop.#folder = await mkdtemp(path.join(tmpdir(), "bundlers-"));
    const { stdout } = await npm(PACKAGE, "pack", "--pack-destination", workshop.#folder);
    workshop.tarball = path.join(workshop.#folder, stdout.trim());
    return workshop;
  }

  /**
   * Makes a project and installs the package in it.
   *
   * @param {string} name its folder
   * @param {...(string | Record<string, string>)} sources folders beside this one to copy, or texts by the names of their files
   */
  async project(name, ...sources) {
    const project = this.path(name);
    await mkdir(project);
    await write(project, { "package.json": `{ "private": true, "type": "module" }\n` });
    for (const source of sources) {
      if (typeof source === "string") await cp(path.join(HERE, source), project, { recursive: true });
      else await write(project, source);
    }
    await npm(project, "install", "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps", this.tarball);
    return project;
  }

  /** A path in this folder. */
  path(name) {
    return path.join(this.#folder, name);
  }

  close() {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

/** The modules of a project that a page or a `new Worker` names. */
export async function entriesOf(project) {
  const names = await readdir(project);
  return ["main.js", "worker.js"].filter((name) => names.includes(name));
}

async function write(folder, texts) {
  await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(path.join(folder, name), text)));
}
