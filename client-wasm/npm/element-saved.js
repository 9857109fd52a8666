// The step that waits when a page is reloaded, in this tab's sessionStorage. Where the browser
// blocks it, nothing is saved.

export class SavedSteps {
  #key;

  constructor(userPoolId, clientId) {
    this.#key = `cognito-email-mfa.${userPoolId}.${clientId}.step`;
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key)) ?? undefined;
    } catch {
      return undefined;
    }
  }

  // Not every step can be saved; without one, what was there goes.
  keep(step) {
    try {
      if (step?.save) sessionStorage.setItem(this.#key, JSON.stringify(step.save()));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // A reload then starts again.
    }
  }
}
