// The clients as a page has them: each bundled by esbuild, with chunks for what is imported later.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const CLIENTS = fileURLToPath(new URL("clients/", import.meta.url));

/**
 * Bundles clients.
 *
 * @param {string} ours the folder of our package, as it is published
 * @param {string[]} names those of files in `clients/`
 * @returns {Promise<Map<string, Uint8Array>>} what to serve, by its path: `/NAME/NAME.js`, and chunks beside it
 */
export async function bundle(ours, names) {
  const files = new Map();
  for (const name of names) {
    const { outputFiles } = await build({
      entryPoints: [path.join(CLIENTS, `${name}.mjs`)],
      bundle: true,
      minify: true,
      splitting: true,
      format: "esm",
      outdir: "/",
      write: false,
      // What a page that uses amazon-cognito-identity-js has to say.
      define: { global: "globalThis" },
      plugins: [fromFolder(ours)],
    });
    for (const { path: file, contents } of outputFiles) files.set(`/${name}${file}`, contents);
  }
  // Beside the script, as a page serves them.
  for (const core of ["core_bg", "core-simd_bg", "core-fused_bg"]) {
    files.set(`/slim/${core}.wasm`, await readFile(path.join(ours, "dist", `${core}.wasm`)));
  }
  return files;
}

// A package refers to itself by its own name, as others do.
function fromFolder(folder) {
  return {
    name: "ours",
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^cognito-email-mfa($|\/)/ }, ({ path: name, kind, resolveDir }) =>
        resolveDir.startsWith(folder) ? undefined : resolve(name, { kind, resolveDir: path.join(folder, "dist") }));
    },
  };
}
