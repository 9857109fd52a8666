// What people do and what befalls them, and what has to come of it. This is the oracle: nothing in
// it asks the client or the pool. What is told is a list of words, as `Person` writes them down.

const ASKED = "code sent, 3 left";
const SIGNED_IN = ["signed in"];

/** Most sign-ins. */
export const ORDINARY = {
  name: "ordinary",
  told: [ASKED, "signed in"],
  act: async (person) => {
    await person.begin();
    await person.answer(await person.mailedCode());
  },
};

const slips = [
  {
    name: "wrong password",
    told: ["bad_credentials", ASKED, "signed in"],
    act: async (person) => {
      await person.tries(() => person.beginWithNearMiss());
      await ORDINARY.act(person);
    },
  },
  {
    name: "nobody of that name",
    told: ["bad_credentials"],
    act: (person) => person.beginAsNobody(),
  },
  ...[1, 2].map((times) => ({
    name: `wrong code, ${times} of 3`,
    told: [ASKED, "code wrong, 2 left", "code wrong, 1 left"].slice(0, times + 1).concat(SIGNED_IN),
    act: async (person) => {
      await person.begin();
      await answersWrong(person, times);
      await person.answer(await person.mailedCode());
    },
  })),
  {
    name: "wrong code, 3 of 3",
    told: [ASKED, "code wrong, 2 left", "code wrong, 1 left", "code_attempts_exceeded"],
    act: async (person) => {
      await person.begin();
      await answersWrong(person, 3);
    },
  },
  {
    name: "no code at all",
    told: [ASKED, "invalid_code", "invalid_code", "signed in"],
    act: async (person) => {
      await person.begin();
      await person.tries(() => person.answer("letters"));
      await person.tries(() => person.answer("12345"));
      await person.answer(await person.mailedCode());
    },
  },
  {
    name: "new code, asked for too soon",
    told: [ASKED, "code, 3 left", "signed in"],
    act: async (person) => {
      await person.begin();
      await person.resend();
      await person.answer(await person.mailedCode());
    },
  },
  {
    name: "two clicks",
    told: [ASKED, "busy", "signed in", "spent"],
    act: async (person) => {
      await person.begin();
      const code = await person.mailedCode();
      await person.answerTwice(code);
      await person.tries(() => person.answer(code));
    },
  },
  {
    name: "two tabs with one code",
    told: [ASKED, ASKED, "signed in", "code wrong, 2 left"],
    act: async (person) => {
      await person.begin();
      const tab = person.openTab();
      await tab.begin();
      const code = await person.mailedCode();
      await tab.answer(code);
      await person.answer(code);
    },
  },
  {
    name: "each request sent once more by somebody else",
    told: [ASKED, "signed in", "NotAuthorizedException", "NotAuthorizedException"],
    act: async (person) => {
      await person.begin();
      await person.answer(await person.mailedCode());
      await person.replay("PASSWORD_VERIFIER");
      await person.replay("CUSTOM_CHALLENGE");
    },
  },
  ...["InitiateAuth", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"].map((at) => ({
    name: `left at ${at}`,
    told: at === "CUSTOM_CHALLENGE" ? [ASKED, "aborted"] : ["aborted"],
    act: async (person) => {
      person.leavesAt(at);
      await ORDINARY.act(person);
    },
  })),
];

// What becomes of a request, and what the client has to say. A sign-in is begun again if that does
// no harm; what answers is never sent twice.
const REPEATED = [
  ["reset", 1, "signed in"],
  ["reset", Infinity, "network"],
  ["lost", 1, "signed in"],
  ["cut", 1, "signed in"],
  ["slow", 1, "signed in"],
  ["dripped", 1, "signed in"],
  ["late", 1, "timeout"],
  ["busy", 2, "signed in"],
  ["busy", Infinity, "throttled"],
  ["broken", 1, "signed in"],
  ["broken", Infinity, "pool_unavailable"],
  ["gateway", 1, "signed in"],
];
const ONCE = [
  ["reset", "network"],
  ["lost", "network"],
  ["cut", "network"],
  ["slow", "signed in"],
  ["dripped", "signed in"],
  ["late", "timeout"],
  ["busy", "throttled"],
  ["broken", "pool_unavailable"],
  ["gateway", "pool_unavailable"],
];
const accidents = [
  ...REPEATED.map(([how, times, end]) =>
    accident({ at: "InitiateAuth", how, times }, end === "signed in" ? [ASKED, end] : [end])),
  ...ONCE.map(([how, end]) =>
    accident({ at: "PASSWORD_VERIFIER", how, times: 1 }, end === "signed in" ? [ASKED, end] : [end])),
  ...ONCE.map(([how, end]) => accident({ at: "CUSTOM_CHALLENGE", how, times: 1 }, [ASKED, end])),
];

