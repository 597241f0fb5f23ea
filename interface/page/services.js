// The sheet of services: what runs, how it is, and what can be done about it.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { count } from "./words.js";

const STATES = {
  ready: "Awake",
  asleep: "Asleep",
  starting: "Starting…",
  draining: "Finishing…",
  resting: "Left alone for a while",
  withdrawn: "Put to rest",
  unapproved: "Not yet approved",
  changed: "Changed: look at it",
  broken: "Can’t be used",
};
const GONE = new Set(["withdrawn", "resting"]);

// act: {manage(name, what)}; acting: names with something under way; notes: by name, what went wrong or was said.
export function services(rows, act, acting, notes) {
  if (rows === null) return html`<p class="hint">Looking around…</p>`;
  const awake = rows.filter((row) => row.pid).length;
  return html`
    <p class="hint">${count(rows.length, "service")}, ${awake} awake. One that is asleep costs nothing, and wakes by itself when it is needed.</p>
    ${repeat(rows, (row) => row.name, (row) => service(row, act, acting.has(`service ${row.name}`), notes[row.name]))}
  `;
}

function service(row, act, busy, note) {
  const facts = [row.tools ? count(row.tools, "tool") : "", row.calls ? count(row.calls, "call") : "", row.swaps ? count(row.swaps, "swap") : ""];
  const trouble = row.state === "withdrawn" ? "" : row.error;
  return html`
    <article class="service is-${row.state}" data-service=${row.name} aria-label="${row.title}: ${STATES[row.state] ?? row.state}">
      <header>
        <h3>${row.title}</h3>
        <span class="state">${STATES[row.state] ?? row.state}</span>
      </header>
      ${row.about ? html`<p class="about">${row.about}</p>` : nothing}
      <p class="facts">${facts.filter(Boolean).join(" · ")}</p>
      ${row.waiting ? html`<p class="facts">${row.waiting}</p>` : nothing}
      ${trouble ? html`<p class="note">${trouble}</p>` : nothing}
      ${note ? html`<p class="said">${note}</p>` : nothing}
      ${row.state === "broken" ? nothing : buttons(row, act, busy)}
    </article>
  `;
}

function buttons(row, act, busy) {
  const button = (what, words, why) => html`
    <button ?disabled=${busy} title=${why} aria-label="${words}: ${row.title}" @click=${() => act.manage(row.name, what)}>${words}</button>
  `;
  if (GONE.has(row.state)) return html`<div class="does">${button("wake", "Wake", "Offer its tools again")}</div>`;
  return html`
    <div class="does">
      ${button("restart", "Restart", "Replace its process; no call is lost")}
      ${button("swap", "Swap", "Take up what its folder holds now; no call is lost")}
      ${button("rest", "Rest", "Withdraw its tools until you wake it")}
    </div>
  `;
}
