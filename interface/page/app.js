// What the page knows and does. State changes here, views.js shows it.
import { render } from "./vendor/lit-html/lit-html.js";
import { makeMemory } from "./memory.js";
import * as hub from "./talk.js";
import { page } from "./views.js";

const KEPT_ROWS = 60;
// A page that opens later still tells of an alert this old, and of one that was missed while MuOS was down.
const ALERT_AGE_MS = 10 * 60 * 1000;
const LATE_AGE_MS = 24 * 3600 * 1000;
const LOOK_MS = 1500; // between two looks at the services, while their sheet is open
const root = document.getElementById("root");
const system = matchMedia("(prefers-color-scheme: dark)");

const state = {
  rows: [],
  calls: {}, // by id
  acting: new Set(), // ids of calls being undone or decided on
  flows: null, // what was done, the latest first
  journal: null, // the calls of these
  tools: [],
  services: null,
  notes: {}, // by service: what was said about it last
  sheet: null,
  filter: "",
  connected: true,
  blank: true,
  dark: false,
};

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    const follow = root.scrollHeight - scrollY - innerHeight < 160;
    state.dark = (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    render(page(state, act), root);
    for (const dialog of root.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
    if (follow) toEnd();
  });
}

function toEnd() {
  if (!state.rows.some((row) => row.kind === "turn")) return;
  requestAnimationFrame(() => scrollTo({ top: document.documentElement.scrollHeight }));
}

function tell(text, id = "polite") {
  document.getElementById(id).textContent = text;
}

// What was said stays for as long as the tab does.

function keep() {
  const rows = state.rows.slice(-KEPT_ROWS);
  const ids = new Set(rows.flatMap((row) => row.calls ?? []));
  const calls = Object.fromEntries(Object.entries(state.calls).filter(([id]) => ids.has(id)));
  try {
    sessionStorage.setItem("muos.talk", JSON.stringify({ rows, calls }));
  } catch {
    // no storage: the talk is not kept over a reload
  }
}

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("muos.talk"));
    if (!kept) return;
    state.calls = kept.calls;
    state.rows = kept.rows.map((row) =>
      row.busy ? { ...row, busy: false, fault: "You left before the answer was complete. See Activity for what was done." } : row,
    );
  } catch {
    sessionStorage.removeItem("muos.talk");
  }
}

// Turns

async function ask(text) {
  const row = { key: crypto.randomUUID?.() ?? String(Math.random()), kind: "turn", asked: text, text: "", calls: [], waiting: null, busy: true, open: false };
  for (const earlier of state.rows) earlier.open = false;
  state.rows.push(row);
  tell("");
  draw();
  toEnd();
  try {
    await hub.ask(text, (event) => take(event, row));
  } catch (fault) {
    row.fault = fault.message;
    tell(fault.message);
  }
  row.busy = false;
  draw();
  await refresh();
}

function take(event, row) {
  if (event.call) learn(event.call, row);
  if (event.event === "thinking") row.path = event.path;
  if (event.event === "said") row.text += event.text;
  if (event.event === "broke") row.fault = event.text;
  if (event.event === "waiting") {
    row.waiting = event.waiting;
    row.open = true;
    if (event.waiting.kind === "confirm") {
      const { call, tool, question } = event.waiting;
      learn({ id: call, tool, arguments: event.waiting.arguments, status: "waiting", result: { text: question }, undo: null }, row);
    }
  }
  if (event.event === "end") {
    const told = event.calls.map((call) => call.result?.text ?? event.waiting?.question ?? "").join("\n");
    row.toldByCards = told === event.text;
    tell(event.text);
  }
  draw();
}

function learn(call, row) {
  const known = state.calls[call.id];
  state.calls[call.id] = { ...known, ...call };
  if (!row.calls.includes(call.id) && !state.rows.some((other) => other.calls?.includes(call.id))) row.calls.push(call.id);
}

// Calls

async function decide(call, work) {
  state.acting.add(call.id);
  draw();
  let said = "";
  let failed = false;
  try {
    await work((event) => {
      if (event.call?.id === call.id) state.calls[call.id] = { ...state.calls[call.id], ...event.call };
      if (event.call?.status === "error") failed = true;
      if (event.event === "end") said = event.text;
    });
  } catch (fault) {
    failed = true;
    said = fault.message;
  }
  state.acting.delete(call.id);
  await refresh();
  const shown = [state.calls[call.id], ...[state.journal, state.flows].map((rows) => rows?.find((each) => each.id === call.id))];
  for (const row of shown) if (row) row.note = failed ? said : "";
  tell(said);
  draw();
  queueMicrotask(() => root.querySelector(`[data-call="${call.id}"]`)?.focus({ preventScroll: true }));
}

// Of several calls some could not be undone: then what is said goes with the flow.
function partly(event) {
  const left = event.calls.some((call) => call.result?.data?.left);
  return left ? { ...event, call: { status: "error" } } : event;
}

