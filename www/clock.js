// Times as people read them.

/** Minutes and seconds, for example `2:59`; a started second counts, and nothing is below `0:00`. */
export function minutesAndSeconds(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Milliseconds from now until a date; negative when it is over. */
export function until(date) {
  return date.getTime() - Date.now();
}

/** Calls `tick` at once and then four times a second, until the returned function is called. */
export function everyQuarterSecond(tick) {
  tick();
  const timer = setInterval(tick, 250);
  return () => clearInterval(timer);
}

/** Keeps what each step of a sign-in took, in milliseconds. */
export class Stopwatch {
  laps = [];

  /** Starts a lap; the returned function ends it under the name that fits the outcome. */
  start() {
    const began = performance.now();
    return (name) => this.laps.push({ name, milliseconds: performance.now() - began });
  }
}
