// The panel at the foot of the page in which a person names a user pool of their own.

import { problemOf, queryOf } from "./pool.js";
import { say } from "./screens.js";

const panel = document.getElementById("settings");
const form = document.getElementById("settings-form");
const notice = document.getElementById("settings-notice");
const poolId = document.getElementById("pool-id");
const clientId = document.getElementById("client-id");

/** Fills the panel with the pool in use, and opens it when its ids are wrong. */
export function showSettings(pool) {
  document.getElementById("pool-name").textContent = pool.local ? "local" : pool.poolId || "none";
  document.getElementById("local-pool").hidden = pool.local;
  if (pool.local) return;
  poolId.value = pool.poolId;
  clientId.value = pool.clientId;
  if (pool.problem) complain(pool.problem);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const ids = [poolId.value.trim(), clientId.value.trim()];
  const problem = problemOf(...ids);
  if (problem) complain(problem);
  else location.assign(queryOf(...ids));
});

function complain({ field, text }) {
  panel.open = true;
  say(notice, { text }, [document.getElementById(field)]);
}
