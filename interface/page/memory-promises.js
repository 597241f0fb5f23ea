// What was promised and is not done, the soonest first; and what MuOS is to tell when it happens.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { fact, late } from "./memory-fact.js";
import { broken } from "./memory-parts.js";

export function promises(memory, act) {
  if (memory.faults.promises) return broken(memory.faults.promises, act.again);
  if (!memory.promises) return html`<p class="hint" role="status">Remembering…</p>`;
  const open = memory.promises.made.filter((row) => !row.done).sort(soonest);
  const awaited = memory.promises.awaited.filter((row) => !row.done);
  if (!open.length && !awaited.length) {
    return html`<section class="teach"><h3>Nothing is promised.</h3>
      <p class="hint">What you say you will do is kept here until it is done, and so is what you want to be told of. Say, for example:</p>
      <ul><li>“I’ll call Anna on Friday”</li><li>“If it rains tomorrow tell me”</li></ul></section>`;
  }
  const parts = [
    ["Overdue", open.filter(late)],
    ["To be done", open.filter((row) => !late(row))],
    ["Tell me when it happens", awaited],
  ];
  return html`
    <p class="hint">When you have done something, say so: “I called Anna”.</p>
    ${parts.map(([title, rows]) => rows.length
      ? html`<section><h3 class="part">${title}</h3>
          <ul class="memos">${repeat(rows, (row) => row.id, (row) => html`<li>${fact(row, memory, act)}</li>`)}</ul></section>`
      : nothing)}
  `;
}

// Those with no day come last.
function soonest(one, other) {
  return (one.due ? new Date(one.due).getTime() : Infinity) - (other.due ? new Date(other.due).getTime() : Infinity) || 0;
}
