// How long a code is valid, how many tries are left, and from when on a new one may be asked for.
import { fill } from './words.js';

const TICK_MS = 250;
const LAST_CALL_MS = 30_000;

// Shows it until the returned function is called, and announces the end of the code's life.
export function countDown({ expiresAt, resendAt, attemptsLeft }, { facts, resend }, words, announce) {
  const [validity, tries] = [document.createElement('span'), document.createElement('span')];
  facts.append(validity, tries);
  tries.textContent = triesLeft(attemptsLeft, words);
  resend.hidden = !resendAt;
  let before = expiresAt ? until(expiresAt) : 0;
  const tick = () => {
    if (resendAt) showWait(resend, until(resendAt), words);
    if (!expiresAt) return;
    const left = until(expiresAt);
    validity.textContent =
      left > 0 ? fill(words.validFor, { time: minutesAndSeconds(left) }) : words.noLongerValid;
    if (crosses(LAST_CALL_MS)) announce(words.soonInvalid);
    if (crosses(0)) announce(words.noLongerValid);
    before = left;

    function crosses(mark) {
      return before > mark && left <= mark;
    }
  };
  tick();
  facts.hidden = facts.textContent === '';
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

function showWait(resend, wait, words) {
  resend.setAttribute('aria-disabled', String(wait > 0));
  const label =
    wait > 0 ? fill(words.resendIn, { time: minutesAndSeconds(wait) }) : words.resend;
  if (resend.textContent !== label) resend.textContent = label;
}

function triesLeft(count, words) {
  if (count === undefined) return '';
  return count === 1 ? words.oneTry : fill(words.tries, { n: count });
}

function minutesAndSeconds(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function until(date) {
  return date.getTime() - Date.now();
}
