import { copyFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import pack from "webpack";

/** Builds the project as `webpack --mode production --entry ./main.js` does. */
export async function webpack(project, out) {
  const stats = await promisify(pack)({
    mode: "production",
    context: project,
    entry: "./main.js",
    output: { path: out },
    // Webpack counts kilobytes, and calls 244 too many. The sizes are a test of their own.
    performance: { hints: false },
  });
  await copyFile(path.join(project, "index.html"), path.join(out, "index.html"));
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  return [...errors, ...warnings].map(({ message }) => message);
}
