import { build, createLogger, createServer } from "vite";

/** Builds the project as `vite build` does, and returns what it warns of. */
export async function vite(project, out) {
  const { logger, warnings } = listener();
  await build({ logLevel: "silent", root: project, configFile: false, customLogger: logger, base: "./", build: { outDir: out, emptyOutDir: true } });
  return warnings;
}

/** Serves the project as `vite` does. */
export async function viteDev(project) {
  const { logger, warnings } = listener();
  const server = await createServer({
    root: project,
    configFile: false,
    customLogger: logger,
    server: { host: "127.0.0.1", port: 0, hmr: { host: "127.0.0.1" } },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}/`, warnings, stop: () => server.close() };
}

function listener() {
  const warnings = [];
  const warn = (message) => void warnings.push(message);
  return { warnings, logger: { ...createLogger("silent"), warn, warnOnce: warn, error: warn } };
}
