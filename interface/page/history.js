// What was done: each piece of work with its calls, the latest first, and the buttons that take it back.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { card } from "./card.js";
import { dayAndTime, FLOW_STATUSES } from "./words.js";

const PARTS = [
  ["Waits for your yes", (flow) => flow.calls.some((call) => call.status === "waiting")],
  ["Under way", (flow) => flow.status === "running"],
  ["Done before", () => true],
];

// act: {undo(call), confirm(call, yes), undoFlow(flow), cancelFlow(flow)}; acting: ids that something is being done about.
export function history(flows, act, acting) {
  if (flows === null) return html`<p class="hint">Looking it up…</p>`;
  if (!flows.length) return html`<p class="hint">Nothing was done yet. Whatever MuOS does for you is listed here, and can be undone here.</p>`;
  const parts = PARTS.map(([title]) => [title, []]);
  for (const flow of flows) parts[PARTS.findIndex(([, fits]) => fits(flow))][1].push(flow);
  const shown = parts.filter(([, found]) => found.length);
  const plain = shown.length === 1 && shown[0][0] === "Done before";
  return shown.map(([title, found]) => html`
    ${plain ? nothing : html`<h3 class="part">${title}</h3>`}
    ${repeat(found, (flow) => flow.id, (flow) => work(flow, act, acting))}
  `);
}

function work(flow, act, acting) {
  const when = flow.started;
  if (!flow.asked && flow.calls.length === 1) return card(flow.calls[0], act, acting.has(flow.calls[0].id), when);
  const undoable = flow.calls.filter((call) => call.undo).length;
  const live = flow.status === "running" || (flow.status === "waiting" && flow.calls.length > 1);
  const busy = acting.has(flow.id);
  return html`
    <section class="flow" data-flow=${flow.id} aria-label=${flow.asked || "Several steps"}>
      <header class="flow-head">
        <p>${flow.asked || "Several steps"}</p>
        <time datetime=${when}>${dayAndTime(new Date(when))}</time>
        ${flow.status === "done" ? nothing : html`<span class="status">${FLOW_STATUSES[flow.status] ?? flow.status}</span>`}
        ${undoable > 1 ? html`<button class="quiet" ?disabled=${busy} @click=${() => act.undoFlow(flow)}>Undo all of it</button>` : nothing}
        ${live ? html`<button class="quiet" ?disabled=${busy} @click=${() => act.cancelFlow(flow)}>Cancel</button>` : nothing}
      </header>
      ${flow.note ? html`<p class="note">${flow.note}</p>` : nothing}
      ${repeat(flow.calls, (call) => call.id, (call) => card(call, act, busy || acting.has(call.id)))}
    </section>
  `;
}
