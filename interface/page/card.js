// A call as a card: what, with what, how it ended, and the buttons that are left.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { dayAndTime, parameterWords, STATUSES, toolWords, value } from "./words.js";

// What these are given is said already, by the person or in the answer.
const OWN_WORDS = /^(muos_undo$|memory_)/;

// act: {undo(call), confirm(call, yes)}; busy: an answer to one of these is under way.
export function card(call, act, busy, when = null) {
  const [service, what] = toolWords(call.tool);
  const back = call.tool === "muos_undo" ? "Redo" : "Undo";
  const label = `${service}: ${what}. ${STATUSES[call.status] ?? call.status}`;
  return html`
    <article class="card is-${call.status}" data-call=${call.id} tabindex="-1" aria-label=${label}>
      <header class="card-head">
        <span class="mark">${icon(busy ? "running" : call.status)}</span>
        <h3>${service} <span>${what}</span></h3>
        ${when ? html`<time datetime=${when}>${dayAndTime(new Date(when))}</time>` : nothing}
        ${call.status === "done" ? nothing : html`<span class="status">${STATUSES[call.status] ?? call.status}</span>`}
        ${call.undo
          ? html`<button class="quiet" ?disabled=${busy} aria-label="${back}: ${service} ${what}" @click=${() => act.undo(call)}>
              ${back}
            </button>`
          : nothing}
      </header>
      ${call.result?.text ? html`<p class="result">${call.result.text}</p>` : nothing}
      ${OWN_WORDS.test(call.tool) ? nothing : given(call.arguments)}
      ${call.note && call.note !== call.result?.text ? html`<p class="note">${call.note}</p>` : nothing}
      ${call.status === "waiting" ? question(call, act, busy) : nothing}
    </article>
  `;
}

function question(call, act, busy) {
  return html`
    <div class="choice">
      <button class="danger" ?disabled=${busy} @click=${() => act.confirm(call, true)}>Yes, do it</button>
      <button ?disabled=${busy} @click=${() => act.confirm(call, false)}>No, leave it</button>
    </div>
  `;
}

function given(all) {
  const entries = Object.entries(all ?? {}).filter(([, each]) => each !== null && each !== "");
  if (!entries.length) return nothing;
  return html`<dl class="given">
    ${entries.map(([name, each]) => html`<div><dt>${parameterWords(name)}</dt><dd>${value(each)}</dd></div>`)}
  </dl>`;
}
