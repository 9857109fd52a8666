// Work in parts, so that a page can do in between what else is due: a click, a frame.

// Of the 50 milliseconds after which a person notices, most are left to the last part.
const LONGEST_MS = 10;

// `advance` does a part, and gives whether it was the last. What was done before, and what comes
// after, may be long enough by itself.
export async function inParts(advance) {
  for (let done = false; !done; ) {
    await turn();
    const until = performance.now() + LONGEST_MS;
    do done = advance();
    while (!done && performance.now() < until);
  }
  await turn();
}

function turn() {
  // It rejects if the caller's task was given up, which a sign-in has a signal for.
  return globalThis.scheduler?.yield?.().catch(() => {}) ?? new Promise((resolve) => {
    // Unlike a timer's, its message is not late in a tab that is hidden.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(0);
  });
}
