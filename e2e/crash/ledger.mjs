// What clients were told: each person as last acknowledged, and the write that nobody answered yet.

/** Whether a call failed because nobody was there any more, and not because it was refused. */
export function isCutOff(error) {
  // As `fetch` says it, which has no class for that; the client has a code.
  const ofFetch = error instanceof TypeError && ["fetch failed", "terminated"].includes(error.message);
  return ofFetch || error?.code === "network";
}

export class Ledger {
  /** How many writes were acknowledged. */
  acknowledged = 0;
  /** How many were cut off: each of them may have happened, or not. */
  cutOff = 0;

  #people = new Map();

  /** The people of whom anything is known. */
  get names() {
    return [...this.#people.keys()];
  }

  /** The fields of a person that anybody wrote, or wanted to. */
  fields(username) {
    const { kept, asked } = this.#people.get(username);
    return Object.keys({ ...kept, ...asked });
  }

  /** Notes a write before it is sent, and that it is done only when it was acknowledged. */
  async write(username, fields, send) {
    if (!this.#people.has(username)) this.#people.set(username, { kept: {}, asked: {} });
    const person = this.#people.get(username);
    person.asked = fields;
    try {
      const output = await send();
      this.acknowledged += 1;
      person.kept = { ...person.kept, ...fields };
      person.asked = {};
      return output;
    } catch (error) {
      if (isCutOff(error)) this.cutOff += 1;
      throw error;
    }
  }

  /**
   * What is missing or otherwise in what was found, as one line for each field.
   *
   * @param found the fields of a person that can be seen from where this is asked
   */
  losses(username, found) {
    return Object.keys(found).filter((field) => !this.expected(username, field).includes(found[field]))
      .map((field) => `${username}: ${field} is ${found[field]}, expected ${this.expected(username, field).join(" or ")}`);
  }

  /** Takes what was found for what is: a write that was cut off has happened by now, or never will. */
  settle(username, found) {
    const person = this.#people.get(username);
    person.kept = { ...person.kept, ...found };
    for (const field of Object.keys(found)) delete person.asked[field];
  }

  /** The values of a field that may be found: a person who was never acknowledged may be missing. */
  expected(username, field) {
    const { kept, asked } = this.#people.get(username);
    return field in asked ? [kept[field], asked[field]] : [kept[field]];
  }
}
