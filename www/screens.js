// What is the same on every screen: one is shown at a time, says what is wrong, and can be busy.

/**
 * Shows one screen and hides the others.
 *
 * @param {"password" | "code" | "signed-in" | "challenge"} name
 */
export function show(name) {
  for (const screen of document.querySelectorAll("[id$='-screen']")) {
    screen.hidden = screen.id !== `${name}-screen`;
    if (!screen.hidden) document.title = `${screen.dataset.title} · Email code sign-in`;
  }
  const items = [...document.querySelectorAll("[data-step]")];
  const current = items.findIndex((item) => item.dataset.step === name);
  for (const [index, item] of items.entries()) {
    item.classList.toggle("done", index < current);
    if (index === current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

/** Says something to people who listen to the page instead of looking at it. */
export function announce(text) {
  document.getElementById("status").textContent = text;
}

/**
 * Puts a sentence at the top of a form and ties it to the fields that it is about.
 *
 * @param {HTMLElement} notice
 * @param {{ text: string, smallPrint?: string, tone?: "error" | "note" | "good" }} content
 * @param {HTMLInputElement[]} [fields] the first one gets the focus
 */
export function say(notice, { text, smallPrint, tone = "error" }, fields = []) {
  silence(notice);
  notice.dataset.tone = tone;
  notice.textContent = text;
  if (smallPrint) {
    const small = document.createElement("small");
    small.textContent = smallPrint;
    notice.append(" ", small);
  }
  notice.hidden = false;
  for (const field of fields) {
    field.setAttribute("aria-describedby", notice.id);
    if (tone === "error") field.setAttribute("aria-invalid", "true");
  }
  fields[0]?.focus();
  fields[0]?.select();
}

/** Takes the sentence away again, and its ties. */
export function silence(notice) {
  notice.hidden = true;
  notice.textContent = "";
  for (const field of document.querySelectorAll(`[aria-describedby="${notice.id}"]`)) {
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
}

/**
 * Marks a form as waiting for the request that a button started. Nothing gets the `disabled`
 * attribute: that would take the focus away from under the person's hands.
 *
 * @returns {() => void} ends the wait
 */
export function busy(form, button) {
  const label = button.textContent;
  const cancel = form.querySelector("[data-cancel]");
  const fields = form.querySelectorAll("input");
  button.textContent = button.dataset.busyLabel;
  button.classList.add("busy");
  button.setAttribute("aria-disabled", "true");
  form.setAttribute("aria-busy", "true");
  cancel.hidden = false;
  for (const field of fields) field.readOnly = true;
  announce(button.dataset.busyLabel);
  return () => {
    button.textContent = label;
    button.classList.remove("busy");
    button.removeAttribute("aria-disabled");
    form.removeAttribute("aria-busy");
    cancel.hidden = true;
    for (const field of fields) field.readOnly = false;
    announce("");
  };
}
