// All that is kept of you: how much, taking it away, bringing it in, forgetting parts, erasing the whole.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { broken } from "./memory-parts.js";
import { place } from "./talk.js";
import { count } from "./words.js";

const STORES = { sqlite: "SQLite", postgresql: "PostgreSQL", chroma: "Chroma", plain: "this process" };
const SHOWN = 20; // refused lines that are named

export function data(memory, act) {
  return html`
    ${memory.faults.data ? broken(memory.faults.data, act.again) : statusLine(memory.status)}
    <section class="service"><h3>Export</h3>
      <p class="about">Everything MuOS remembers for you, one note a line, in an open form that other programs can read.</p>
      <div class="does"><a class="button" href="/api/memory/export?room=${encodeURIComponent(place.room)}" download="muos-memory.jsonl">Download</a></div>
    </section>
    ${bringing(memory.bringing, act)}
    ${parts(act)}
    ${erasing(memory, act)}
  `;
}

function statusLine(status) {
  if (!status) return html`<p class="hint" role="status">Counting…</p>`;
  const { notes, record, vectors, trouble } = status;
  const { done, all } = filled(status);
  return html`
    <div class="service">
      <p class="index-line">${count(notes, "note")} kept. ${done < all
        ? html`Finding them by their meaning is being prepared, ${done.toLocaleString()} of ${all.toLocaleString()} so far; all are found by their words.`
        : notes ? "All can be found by their words and their meaning." : ""}</p>
      ${done < all ? html`<progress max=${all} value=${done} aria-label="Notes that can be found by meaning"></progress>` : nothing}
      ${trouble ? html`<p class="note">${trouble}</p>` : nothing}
      ${record ? html`<p class="facts">Kept in ${STORES[record] ?? record}; vectors in ${STORES[vectors] ?? vectors}.</p>` : nothing}
    </div>
  `;
}

// How far the index is: notes whose vectors are made, and while it is filled anew how many of these are in it.
export function filled(status) {
  return status.filling ?? { done: status.indexed, all: status.notes };
}

function bringing(state, act) {
  const pick = (event) => {
    const [file] = event.target.files;
    if (file) act.bringIn(file);
    event.target.value = "";
  };
  return html`
    <section class="service"><h3>Import</h3>
      <p class="about">A file of that form: one note a line, as JSON. What is there already is not kept twice.</p>
      <div class="does"><label class="button" aria-disabled=${state?.busy ? "true" : "false"}><input class="unseen" type="file" accept=".jsonl,.ndjson,.json,.txt" ?disabled=${state?.busy} @change=${pick} />Choose a file…</label></div>
      ${state?.busy ? html`<progress max="1" value=${state.share} aria-label="Share of the file that is read"></progress>` : nothing}
      ${state?.sum ? summary(state) : nothing}
      ${state?.fault ? html`<p class="note" role="alert">${state.fault}</p>` : nothing}
    </section>
  `;
}

function summary({ sum, busy }) {
  return html`
    <p class="said" role="status">${busy ? "So far: " : ""}${count(sum.imported, "note")} came in, ${sum.merged} ${sum.merged === 1 ? "was" : "were"} there already, ${sum.refused} refused.</p>
    ${sum.errors.length
      ? html`<details open><summary>${count(sum.errors.length, "refused line")}</summary>
          <ul class="refused">${sum.errors.slice(0, SHOWN).map((each) => html`<li><b><bdi>${each.id ?? "?"}</bdi></b> ${each.error}</li>`)}</ul>
          ${sum.errors.length > SHOWN ? html`<p class="facts">And ${sum.errors.length - SHOWN} more.</p>` : nothing}</details>`
      : nothing}
  `;
}

function parts(act) {
  const send = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    const what = Object.fromEntries([...fields].map(([key, value]) => [key, value.trim()]).filter(([, value]) => value));
    if (what.since) what.since = new Date(`${what.since}T00:00`).toISOString();
    if (what.until) what.until = nextDay(what.until).toISOString();
    if (Object.keys(what).length) act.forget(what);
    else event.target.elements.topic.focus();
  };
  return html`
    <form class="service make" @submit=${send}><h3>Forget a part</h3>
      <p class="about">Fill in one or more. You see what would go before it does.</p>
      <label><span>About</span><input name="topic" maxlength="1000" placeholder="the car" autocomplete="off" /></label>
      <label><span>Of or about a person</span><input name="person" maxlength="64" placeholder="Bob" autocomplete="off" /></label>
      <div class="pair"><label><span>From</span><input type="date" name="since" /></label><label><span>To</span><input type="date" name="until" /></label></div>
      <div class="does"><button>Show what would go…</button></div>
    </form>
  `;
}

function nextDay(day) {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + 1);
  return date;
}

function erasing({ member, erasing: { busy, fault } }, act) {
  if (!member) return nothing;
  const send = async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.elements.confirm.value.trim() !== member) {
      form.elements.confirm.setCustomValidity(`Type ${member} to go on`);
      form.reportValidity();
      return;
    }
    await act.erase();
    form.reset();
  };
  return html`
    <form class="service make danger-zone" @submit=${send}><h3>Erase everything</h3>
      <p class="about">All that MuOS keeps of you goes: every note, what it learned from them, and what services keep for you. It can’t be undone. Export first if you may want it back.</p>
      <label><span>Type your name, <b><bdi>${member}</bdi></b>, to go on</span>
        <input name="confirm" autocomplete="off" spellcheck="false" required @input=${(event) => event.target.setCustomValidity("")} /></label>
      ${fault ? html`<p class="note" role="alert">${fault}</p>` : nothing}
      <div class="does"><button class="danger" ?disabled=${busy}>${busy ? "Erasing…" : "Erase everything"}</button></div>
    </form>
  `;
}
