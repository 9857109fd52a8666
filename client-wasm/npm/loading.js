// Loads a wasm module once. A load that failed can be tried again.
import { CognitoError } from './errors.js';

// `start` takes the module, or where it is, and gives what callers get; `defaultSource` gives the
// module: its bytes, its URL, itself, or a promise of any.
export function loading(start, defaultSource) {
  let loaded;
  return function init(source = defaultSource) {
    loaded ??= load(start, source).catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

const starts = new WeakMap();

// Starts a module, and has its glue call it, which is what wasm-bindgen has written for it. Once for
// all entries that share the glue, for it keeps a view of the memory.
export function start(module, glue) {
  if (!starts.has(glue)) {
    const begun = instantiate(module, glue);
    starts.set(glue, begun);
    begun.catch(() => starts.delete(glue));
  }
  return starts.get(glue);
}

// Not at once, for a page may start but small modules so.
async function instantiate(module, glue) {
  const imports = WebAssembly.Module.imports(module).map((wanted) => [wanted.module, glue]);
  const { exports } = await WebAssembly.instantiate(module, Object.fromEntries(imports));
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

// The module of its bytes, of where they are, of the reply that has them, or of itself.
export async function compile(source) {
  const given = await source;
  // Told by its tag: a sandbox hands over what is of another realm.
  const tag = given?.[Symbol.toStringTag];
  if (tag === 'WebAssembly.Module') return given;
  if (tag === 'ArrayBuffer' || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const response = tag === 'Response' ? given : await fetch(given);
  if (!response.ok) throw new TypeError(`HTTP status ${response.status} from ${response.url}`);
  try {
    return await WebAssembly.compileStreaming(response.clone());
  } catch {
    // Servers that do not know the media type; what is no module will not be one here either.
    return WebAssembly.compile(await response.arrayBuffer());
  }
}

export function decode(base64) {
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

async function load(start, source) {
  try {
    return await start(typeof source === 'function' ? source() : source);
  } catch (cause) {
    const hint = "a Content-Security-Policy needs script-src 'wasm-unsafe-eval'";
    throw new CognitoError('wasm_unavailable', `the wasm module cannot start (${hint})`, { cause });
  }
}
