// Rooms: who is where, and so who sees what is said there.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { icon } from "./icons.js";
import { broken } from "./memory-parts.js";
import { HOME, place } from "./talk.js";
import { dayInFull } from "./words.js";

export function rooms(memory, act) {
  if (memory.faults.rooms) return broken(memory.faults.rooms, act.again);
  if (!memory.rooms) return html`<p class="hint" role="status">Looking around…</p>`;
  const busy = Boolean(memory.room?.busy);
  const others = memory.rooms.filter((room) => room.name !== HOME);
  return html`
    <p class="hint">What is said in a room can be seen by whoever is in it: from when they join until they leave. At home you are alone with MuOS.</p>
    ${memory.room?.fault ? html`<p class="note" role="alert">${memory.room.fault}</p>` : nothing}
    ${place.room === HOME ? nothing : html`<div class="tools-line"><p>You speak in <b><bdi>${place.room}</bdi></b> now.</p><button @click=${() => act.speakIn(HOME)}>Speak alone again</button></div>`}
    ${others.length ? nothing : html`<p class="hint">There is no room yet. Make one, for example “kitchen”, with those who are in it.</p>`}
    ${repeat(others, (room) => room.name, (room) => roomOf(room, memory.member, act, busy))}
    ${making(act, busy)}
  `;
}

function roomOf(room, me, act, busy) {
  const join = async (event) => {
    event.preventDefault();
    const form = event.target;
    const who = form.elements.who.value.trim();
    if (who && (await act.join(room.name, who, form.elements.guest.checked))) form.reset();
  };
  return html`
    <section class="service room" data-room=${room.name} aria-label=${room.name}>
      <header><h3 dir="auto">${room.name}</h3><span class="state">${room.open ? "Open to the household" : "For its members"}</span></header>
      ${room.members.length
        ? html`<ul class="inside">${repeat(room.members, (each) => each.name, (each) => html`<li>
            <span><b><bdi>${each.name}</bdi></b>${each.guest ? html` <span class="badge">guest</span>` : nothing}${each.since ? html` <span class="facts">since ${dayInFull(new Date(each.since))}</span>` : nothing}</span>
            ${each.name === me
              ? html`<button class="quiet" ?disabled=${busy} aria-label="Leave ${room.name}" @click=${() => act.leave(room.name, me)}>Leave</button>`
              : html`<button class="quiet" ?disabled=${busy} aria-label="Take out ${each.name}" @click=${() => act.leave(room.name, each.name)}>Take out</button>`}
          </li>`)}</ul>`
        : html`<p class="facts">${room.open ? "Nobody has joined it by name: everyone of the household may speak here." : "Nobody is in it."}</p>`}
      <form class="join" @submit=${join}>
        <label><span class="unseen">Who joins ${room.name}</span><input name="who" placeholder="Who joins?" required maxlength="64" autocomplete="off" /></label>
        <label class="tick"><input type="checkbox" name="guest" /> guest</label>
        <button ?disabled=${busy} aria-label="Join ${room.name}">Join</button>
      </form>
      ${place.room === room.name ? nothing : html`<div class="does"><button ?disabled=${busy} @click=${() => act.speakIn(room.name)}>${icon("people")} Speak in this room</button></div>`}
    </section>
  `;
}

function making(act, busy) {
  const make = async (event) => {
    event.preventDefault();
    const form = event.target;
    const members = form.elements.members.value.split(",").map((name) => name.trim()).filter(Boolean);
    if (await act.makeRoom(form.elements.name.value.trim(), members)) form.reset();
  };
  return html`
    <form class="service make" @submit=${make}>
      <h3>Make a room</h3>
      <label><span>Its name</span><input name="name" required maxlength="64" placeholder="kitchen" autocomplete="off" /></label>
      <label><span>Who is in it, with commas between</span><input name="members" maxlength="1000" placeholder="Ann, Ben" autocomplete="off" /></label>
      <div class="does"><button class="go" ?disabled=${busy}>Make it</button></div>
    </form>
  `;
}