function accident(fault, told) {
  const { at, how, times } = fault;
  const often = times === Infinity ? "always" : `${times} times`;
  return { name: `${how} at ${at}, ${often}`, told, fault, act: ORDINARY.act };
}

/** What happens to one person at a time. */
export const SCENES = [...slips, ...accidents];

const begin = (person) => person.begin();
const resend = (person) => person.resend();
const answer = async (person) => person.answer(await person.mailedCode());
const answerWrong = (person) => answersWrong(person, 1);
const exhaust = (person) => answersWrong(person, 3);
const healed = { faults: {} };

/** What happens to all at once: a stage is what each does, or what the pool does then. */
export const COMMON_SCENES = [
  {
    name: "pool throttles",
    stages: [{ faults: { api: "throttle" } }, begin, healed, ORDINARY.act],
    told: ["throttled", ASKED, "signed in"],
  },
  { name: "Define fails", stages: [{ faults: { define: "fail" } }, begin, healed], told: ["trigger_failed"] },
  { name: "Create fails", stages: [{ faults: { create: "fail" } }, begin, healed], told: ["trigger_failed"] },
  { name: "Create gets no event", stages: [{ faults: { create: "garble" } }, begin, healed], told: ["trigger_failed"] },
  {
    name: "Verify fails",
    stages: [begin, { faults: { verify: "fail" } }, answer, healed],
    told: [ASKED, "trigger_failed"],
  },
  {
    name: "Verify gets no event",
    stages: [begin, { faults: { verify: "garble" } }, answer, healed],
    told: [ASKED, "trigger_failed"],
  },
  { name: "no mail goes out", stages: [{ faults: { ses: "reject" } }, begin, healed], told: ["mail_not_sent"] },
  { name: "no table for Create", stages: [{ faults: { table: "throttle" } }, begin, healed], told: ["trigger_failed"] },
  {
    name: "no table for Verify",
    stages: [begin, { faults: { table: "throttle" } }, answer, healed, answer],
    told: [ASKED, "code wrong, 2 left", "signed in"],
  },
];

/** The same, where time goes by. */
export const LATE_SCENES = [
  { name: "new code", stages: [begin, { advance: 31 }, resend, answer], told: [ASKED, ASKED, "signed in"] },
  {
    name: "old code",
    stages: [begin, (person) => person.keepCode(), { advance: 31 }, resend, (person) => person.answerKept(), answer],
    told: [ASKED, ASKED, "code wrong, 2 left", "signed in"],
  },
  {
    name: "code is too old",
    stages: [begin, { advance: 170 }, answerWrong, { advance: 15 }, answer, resend, answer],
    told: [ASKED, "code wrong, 2 left", "code wrong, 1 left", "code sent, 1 left", "signed in"],
  },
  { name: "session is too old", stages: [begin, { advance: 181 }, answer], told: [ASKED, "session_expired"] },
  {
    name: "ten wrong codes lock",
    stages: [
      begin, exhaust, { advance: 31 }, begin, exhaust, { advance: 31 }, begin, exhaust, { advance: 31 }, begin,
      answerWrong, answer, { advance: 31 }, begin, { advance: 901 }, begin, answer,
    ],
    told: [
      ...Array(3).fill([ASKED, "code wrong, 2 left", "code wrong, 1 left", "code_attempts_exceeded"]).flat(),
      ASKED, "code wrong, 2 left", "code wrong, 1 left", "locked_out", ASKED, "signed in",
    ],
  },
];

async function answersWrong(person, times) {
  const code = await person.mailedCode();
  for (let time = 1; time <= times; time += 1) await person.answer(otherThan(code, time));
}

// As long, and another each time.
function otherThan(code, by) {
  return code.replace(/\d$/, (digit) => String((Number(digit) + by) % 10));
}
