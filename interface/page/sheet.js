// The sheet that slides over the talk, and in it what can be said.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { capital, EFFECTS, toolWords } from "./words.js";

// kind: a further class, such as "is-wide"; onScroll: told when what the sheet shows moves.
export function sheet(title, content, close, kind = "", onScroll = null) {
  return html`
    <dialog class="sheet ${kind}" aria-labelledby="sheet-title" @close=${close} @scroll=${onScroll} @click=${(e) => e.target === e.currentTarget && close()}>
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id="sheet-title">${title}</h2>
          <button class="round" aria-label="Close" @click=${close}>${icon("close")}</button>
        </header>
        ${content}
      </div>
    </dialog>
  `;
}

export function help(tools, filter, onFilter, onPick) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (tool) => {
    const text = `${tool.name} ${tool.description} ${tool.examples.join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = tools.filter((tool) => tool.examples.length && fits(tool));
  const services = [...new Set(found.map((tool) => tool.service))];
  return html`
    <label class="find"><span class="unseen">Find</span>
      <input type="search" placeholder="Find something" .value=${filter} @input=${(e) => onFilter(e.target.value)} />
    </label>
    <p class="hint">Say it in your own words; these are only examples. Tap one to try it.</p>
    ${found.length ? nothing : html`<p class="hint">Nothing here goes by that name.</p>`}
    ${services.map((service) => group(service, found.filter((tool) => tool.service === service), onPick))}
  `;
}

function group(service, tools, onPick) {
  return html`<section class="group">
    <h3 class="part">${service === "muos" ? "MuOS" : capital(service)}</h3>
    ${tools.map(
      (tool) => html`<div class="tool">
        <p><b>${capital(toolWords(tool.name)[1])}</b> <span class="effect is-${tool.effect}">${EFFECTS[tool.effect] ?? ""}</span></p>
        <p class="about">${tool.description}</p>
        <div class="phrases">
          ${tool.examples.slice(0, 3).map((text) => html`<button class="phrase" @click=${() => onPick(text)}>${text}</button>`)}
        </div>
      </div>`,
    )}
  </section>`;
}
