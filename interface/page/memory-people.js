// Whom and what something is known about, and all that is believed about one of them; first of all about you.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { icon } from "./icons.js";
import { fact } from "./memory-fact.js";
import { broken } from "./memory-parts.js";
import { count, dayInFull } from "./words.js";

const PARTS = [
  ["fact", "Facts"],
  ["preference", "Likes and dislikes"],
  ["commitment", "Promises"],
  ["condition", "Wants to be told"],
];
const MANY = 12; // people from which on they can be searched

export function you(memory, act) {
  if (memory.faults.you) return broken(memory.faults.you, act.again);
  if (!memory.person) return memory.member ? html`<p class="hint" role="status">Remembering…</p>` : nobody();
  return html`
    <p class="hint">What MuOS believes about you, from what you said. If something is wrong, put it right or have it forgotten.</p>
    ${beliefs(memory, act, nobody)}
  `;
}

function nobody() {
  return html`
    <section class="teach">
      <h3>MuOS believes nothing about you yet.</h3>
      <p class="hint">It learns from what you say of yourself, for example:</p>
      <ul><li>“I live in Lyon”</li><li>“I love mushrooms”</li><li>“My birthday is on 4 May”</li></ul>
    </section>
  `;
}

export function people(memory, act) {
  if (memory.person) return one(memory, act);
  if (memory.faults.people) return broken(memory.faults.people, act.again);
  if (!memory.people) return html`<p class="hint" role="status">Remembering…</p>`;
  const others = memory.people.filter((each) => each.name.toLowerCase() !== memory.member?.toLowerCase());
  const mine = memory.people.find((each) => !others.includes(each));
  if (!memory.people.length) {
    return html`<section class="teach"><h3>Nobody yet.</h3>
      <p class="hint">When you tell MuOS about people, places or things, what it learned about each is here. Say, for example:</p>
      <ul><li>“Bob is vegetarian”</li><li>“Ella works at the library”</li></ul></section>`;
  }
  const wanted = memory.seeking.trim().toLowerCase();
  const shown = wanted ? others.filter((each) => each.name.toLowerCase().includes(wanted)) : others;
  return html`
    ${others.length > MANY
      ? html`<label class="find"><span class="unseen">Find a person, place or thing</span>
          <input type="search" placeholder="Find a person, place or thing" .value=${memory.seeking} @input=${(event) => act.seek(event.target.value)} /></label>`
      : nothing}
    <ul class="cards">
      ${mine && !wanted ? html`<li>${card({ ...mine, title: "You" }, () => act.show("you"))}</li>` : nothing}
      ${repeat(shown.slice(0, 200), (each) => each.name, (each) => html`<li>${card(each, () => act.person(each.name))}</li>`)}
    </ul>
    ${shown.length > 200 ? html`<p class="hint">And ${shown.length - 200} more: find them by name.</p>` : nothing}
    ${shown.length || (mine && !wanted) ? nothing : html`<p class="hint" role="status">Nobody by that name.</p>`}
  `;
}

function card(subject, open) {
  const title = subject.title ?? subject.name;
  return html`
    <button class="person" @click=${open}>
      <span class="initial" aria-hidden="true">${[...title.trim()][0]?.toUpperCase() ?? "?"}</span>
      <span class="person-words">
        <b dir="auto">${title}</b>
        <span>${count(subject.facts, "thing")} told${subject.last ? `, last on ${dayInFull(new Date(subject.last))}` : ""}</span>
      </span>
    </button>
  `;
}

function one(memory, act) {
  const { name } = memory.person;
  return html`
    <div class="tools-line">
      <button class="quiet back" @click=${() => act.show("people")}>${icon("back")} All people</button>
      <button class="quiet" @click=${() => act.forget({ person: name })}>Forget all about <bdi>${name}</bdi>…</button>
    </div>
    <h3 class="name" dir="auto">${name}</h3>
    ${memory.faults.people ? broken(memory.faults.people, act.again) : beliefs(memory, act, () => html`<p class="hint">Nothing is known any more.</p>`)}
  `;
}

function beliefs(memory, act, none) {
  const { facts } = memory.person;
  if (facts === null) return html`<p class="hint" role="status">Remembering…</p>`;
  if (!facts.length) return none();
  return PARTS.map(([kind, title]) => {
    const rows = facts.filter((row) => row.kind === kind);
    return rows.length
      ? html`<section><h3 class="part">${title}</h3>
          <ul class="memos">${repeat(rows, (row) => row.id, (row) => html`<li>${fact(row, memory, act)}</li>`)}</ul></section>`
      : nothing;
  });
}
