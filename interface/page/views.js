// The page as a function of its state. All text goes in as text: lit-html escapes it.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { card } from "./card.js";
import { history } from "./history.js";
import { icon } from "./icons.js";
import { memoryView } from "./memory-view.js";
import { services } from "./services.js";
import { help, sheet } from "./sheet.js";
import { HOME, place } from "./talk.js";
import { dayAndTime, greeting, time } from "./words.js";

const EXAMPLES = [
  ["basket", "Add milk, eggs and two avocados to the shopping list"],
  ["timer", "Set a timer for 12 minutes called pasta"],
  ["bell", "Remind me to call mum tomorrow at 5pm"],
  ["calendar", "What do I have on Tuesday?"],
  ["note", "Note that the cabin wifi password is heron-42"],
  ["percent", "Split 96.40 between four with a 10% tip"],
];

export function page(state, act) {
  return html`
    ${top(state, act)}
    <main id="talk" class="talk">
      ${state.rows.length
        ? html`<ol class="rows" aria-label="Conversation">${repeat(state.rows, (row) => row.key, (row) => html`<li>${rowView(row, state, act)}</li>`)}</ol>`
        : nothing}
      ${state.rows.some((row) => row.kind === "turn") ? nothing : empty(act)}
    </main>
    ${composer(state, act)}
    ${state.sheet === "activity" ? sheet("Activity", history(state.flows, act, state.acting), act.closeSheet) : nothing}
    ${state.sheet === "help" ? sheet("What can I say?", help(state.tools, state.filter, act.filter, act.pick), act.closeSheet) : nothing}
    ${state.sheet === "services" ? sheet("Services", services(state.services, act, state.acting, state.notes), act.closeSheet) : nothing}
    ${state.sheet === "memory" ? sheet("Memory", memoryView(state.memory, act.memory), act.closeSheet, "is-wide", act.memory.scrolled) : nothing}
  `;
}

function top(state, act) {
  const waiting = (state.journal ?? []).filter((call) => call.status === "waiting").length;
  const dark = state.dark;
  return html`
    <header class="top">
      <a class="skip" href="#say">Skip to the request box</a>
      <h1><img src="/page/icon.svg" alt="" width="26" height="26" />MuOS</h1>
      <nav aria-label="Tools">
        <button class="pill" @click=${() => act.openSheet("help")}>${icon("help")}<span>What can I say?</span></button>
        <button class="pill" @click=${() => act.openSheet("activity")}>
          ${icon("activity")}<span>Activity</span>
          ${waiting ? html`<b class="count" aria-label="${waiting} waiting for you">${waiting}</b>` : nothing}
        </button>
        <button class="pill" @click=${() => act.openSheet("memory")}>${icon("memory")}<span>Memory</span></button>
        <button class="pill" @click=${() => act.openSheet("services")}>${icon("services")}<span>Services</span></button>
        <button class="round" aria-label=${dark ? "Light colours" : "Dark colours"} @click=${act.flipTheme}>${icon(dark ? "sun" : "moon")}</button>
      </nav>
    </header>
    ${state.connected ? nothing : html`<p class="lost" role="status">The connection to MuOS is lost. Trying again…</p>`}
  `;
}

function empty(act) {
  return html`
    <section class="empty">
      <h2>${greeting()}.</h2>
      <p>Ask in your own words. You see everything I do, and what can’t be undone I ask about first.</p>
      <ul>
        ${EXAMPLES.map(([name, text]) => html`<li><button class="example" @click=${() => act.pick(text)}>${icon(name)}<span>${text}</span></button></li>`)}
      </ul>
    </section>
  `;
}

function rowView(row, state, act) {
  if (row.kind === "alert") return alert(row);
  const calls = row.calls.map((id) => state.calls[id]).filter(Boolean);
  const told = calls.map((call) => call.result?.text ?? "").join("\n");
  return html`
    <p class="asked"><span class="unseen">You: </span>${row.asked}</p>
    <div class="answer">
      ${repeat(calls, (call) => call.id, (call) => card(call, act, state.acting.has(call.id)))}
      ${row.text && !(calls.length && row.toldByCards) && row.text !== told ? html`<p class="said">${row.text}</p>` : nothing}
      ${row.path === "none" && !row.busy ? nearest(row, act) : nothing}
      ${row.waiting?.kind === "missing" && row.open ? missing() : nothing}
      ${row.fault ? fault(row, act) : nothing}
      ${row.busy && !row.text ? typing(row) : nothing}
    </div>
  `;
}

// What it could not do names the nearest things that it can, in quotes: each can be tapped.
function nearest(row, act) {
  const phrases = [...row.text.matchAll(/“([^”]+)”/g)].map((found) => found[1]);
  if (!phrases.length) return nothing;
  return html`<div class="phrases">${phrases.map((text) => html`<button class="phrase" @click=${() => act.pick(text)}>${text}</button>`)}</div>`;
}

function missing() {
  return html`<p class="missing">${icon("waiting")} Just answer below.</p>`;
}

function fault(row, act) {
  return html`<div class="fault">${icon("error")}<p>${row.fault}</p><button @click=${() => act.again(row)}>Try again</button></div>`;
}

function typing(row) {
  return html`<p class="typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${row.path === "reason" ? "Thinking it through…" : "One moment…"}</span></p>`;
}

function alert(row) {
  const at = new Date(row.at);
  return html`
    <div class="alert">
      <span class="mark">${icon("bell")}</span>
      <p>${row.text}<time datetime=${row.at}>${row.late ? `Was due ${dayAndTime(at)}` : time(at)}</time></p>
    </div>
  `;
}

// Where others may hear: shown once there is a room to choose.
function where(rooms, act) {
  const names = [...new Set([...rooms.map((room) => room.name), place.room])].filter((name) => name !== HOME);
  if (!names.length) return nothing;
  return html`
    <label class="where ${place.room === HOME ? "" : "is-shared"}">${icon(place.room === HOME ? "lock" : "people")}<span class="unseen">Where you speak</span>
      <select @change=${(event) => act.memory.speakIn(event.target.value)}>
        <option value=${HOME} ?selected=${place.room === HOME}>Alone with MuOS</option>
        ${names.map((name) => html`<option value=${name} ?selected=${name === place.room}>In ${name}: others hear</option>`)}
      </select>
    </label>
  `;
}

function composer(state, act) {
  const last = state.rows.at(-1);
  const asksBack = last?.waiting?.kind === "missing" && last.open;
  return html`
    <form class="composer" @submit=${act.submit}>
      ${where(state.memory.rooms ?? [], act)}
      <label class="unseen" for="say">Your request</label>
      <textarea id="say" rows="1" maxlength="1000000" enterkeyhint="send" autocomplete="off" autofocus
        placeholder=${asksBack ? "Your answer…" : "Ask for anything…"} @keydown=${act.key} @input=${act.typed}></textarea>
      <button class="send" aria-label="Send" ?disabled=${state.blank}>${icon("send")}</button>
    </form>
  `;
}
