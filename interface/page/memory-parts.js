// Small pieces that several parts of the sheet of memory show.
import { html } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";

export function broken(fault, again) {
  return html`<div class="fault" role="alert">${icon("error")}<p>${fault}</p><button @click=${again}>Try again</button></div>`;
}

export function choice(label, value, options, onPick) {
  const id = `choice-${label.toLowerCase()}`;
  return html`<div class="choose"><label for=${id}>${label}</label>
    <select id=${id} .value=${value} @change=${(event) => onPick(event.target.value)}>
      ${options.map(([each, words]) => html`<option value=${each} ?selected=${each === value}>${words}</option>`)}
    </select></div>`;
}
