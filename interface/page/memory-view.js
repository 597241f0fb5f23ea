// The sheet of memory: its parts as tabs, and the question before anything is forgotten.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { data } from "./memory-data.js";
import { note } from "./memory-note.js";
import { people, you } from "./memory-people.js";
import { promises } from "./memory-promises.js";
import { rooms } from "./memory-rooms.js";
import { timeline } from "./memory-timeline.js";
import { count } from "./words.js";

const TABS = { timeline: "Timeline", you: "You", people: "People", promises: "Promises", rooms: "Rooms", data: "Your data" };
const PANELS = { timeline, you, people, promises, rooms, data };
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export function memoryView(memory, act) {
  return html`
    <div class="tabs" role="tablist" aria-label="Parts of memory" @keydown=${(event) => step(event, memory, act)}>
      ${Object.entries(TABS).map(
        ([name, words]) => html`<button role="tab" id="memory-${name}" aria-controls="memory-panel" aria-selected=${memory.tab === name}
          tabindex=${memory.tab === name ? 0 : -1} @click=${() => act.show(name)}>${words}</button>`,
      )}
    </div>
    <p class="done-line" role="status">${memory.said}</p>
    <div id="memory-panel" class="panel" role="tabpanel" tabindex="-1" aria-labelledby="memory-${memory.tab}" @keydown=${act.key}>
      ${PANELS[memory.tab](memory, act)}
    </div>
    ${memory.forgetting ? question(memory.forgetting, act) : nothing}
  `;
}

function step(event, memory, act) {
  const names = Object.keys(TABS);
  const to = { Home: 0, End: names.length - 1 }[event.key] ?? names.indexOf(memory.tab) + (STEPS[event.key] ?? 0);
  const name = names[(to + names.length) % names.length];
  if (name === memory.tab) return;
  event.preventDefault();
  act.show(name);
  document.getElementById(`memory-${name}`).focus();
}

// What goes is shown before it goes; where all of it is shown, some can be spared.
function question(forgetting, act) {
  const { rows, count: all, spared, busy, fault } = forgetting;
  const left = all - spared.size;
  const title = rows === null ? "Forget?" : all ? `Forget ${count(left, "note")}?` : "Nothing to forget";
  return html`
    <dialog class="ask" aria-labelledby="ask-title" @close=${act.keep} @click=${(e) => e.target === e.currentTarget && act.keep()}>
      <div class="ask-body">
        <h3 id="ask-title">${title}</h3>
        ${rows === null && !fault ? html`<p class="hint" role="status">Looking up what would go…</p>` : nothing}
        ${rows && !all ? html`<p class="hint">MuOS remembers nothing of yours like that.</p>` : nothing}
        <ul class="going">${repeat(rows ?? [], (row) => row.id, (row) => html`<li>${going(row, rows.length > 1 && rows.length === all, spared, act)}</li>`)}</ul>
        ${all > rows?.length ? html`<p class="hint">And ${all - rows.length} more.</p>` : nothing}
        ${fault ? html`<p class="note" role="alert">${fault}</p>` : nothing}
        ${all ? html`<p class="hint">What MuOS learned from them goes too. This can’t be undone.</p>` : nothing}
        <div class="choice">
          ${all ? html`<button class="danger" ?disabled=${busy || !left} @click=${act.forgetNow}>${busy ? "Forgetting…" : "Forget for good"}</button>` : nothing}
          <button autofocus ?disabled=${busy} @click=${act.keep}>${all ? "Keep" : "Close"}</button>
        </div>
      </div>
    </dialog>
  `;
}

function going(row, choosable, spared, act) {
  const shown = note(row, null, { plain: true });
  if (!choosable) return shown;
  return html`<label class="pick"><input type="checkbox" .checked=${!spared.has(row.id)} @change=${() => act.spare(row.id)} /><span>${shown}</span></label>`;
}