// The journal is what is true: cards follow it, whoever decided, and wherever.
async function refresh() {
  try {
    const notes = new Map([...(state.flows ?? []), ...(state.journal ?? [])].map((row) => [row.id, row.note]));
    const noted = (row) => ({ ...row, note: notes.get(row.id) });
    state.flows = (await hub.flows()).map((flow) => ({ ...noted(flow), calls: flow.calls.map(noted) }));
    state.journal = state.flows.flatMap((flow) => flow.calls);
  } catch {
    return;
  }
  for (const call of state.journal) {
    const known = state.calls[call.id];
    if (!known) continue;
    const result = call.status === "undone" ? known.result : call.result;
    state.calls[call.id] = { ...known, status: call.status, undo: call.undo, result };
  }
  keep();
  draw();
}

// Services

let looking = 0;
async function lookAtServices() {
  const look = ++looking;
  while (state.sheet === "services" && look === looking) {
    try {
      state.services = await hub.services();
    } catch {
      // the stream of alerts says that the connection is lost
    }
    draw();
    await new Promise((resume) => setTimeout(resume, LOOK_MS));
  }
}

async function manage(name, what) {
  const key = `service ${name}`;
  state.acting.add(key);
  draw();
  try {
    const { text, data, touched, ...row } = await hub.manage(name, what);
    state.services = state.services.map((each) => (each.name === name ? row : each));
    state.notes[name] = text;
  } catch (fault) {
    state.notes[name] = fault.message;
  }
  state.acting.delete(key);
  tell(state.notes[name]);
  draw();
}

// Alerts

function alerted(alert) {
  if (state.rows.some((row) => row.key === `alert ${alert.id}`)) return;
  state.rows.push({ key: `alert ${alert.id}`, kind: "alert", text: alert.text, at: alert.at, late: alert.late });
  try {
    localStorage.setItem("muos.told", JSON.stringify([alert.id, ...told()].slice(0, 100)));
  } catch {
    // no storage: past alerts show again after a reload
  }
  tell(alert.text, "urgent");
  if (document.hidden) document.title = `● ${alert.text}`;
  keep();
  draw();
}

function told() {
  try {
    return JSON.parse(localStorage.getItem("muos.told")) ?? [];
  } catch {
    return [];
  }
}

async function pastAlerts() {
  try {
    const known = told();
    const past = await hub.pastAlerts();
    for (const alert of past.reverse()) {
      const age = Date.now() - new Date(alert.at);
      if (!known.includes(alert.id) && age < (alert.late ? LATE_AGE_MS : ALERT_AGE_MS)) alerted(alert);
    }
  } catch {
    // the stream of alerts says that the connection is lost
  }
}

// What the views can do

const remembering = makeMemory(draw, root);
state.memory = remembering.memory;

function box() {
  return document.getElementById("say");
}

const act = {
  submit(event) {
    event.preventDefault();
    const text = box().value.trim();
    if (!text) return;
    box().value = "";
    state.blank = true;
    ask(text);
  },
  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      act.submit(event);
    } else if (event.key === "ArrowUp" && !box().value) {
      const last = state.rows.findLast((row) => row.kind === "turn");
      if (!last) return;
      event.preventDefault();
      box().value = last.asked;
      act.typed();
    }
  },
  typed() {
    const blank = !box().value.trim();
    if (blank !== state.blank) {
      state.blank = blank;
      draw();
    }
  },
  pick(text) {
    act.closeSheet();
    ask(text);
    box().focus();
  },
  again(row) {
    state.rows = state.rows.filter((other) => other !== row);
    ask(row.asked);
  },
  undo: (call) => decide(call, (each) => hub.undo(call.id, each)),
  undoFlow: (flow) => decide(flow, (each) => hub.undo(flow.id, (event) => each(event.event === "end" ? partly(event) : event))),
  cancelFlow: (flow) => decide(flow, async (each) => each({ event: "end", text: (await hub.cancel(flow.id)).said })),
  manage,
  memory: remembering.act,
  confirm: (call, yes) => decide(call, (each) => hub.confirm(call.id, yes, each)),
  async openSheet(name) {
    state.sheet = name;
    state.filter = "";
    draw();
    if (name === "activity") return refresh();
    if (name === "memory") return act.memory.open();
    if (name === "services") {
      state.notes = {};
      return lookAtServices();
    }
    try {
      state.tools = await hub.tools();
    } catch (fault) {
      tell(fault.message);
    }
    draw();
  },
  closeSheet() {
    if (!state.sheet) return;
    if (state.sheet === "memory") act.memory.close();
    root.querySelector("dialog")?.close();
    state.sheet = null;
    draw();
  },
  filter(text) {
    state.filter = text;
    draw();
  },
  flipTheme() {
    const theme = state.dark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("muos.theme", theme);
    } catch {
      // no storage: the choice holds until a reload
    }
    draw();
  },
};

system.addEventListener("change", draw);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.title = "MuOS";
  refresh();
});
hub.listen(alerted, (connected) => {
  if (connected && !state.connected) pastAlerts();
  state.connected = connected;
  draw();
});
restore();
draw();
toEnd();
pastAlerts();
refresh();
act.memory.lookAround();
