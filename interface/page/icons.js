// Small line icons, drawn here; decorative, so hidden from screen readers.
import { html, svg } from "./vendor/lit-html/lit-html.js";

const SHAPES = {
  send: svg`<path d="M12 19V5M5 12l7-7 7 7"/>`,
  help: svg`<path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.8 10.6c.8.7 1.3 1.4 1.3 2.4h5c0-1 .5-1.7 1.3-2.4A6 6 0 0 0 12 3z"/>`,
  activity: svg`<path d="M12 7v5l3 2"/><path d="M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4"/>`,
  services: svg`<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/><path d="M16.8 13.5v6.5M13.5 16.8h6.5"/>`,
  memory: svg`<path d="M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5z"/><path d="M5 20.5A2.5 2.5 0 0 0 7.5 21H19v-3M9 7.5h6M9 11h4"/>`,
  lock: svg`<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>`,
  people: svg`<circle cx="9" cy="9" r="3.2"/><path d="M3.5 19c0-3 2.4-5 5.5-5s5.5 2 5.5 5M15.5 6.2a3 3 0 0 1 0 5.6M17 14.4c2.1.6 3.5 2.3 3.5 4.6"/>`,
  house: svg`<path d="M4 11.500L12 4.500l8 7M6.5 10v9.500h11V10"/>`,
  more: svg`<path d="M6 9.500l6 6 6-6"/>`,
  less: svg`<path d="M6 14.500l6-6 6 6"/>`,
  back: svg`<path d="M14.5 6l-6 6 6 6"/>`,
  pen: svg`<path d="M4.5 19.500l1-4L16 5a1.8 1.8 0 0 1 3 3L8.5 18.500z"/>`,
  forget: svg`<path d="M5 7h14M9.5 7V4.500h5V7M7 7l.8 12.500h8.400L17 7M10.5 10.500v5.500M13.5 10.500v5.5"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4"/>`,
  moon: svg`<path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  done: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  error: svg`<path d="M12 8v5M12 16.5v.01"/><circle cx="12" cy="12" r="9"/>`,
  waiting: svg`<path d="M9.2 9a2.9 2.9 0 0 1 5.6 1c0 1.9-2.8 2.3-2.8 4M12 17v.01"/><circle cx="12" cy="12" r="9"/>`,
  undone: svg`<path d="M9 14L4 9l5-5"/><path d="M4 9h10a6 6 0 0 1 0 12h-3"/>`,
  planned: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5V12l3 2"/>`,
  cancelled: svg`<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>`,
  running: svg`<path class="spin" d="M12 3a9 9 0 1 1-9 9"/>`,
  bell: svg`<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20.5a2.2 2.2 0 0 0 4 0"/>`,
  basket: svg`<path d="M4 9h16l-1.5 9.5a1.5 1.5 0 0 1-1.5 1.5H7a1.5 1.5 0 0 1-1.5-1.5zM8 9l3-5M16 9l-3-5"/>`,
  timer: svg`<circle cx="12" cy="13.5" r="7.5"/><path d="M12 9.5v4l2.5 1.5M9.5 2.5h5"/>`,
  calendar: svg`<rect x="4" y="5" width="16" height="15" rx="2.5"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>`,
  note: svg`<path d="M6 3.5h8.5L19 8v11a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 19V5A1.5 1.5 0 0 1 6 3.5zM8.5 11.5h7M8.5 15.5h5"/>`,
  percent: svg`<path d="M18 6L6 18"/><circle cx="7.5" cy="7.5" r="2.5"/><circle cx="16.5" cy="16.5" r="2.5"/>`,
};

export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name] ?? SHAPES.done}</svg>`;
}
