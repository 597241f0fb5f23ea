// The hub's API, as the page uses it. Every fault becomes an Error whose message is for the person.

const UNREACHABLE = "MuOS can’t be reached. Is it still running?";

const ZONES = Intl.DateTimeFormat().resolvedOptions().timeZone;
const WHO = ZONES && !ZONES.startsWith("Etc/") ? { zone: ZONES } : {};

// The room that this page speaks from, for as long as the tab lives. At home a member is alone with MuOS.
export const HOME = "home";
export const place = { room: HOME };
try {
  place.room = sessionStorage.getItem("muos.room") ?? HOME;
} catch {
  // no storage: each load begins at home
}

export function speakIn(room) {
  place.room = room;
  try {
    sessionStorage.setItem("muos.room", room);
  } catch {
    // no storage: the choice holds until a reload
  }
}

export async function send(path, body, method = body === undefined ? "GET" : "POST", type = "application/json") {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": type },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (response.status === 401) location.assign("/login");
  if (!response.ok) {
    const fault = await response.json().catch(() => ({}));
    throw new Error(typeof fault.error === "string" ? fault.error : `MuOS answered with an error (${response.status}).`);
  }
  return response;
}

// Read a stream of events, one JSON object a line; `each` gets them as they come.
async function stream(path, body, each) {
  const response = await send(path, { ...WHO, ...place, ...body });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let ended = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) {
        const event = JSON.parse(line);
        ended = event.event === "end";
        each(event);
      }
    }
  } catch (fault) {
    throw new Error(fault instanceof SyntaxError ? "MuOS’s answer could not be read." : UNREACHABLE);
  }
  if (!ended) throw new Error("The connection was lost before the answer was complete. See Activity for what was done.");
}

export const ask = (text, each) => stream("/api/turns", { text }, each);
export const confirm = (call, yes, each) => stream(`/api/calls/${call}/confirm`, { yes }, each);
export const undo = (call, each) => stream(`/api/calls/${call}/undo`, {}, each);
export const flows = async () => (await send("/api/flows?limit=50")).json();
export const cancel = async (flow) => (await send(`/api/flows/${flow}`, undefined, "DELETE")).json();
export const tools = async () => (await send("/api/tools")).json();
export const services = async () => (await send("/api/services")).json();
export const manage = async (name, what) => (await send(`/api/services/${name}/${what}`, {})).json();
export const pastAlerts = async () => (await send("/api/alerts/past?limit=20")).json();

// Tell of alerts as they come, and of the connection coming and going.
export function listen(onAlert, onConnected) {
  const source = new EventSource("/api/alerts");
  source.addEventListener("alert", (message) => onAlert(JSON.parse(message.data)));
  source.addEventListener("open", () => onConnected(true));
  source.addEventListener("error", () => onConnected(false));
}
