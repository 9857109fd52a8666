import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { rollup as bundle } from "rollup";
import { entriesOf } from "../support/project.mjs";

/** Builds the project as `rollup --plugin node-resolve --plugin terser` does. */
export async function rollup(project, out) {
  const warnings = [];
  const input = (await entriesOf(project)).map((name) => path.join(project, name));
  const built = await bundle({ input, plugins: [nodeResolve(), terser()], onwarn: ({ message }) => warnings.push(message) });
  await built.write({ dir: out, format: "es" });
  await built.close();
  await copyFile(path.join(project, "index.html"), path.join(out, "index.html"));
  return warnings;
}
