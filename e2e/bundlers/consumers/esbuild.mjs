import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { entriesOf } from "../support/project.mjs";

/** Builds the project as `esbuild main.js worker.js --bundle --minify --format=esm --splitting` does. */
export async function esbuild(project, out) {
  const { errors, warnings } = await build({
    absWorkingDir: project,
    entryPoints: await entriesOf(project),
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    outdir: out,
    logLevel: "silent",
  });
  await copyFile(path.join(project, "index.html"), path.join(out, "index.html"));
  return [...errors, ...warnings].map(({ text }) => text);
}
