// Work in parts, so that a page can do in between what else is due: a click, a frame.

// Of the 50 milliseconds after which a person notices, most are left to the last part.
const LONGEST_MS = 10;

// `advance` does a part, and gives whether it was the last.
export async function inParts(advance) {
  let since = performance.now();
  while (!advance()) {
    if (performance.now() - since < LONGEST_MS) continue;
    await turn();
    since = performance.now();
  }
}

function turn() {
  return globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
