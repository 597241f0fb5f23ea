// One note: what was said, by whom, when and where; who can see it; and, opened, why it is known.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { dayInFull, time } from "./words.js";

const SCOPES = {
  private: ["lock", "Private: only you can see it"],
  room: ["people", "For whoever was in the room"],
  household: ["house", "For everyone in the household"],
};
const SOURCES = { agent: "Said by MuOS", untrusted: "From outside: not taken for true", system: "Kept by MuOS itself" };
const LONG = 320; // characters of a note that are shown before it is opened

// opts: {me: who is looking, open, why: {text, sources} or {fault}, picking, picked, day: say the day too, plain: no buttons}
export function note(row, act, opts = {}) {
  const { open, picking, picked } = opts;
  const long = row.text.length > LONG && !open;
  const text = long ? `${row.text.slice(0, LONG).trimEnd()}…` : row.text;
  const short = row.text.length > 60 ? `${row.text.slice(0, 60)}…` : row.text;
  const body = html`
    <p class="words" dir="auto">${text}</p>
    <p class="about-note">${marks(row, opts)}</p>
    ${row.why && !opts.plain ? html`<p class="found">Found because: ${row.why}</p>` : nothing}
  `;
  if (opts.plain) return html`<article class="memo is-plain">${body}</article>`;
  if (picking) {
    return html`<article class="memo ${picked ? "is-picked" : ""}" data-note=${row.id}>
      <label class="pick"><input type="checkbox" .checked=${Boolean(picked)} @change=${() => act.mark(row)} /><span>${body}</span></label>
    </article>`;
  }
  return html`
    <article class="memo" data-note=${row.id}>
      <div class="memo-head">
        <div>${body}</div>
        <button class="round" aria-expanded=${open ? "true" : "false"} aria-label="More about: ${short}" @click=${() => act.toggle(row.id)}>${icon(open ? "less" : "more")}</button>
      </div>
      ${open ? all(row, act, opts) : nothing}
    </article>
  `;
}

function marks(row, opts) {
  const when = new Date(row.when);
  const [shape, words] = SCOPES[row.scope] ?? [];
  return html`
    <span class="who"><bdi>${row.who}</bdi></span>
    <time datetime=${row.when}>${opts.day ?? true ? `${dayInFull(when)}, ` : ""}${time(when)}</time>
    ${row.room && row.room !== "home" ? html`<span class="badge"><span class="unseen">in room </span><bdi>${row.room}</bdi></span>` : nothing}
    ${shape ? html`<span class="scope" title=${words}>${icon(shape)}<span class="unseen">${words}</span></span>` : nothing}
    ${row.asked ? html`<span class="badge is-asked">asked to remember</span>` : nothing}
    ${row.times > 1 ? html`<span>said ${row.times} times</span>` : nothing}
    ${SOURCES[row.source] ? html`<span class="badge is-foreign">${SOURCES[row.source]}</span>` : nothing}
  `;
}

export function latest(why) {
  return why.sources.toSorted((one, other) => new Date(one.last ?? one.when) - new Date(other.last ?? other.when)).at(-1);
}

// "You said so on 3 March 2026, in kitchen", of what was said last.
export function told(why, me) {
  const row = latest(why);
  const where = row.room && row.room !== "home" ? html`, in <bdi>${row.room}</bdi>` : nothing;
  const often = why.sources.reduce((sum, each) => sum + (each.times ?? 1), 0);
  return html`${row.who === me ? "You" : html`<bdi>${row.who}</bdi>`} said so on ${dayInFull(new Date(row.last ?? row.when))}${where}${often > 1 ? html`, and ${often - 1 === 1 ? "once" : `${often - 1} times`} before` : nothing}`;
}

function all(row, act, { why, me }) {
  return html`
    <div class="opened">
      ${row.answer ? html`<details><summary>What MuOS answered</summary><p class="words" dir="auto">${row.answer}</p></details>` : nothing}
      <section aria-label="Why do you know this?">
        <h4>Why do you know this?</h4>
        ${because(why, row.id, act, me)}
      </section>
      <div class="does"><button @click=${() => act.forget({ ids: [row.id] })}>${icon("forget")} Forget this…</button></div>
    </div>
  `;
}

// own: the id of the note itself, which needs not be shown as its own source; me: who is looking.
export function because(why, own, act, me) {
  if (!why) return html`<p class="hint">Looking it up…</p>`;
  if (why.fault) return html`<p class="note">${why.fault} <button class="quiet" @click=${() => act.why(own)}>Try again</button></p>`;
  const others = why.sources.filter((row) => row.id !== own);
  return html`
    <p class="because">${told(why, me)}.</p>
    ${others.length ? html`<ul class="sources" aria-label="Sources">${others.map((row) => html`<li>${note(row, act, { plain: true })}</li>`)}</ul>` : nothing}
  `;
}
