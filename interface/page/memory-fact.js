// One thing that is believed: since when, who said so, what was so before; and the way to put it right.
import { html, nothing, svg } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { because, latest, told } from "./memory-note.js";
import { dayInFull, monthInFull } from "./words.js";

const QUOTED = 160; // characters of a source that are shown before it is opened
const MAKERS = { person: "put right by hand", model: "worked out by a language model" };

export function fact(row, memory, act) {
  const open = memory.open.has(row.id);
  const why = memory.whys[row.id];
  const mending = memory.correcting?.id === row.id;
  return html`
    <article class="memo fact ${late(row) ? "is-late" : ""}" data-fact=${row.id}>
      <div class="memo-head">
        <div>
          <p class="words" dir="auto">${row.told}</p>
          <p class="about-note">${marks(row, why)}</p>
          ${why?.sources && !open ? html`<p class="because">${told(why, memory.member)}: “<bdi>${short(latest(why).text)}</bdi>”</p>` : nothing}
        </div>
        <button class="round" aria-expanded=${open ? "true" : "false"} aria-label="More about: ${row.told}" @click=${() => opened(row, memory, act)}>${icon(open ? "less" : "more")}</button>
      </div>
      ${open ? all(row, why, memory, act) : nothing}
      ${mending ? mend(row, memory.correcting, act) : nothing}
    </article>
  `;
}

function opened(row, memory, act) {
  if (memory.person && !memory.person.pasts[row.id]) act.past(row);
  act.toggle(row.id);
}

export function late(row) {
  return row.kind === "commitment" && !row.done && row.due && new Date(row.due) < new Date();
}

function short(text) {
  return text.length > QUOTED ? `${text.slice(0, QUOTED).trimEnd()}…` : text;
}

function marks(row, why) {
  const since = row.since && row.kind !== "commitment" && row.kind !== "condition";
  return html`
    ${row.due ? html`<span class="badge ${late(row) ? "is-overdue" : ""}">${late(row) ? "Overdue: was due" : "Due"} <time datetime=${row.due}>${dayInFull(new Date(row.due))}</time></span>` : nothing}
    ${row.done ? html`<span class="badge is-good">Done</span>` : nothing}
    ${row.trigger && !row.told.includes(row.trigger) ? html`<span class="badge">When: <bdi>${row.trigger}</bdi></span>` : nothing}
    ${since ? html`<span>since <time datetime=${row.since}>${dayInFull(new Date(row.since))}</time></span>` : nothing}
    ${since || why?.sources ? nothing : html`<span>said <time datetime=${row.said}>${dayInFull(new Date(row.said))}</time></span>`}
    ${row.until ? html`<span>until <time datetime=${row.until}>${dayInFull(new Date(row.until))}</time></span>` : nothing}
    ${MAKERS[row.maker] ? html`<span class="badge ${row.maker === "model" ? "is-foreign" : "is-asked"}">${MAKERS[row.maker]}</span>` : nothing}
  `;
}

function all(row, why, memory, act) {
  const pasts = memory.person?.pasts[row.id];
  return html`
    <div class="opened">
      <section aria-label="Why do you know this?"><h4>Why do you know this?</h4>${because(why, row.id, act, memory.member)}</section>
      ${pasts?.length > 1 ? line(pasts) : nothing}
      <div class="does">
        <button @click=${() => act.correct(row)}>${icon("pen")} Correct</button>
        <button @click=${() => act.forget({ ids: row.sources })}>${icon("forget")} Forget this…</button>
      </div>
    </div>
  `;
}

// A fact about oneself as one would say it: "You live in Lyon" is put right as "I live in …".
function ownWords(row) {
  return row.told
    .replace(/^Your /, "My ")
    .replace(/^You are(n’t|n't)? /, (_, not) => (not ? "I’m not " : "I am "))
    .replace(/^You were/, "I was")
    .replace(/^You /, "I ");
}

function mend(row, correcting, act) {
  const send = (event) => {
    event.preventDefault();
    act.correctNow(row, event.target.elements.truth.value);
  };
  const key = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send({ preventDefault: () => event.preventDefault(), target: event.target.form });
    if (event.key !== "Escape") return;
    event.preventDefault(); // else the whole sheet would close
    act.correct(null);
  };
  return html`
    <form class="mend" @submit=${send}>
      <label for="truth-${row.id}">What is true?</label>
      <textarea id="truth-${row.id}" name="truth" rows="2" dir="auto" maxlength="2000" @keydown=${key}>${ownWords(row)}</textarea>
      ${correcting.fault ? html`<p class="note">${correcting.fault}</p>` : nothing}
      <div class="does"><button class="go" ?disabled=${correcting.busy}>Save</button><button type="button" @click=${() => act.correct(null)}>Cancel</button></div>
    </form>
  `;
}

// What was so, one after the other: a strip to scale, and the same in words.
function line(pasts) {
  const now = Date.now();
  const spans = pasts.map((each) => [new Date(each.since ?? each.said).getTime(), each.until ? new Date(each.until).getTime() : now]);
  const from = Math.min(...spans.map(([start]) => start));
  const whole = Math.max(now - from, 1);
  return html`
    <section class="past" aria-label="How it changed">
      <h4>How it changed</h4>
      <svg class="strip" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        ${spans.map(([start, end], index) => svg`<rect class=${pasts[index].until ? "was" : "is"} x=${((start - from) / whole) * 100} y="0" width=${Math.max(((end - start) / whole) * 100 - 0.6, 0.8)} height="6"/>`)}
      </svg>
      <ol>
        ${pasts.map((each) => html`<li class=${each.until ? "was" : "is"}><bdi>${each.value}</bdi> <span>${period(each)}</span></li>`)}
      </ol>
    </section>
  `;
}

function period(each) {
  const [since, until] = [new Date(each.since ?? each.said), each.until && new Date(each.until)];
  if (!until) return `since ${monthInFull(since)}`;
  if (since.toDateString() === until.toDateString()) return `on ${dayInFull(since)}`;
  const say = monthInFull(since) === monthInFull(until) ? dayInFull : monthInFull;
  return `${say(since)} until ${say(until)}`;
}
