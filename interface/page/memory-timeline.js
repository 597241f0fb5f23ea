// What was said, the latest first and day by day; searching it, and choosing what is to be forgotten.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { icon } from "./icons.js";
import { note } from "./memory-note.js";
import { broken, choice } from "./memory-parts.js";
import { count, dayName } from "./words.js";

const KINDS = [["", "Everything"], ["fact", "Facts"], ["preference", "Likes and dislikes"], ["commitment", "Promises"], ["condition", "Conditions"]];
const EXAMPLES = ["Remember that I park on level 3", "I live in Lyon and I love mushrooms", "What do you remember about me?"];

export function timeline(memory, act) {
  const { list, search } = memory;
  return html`
    <form class="find" role="search" @submit=${(event) => { event.preventDefault(); act.searchNow(); }}>
      <label class="unseen" for="memory-search">Search memory</label>
      <input id="memory-search" type="search" placeholder="Search what was said" autocomplete="off" maxlength="1000" .value=${search.query}
        @input=${(event) => act.search(event.target.value)} />
    </form>
    ${search.query.trim() ? found(memory, act) : all(memory, list, act)}
    ${memory.picking ? picked(memory, act) : nothing}
  `;
}

function found(memory, act) {
  const { rows, loading, fault, query } = memory.search;
  if (fault) return broken(fault, act.searchNow);
  if (!rows) return html`<p class="hint" role="status">Searching…</p>`;
  return html`
    <div class="tools-line">
      <p class="hint" role="status">${loading ? "Searching…" : rows.length ? `${count(rows.length, "note")}, the best first` : html`Nothing was said about “<bdi>${query.trim()}</bdi>” that MuOS remembers.`}</p>
      ${rows.length ? pickButton(memory, act) : nothing}
    </div>
    <ol class="memos">${repeat(rows, (row) => row.id, (row) => html`<li>${noteOf(row, memory, act)}</li>`)}</ol>
  `;
}

function noteOf(row, memory, act, day = true) {
  return note(row, act, { me: memory.member, open: memory.open.has(row.id), why: memory.whys[row.id], picking: memory.picking, picked: memory.picked.has(row.id), day });
}

function pickButton(memory, act) {
  return memory.picking ? nothing : html`<button class="quiet" @click=${act.pick}>Select several</button>`;
}

function filters(memory, act) {
  const { who, place, kind, day } = memory.list.filters;
  const spoke = [...new Set([...memory.names, ...(who ? [who] : [])])].sort();
  const rooms = [...new Set(["home", ...memory.places, ...(memory.rooms ?? []).map((room) => room.name), ...(place ? [place] : [])])].sort();
  const some = who || place || kind || day;
  return html`
    <details class="narrow"><summary>${some ? "Showing only some" : "Show only…"}</summary><div class="filters" role="group" aria-label="Show only">
      ${choice("Who", who, [["", "Anyone"], ...spoke.map((name) => [name, name])], (value) => act.filter({ who: value }))}
      ${choice("Where", place, [["", "Anywhere"], ...rooms.map((name) => [name, name])], (value) => act.filter({ place: value }))}
      ${choice("What", kind, KINDS, (value) => act.filter({ kind: value }))}
      <div class="choose"><label for="up-to">Up to</label><input id="up-to" type="date" .value=${day} @change=${(event) => act.filter({ day: event.target.value })} /></div>
      ${some ? html`<button class="quiet" @click=${() => act.filter(null)}>Show all</button>` : nothing}
    </div></details>
  `;
}

function all(memory, list, act) {
  const some = Object.values(list.filters).some(Boolean);
  return html`
    <div class="tools-line">${some || list.pages.length || list.left ? filters(memory, act) : nothing}${list.pages.length ? pickButton(memory, act) : nothing}</div>
    ${list.pages.length ? pages(memory, list, some, act) : none(list, some, act)}
  `;
}

function none(list, some, act) {
  if (list.fault) return broken(list.fault, act.again);
  if (list.loading || list.left) return html`<p class="hint" role="status">Remembering…</p>`;
  return some ? html`<p class="hint" role="status">Nothing like that was said.</p>` : empty();
}

function pages(memory, list, some, act) {
  return html`
    ${repeat(list.pages, (page) => page.key, (page, index) => pageOf(page, list.pages[index - 1]?.rows.at(-1), memory, act))}
    ${list.fault ? broken(list.fault, act.more) : nothing}
    ${list.left && !list.fault ? html`<button class="older" ?disabled=${list.loading} @click=${act.more}>${list.loading ? "Remembering…" : "Show older"}</button>` : nothing}
    ${list.left ? nothing : html`<p class="hint end">That is all${some ? " of it" : ""}.</p>`}
  `;
}

function empty() {
  return html`
    <section class="teach">
      <h3>Nothing yet.</h3>
      <p class="hint">Whatever you tell MuOS is kept here, with its day and place, and only those it is for can see it. Say, for example:</p>
      <ul>${EXAMPLES.map((text) => html`<li>“${text}”</li>`)}</ul>
      <p class="hint">You can search, correct, forget and take away all of it, here.</p>
    </section>
  `;
}

// One page of notes; `above` is the note before its first, whose day needs no heading again.
function pageOf(page, above, memory, act) {
  // set as a property: a style attribute is what the page's own policy forbids
  const style = page.shown ? "" : `height: ${page.height}px`;
  return html`<section class="page" data-page=${page.key} .style=${style}>${page.shown ? days(page.rows, above, memory, act) : nothing}</section>`;
}

function days(rows, above, memory, act) {
  const groups = [];
  for (const row of rows) {
    const day = dayName(new Date(row.when));
    if (groups.at(-1)?.day === day) groups.at(-1).rows.push(row);
    else groups.push({ day, rows: [row] });
  }
  const last = above && dayName(new Date(above.when));
  return groups.map(({ day, rows: said }) => html`
    ${day === last ? nothing : html`<h3 class="part day">${day}</h3>`}
    <ol class="memos" aria-label=${day}>${repeat(said, (row) => row.id, (row) => html`<li>${noteOf(row, memory, act, false)}</li>`)}</ol>
  `);
}

function picked(memory, act) {
  const many = memory.picked.size;
  return html`
    <div class="picked" role="group" aria-label="Selected notes">
      <p role="status">${many ? `${count(many, "note")} selected` : "Select what is to be forgotten"}</p>
      <button class="danger" ?disabled=${!many} @click=${() => act.forget({ ids: [...memory.picked.keys()] })}>${icon("forget")} Forget…</button>
      <button @click=${act.stopPicking}>Cancel</button>
    </div>
  `;
}
