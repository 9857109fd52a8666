// Bundles the page on the React entry with one version of React.

import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = path.resolve(process.env.PACKAGE ?? path.join(ROOT, "target/npm"));
const require = createRequire(import.meta.url);

/**
 * Bundles a file as the page of an application that has installed the package.
 *
 * @param {string} entry a file of this folder
 * @param {"18" | "19"} version
 * @returns {Promise<string>} the script
 */
export async function bundleWithReact(entry, version) {
  const suffix = version === "18" ? "-18" : "";
  const folder = (name) => path.dirname(require.resolve(`${name}${suffix}/package.json`));
  const application = await mkdtemp(path.join(tmpdir(), "react-app-"));
  try {
    await mkdir(path.join(application, "node_modules"));
    await cp(PACKAGE, path.join(application, "node_modules/cognito-email-mfa"), { recursive: true });
    await cp(fileURLToPath(new URL(entry, import.meta.url)), path.join(application, entry));
    const { outputFiles } = await build({
      absWorkingDir: application,
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "esm",
      jsx: "automatic",
      logLevel: "silent",
      alias: { react: folder("react"), "react-dom": folder("react-dom") },
      define: { "process.env.NODE_ENV": '"development"' },
    });
    return outputFiles[0].text;
  } finally {
    await rm(application, { recursive: true, force: true });
  }
}
