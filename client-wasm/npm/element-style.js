// The looks. A constructed style sheet passes a Content-Security-Policy that allows no inline style.
// Each rule is as weak as one class, so that the page's rules for bare elements do not mix in, and
// any rule of the page that means a part wins. `light-dark` follows the page's `color-scheme`.
const CSS = `
:where(cognito-sign-in) {
  --_accent: var(--sign-in-accent, light-dark(#2f4fd0, #93abff));
  --_on-accent: var(--sign-in-on-accent, light-dark(#ffffff, #0e1738));
  --_ink: var(--sign-in-ink, light-dark(#17212e, #e9eef5));
  --_soft: var(--sign-in-soft, light-dark(#56627a, #a7b3c5));
  --_surface: var(--sign-in-surface, light-dark(#ffffff, #19212c));
  --_sunken: var(--sign-in-sunken, light-dark(#f4f6f9, #121922));
  --_line: var(--sign-in-line, light-dark(#dde2ea, #2d3846));
  --_field-line: var(--sign-in-field-line, light-dark(#7f8aa0, #74839a));
  --_bad: var(--sign-in-bad, light-dark(#a8201a, #ffb3ab));
  --_bad-ground: var(--sign-in-bad-ground, light-dark(#fdf0ef, #3a1d1e));
  --_good: var(--sign-in-good, light-dark(#12683f, #8fdcb4));
  --_good-ground: var(--sign-in-good-ground, light-dark(#edf8f2, #15301f));
  --_radius: var(--sign-in-radius, 0.75rem);
  --_mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  display: block;
  box-sizing: border-box;
  max-width: 28rem;
  padding: clamp(1.25rem, 5vw, 2rem);
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * 1.5);
  background: var(--_surface);
  color: var(--_ink);
  line-height: 1.5;
  overflow-wrap: break-word;
}

:where(cognito-sign-in) [data-part] {
  box-sizing: border-box;
  margin: 0;
}

:where(cognito-sign-in) [data-part][hidden] {
  display: none;
}

:where(cognito-sign-in) [data-part~="announcer"] {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

:where(cognito-sign-in) [data-part~="form"] {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1.125rem;
}

:where(cognito-sign-in) [data-part~="heading"] {
  color: inherit;
  font-size: 1.375rem;
  font-weight: 700;
  line-height: 1.3;
  letter-spacing: -0.01em;
  outline: none;
}

:where(cognito-sign-in) [data-part~="text"] {
  margin-top: -0.5rem;
  color: var(--_soft);
}

:where(cognito-sign-in) :is([data-part~="problem"], [data-part~="note"]) {
  padding: 0.75rem 1rem;
  border-inline-start: 4px solid var(--_good);
  border-radius: 0.375rem;
  background: var(--_good-ground);
  color: var(--_good);
}

:where(cognito-sign-in) [data-part~="problem"] {
  border-color: var(--_bad);
  background: var(--_bad-ground);
  color: var(--_bad);
}

:where(cognito-sign-in) [data-part~="field"] {
  display: grid;
  gap: 0.375rem;
}

:where(cognito-sign-in) [data-part~="label"] {
  color: inherit;
  font-weight: 600;
}

:where(cognito-sign-in) [data-part~="input"] {
  width: 100%;
  min-height: 3rem;
  padding: 0.5rem 0.875rem;
  border: 1px solid var(--_field-line);
  border-radius: var(--_radius);
  background: transparent;
  color: inherit;
  font: inherit;
}

:where(cognito-sign-in) [data-part~="code"] {
  font-family: var(--_mono);
  font-size: 1.625rem;
  font-weight: 600;
  line-height: 1.2;
  letter-spacing: 0.2em;
}

:where(cognito-sign-in) [data-part~="input"][aria-invalid="true"] {
  border-color: var(--_bad);
  box-shadow: inset 0 0 0 1px var(--_bad);
}

:where(cognito-sign-in) [data-part~="reveal"] {
  display: flex;
  gap: 0.5rem;
  align-items: center;
  min-height: 1.75rem;
  color: var(--_soft);
  font-size: 0.9375rem;
}

:where(cognito-sign-in) [data-part~="checkbox"] {
  width: 1.125rem;
  height: 1.125rem;
  accent-color: var(--_accent);
}

:where(cognito-sign-in) [data-part~="facts"] {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1rem;
  justify-content: space-between;
  margin-top: -0.5rem;
  color: var(--_soft);
  font-size: 0.9375rem;
  font-variant-numeric: tabular-nums;
}

:where(cognito-sign-in) [data-part~="secret"] {
  display: grid;
  gap: 0.375rem;
  padding: 0.875rem 1rem;
  border-radius: var(--_radius);
  background: var(--_sunken);
}

:where(cognito-sign-in) [data-part~="key"] {
  background: none;
  color: inherit;
  font: 1.0625rem/1.6 var(--_mono);
  user-select: all;
}

:where(cognito-sign-in) [data-part~="link"] {
  color: var(--_accent);
}

:where(cognito-sign-in) [data-part~="button"] {
  min-height: 3rem;
  padding: 0.5rem 1.125rem;
  border: 1px solid transparent;
  border-radius: var(--_radius);
  background: transparent;
  color: var(--_accent);
  font: inherit;
  font-weight: 600;
  font-variant-numeric: tabular-nums;
  cursor: pointer;
}

:where(cognito-sign-in) [data-part~="submit"] {
  background: var(--_accent);
  color: var(--_on-accent);
}

:where(cognito-sign-in) [data-part~="submit"]:not([aria-disabled="true"]):hover {
  box-shadow: inset 0 0 0 100vmax rgb(0 0 0 / 12%);
}

:where(cognito-sign-in) [data-part~="choice"] {
  border-color: var(--_field-line);
  text-align: start;
}

:where(cognito-sign-in) [data-part~="others"] {
  display: flex;
  flex-wrap: wrap;
  gap: 0.625rem;
  padding-top: 1.125rem;
  border-top: 1px solid var(--_line);
}

:where(cognito-sign-in) [data-part~="quiet"] {
  flex: 1 1 auto;
  padding-inline: 0.75rem;
  font-size: 0.9375rem;
  border-color: var(--_line);
}

:where(cognito-sign-in) [data-part~="button"][aria-disabled="true"] {
  cursor: default;
}

:where(cognito-sign-in) [data-part~="quiet"][aria-disabled="true"] {
  color: var(--_soft);
}

:where(cognito-sign-in) :is([data-part~="choice"], [data-part~="quiet"]):not([aria-disabled="true"]):hover {
  border-color: var(--_accent);
}

:where(cognito-sign-in) :is([data-part~="button"], [data-part~="input"], [data-part~="checkbox"], [data-part~="link"]):focus-visible {
  outline: 3px solid var(--_accent);
  outline-offset: 2px;
}

:where(cognito-sign-in) [aria-busy="true"] [data-part~="submit"]::before {
  content: "";
  display: inline-block;
  width: 0.875em;
  height: 0.875em;
  margin-inline-end: 0.625em;
  border: 2px solid currentcolor;
  border-inline-end-color: transparent;
  border-radius: 50%;
  vertical-align: -0.0625em;
}

@media (prefers-reduced-motion: no-preference) {
  :where(cognito-sign-in) [aria-busy="true"] [data-part~="submit"]::before {
    animation: cognito-sign-in-turn 0.9s linear infinite;
  }

  @keyframes cognito-sign-in-turn {
    to {
      transform: rotate(1turn);
    }
  }
}
`;

let sheet;

// Once for each tree that has the element: the document, or a shadow root around it. A document
// of a test that has no such sheets, as jsdom's, shows the form as it is.
export function adoptStyle(root) {
  if (!root.adoptedStyleSheets) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
