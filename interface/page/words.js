// How things are said on the page: names, values and times in the words of people.

const KEEP_SMALL = new Set(["a", "an", "the", "to", "of", "in", "on", "for", "and", "or"]);

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// "lists_add" → ["Lists", "add"]
export function toolWords(name) {
  const [service, ...rest] = name.split("_");
  return [service === "muos" ? "MuOS" : capital(service), rest.join(" ")];
}

export function parameterWords(name) {
  const words = name.replaceAll("_", " ").trim();
  return KEEP_SMALL.has(words) ? words : capital(words);
}

const DAY = { weekday: "short", day: "numeric", month: "short" };
const CLOCK = { hour: "2-digit", minute: "2-digit" };

export function dayAndTime(date) {
  const today = date.toDateString() === new Date().toDateString();
  return today ? time(date) : `${date.toLocaleDateString([], DAY)}, ${time(date)}`;
}

// Days in full are said as the rest of the page is: in English.
const FULL = { day: "numeric", month: "long", year: "numeric" };

export function dayInFull(date) {
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toLocaleDateString("en-GB", FULL);
}

export function monthInFull(date) {
  return date.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
}

export function dayName(date, now = new Date()) {
  if (date.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return date.toDateString() === yesterday.toDateString() ? "Yesterday" : dayInFull(date);
}

export function count(number, what) {
  return `${number.toLocaleString()} ${number === 1 ? what : `${what}s`}`;
}

export function time(date) {
  return date.toLocaleTimeString([], CLOCK);
}

function duration(text) {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!found || text.length < 3) return null;
  const units = ["wk", "d", "h", "min", "s"];
  return found.slice(1).map((n, i) => (n ? `${n} ${units[i]}` : "")).filter(Boolean).join(" ");
}

// The wall-clock reading that the text itself carries, whatever zone this browser is in.
function moment(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute] = found;
  const date = new Date(+year, +month - 1, +day, +(hour ?? 0), +(minute ?? 0));
  const options = date.getFullYear() === new Date().getFullYear() ? DAY : { ...DAY, year: "numeric" };
  const said = date.toLocaleDateString([], options);
  return hour === undefined ? said : `${said}, ${hour}:${minute}`;
}

export function value(given) {
  if (given === null || given === undefined) return "–";
  if (given === true) return "yes";
  if (given === false) return "no";
  if (Array.isArray(given)) return given.map(value).join(", ");
  if (typeof given === "object") return JSON.stringify(given);
  const text = String(given);
  return moment(text) ?? duration(text) ?? (/^\d\d:\d\d:00$/.test(text) ? text.slice(0, 5) : text);
}

export function greeting(hour = new Date().getHours()) {
  if (hour < 5) return "Hello";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

export const EFFECTS = {
  read: "only looks",
  reversible: "can be undone",
  irreversible: "asks you first",
};

export const FLOW_STATUSES = {
  running: "Working…",
  waiting: "Waits for you",
  error: "Not all of it worked",
  cancelled: "Cancelled",
};

export const STATUSES = {
  planned: "Comes next",
  running: "Working…",
  waiting: "Waits for you",
  done: "Done",
  error: "Didn’t work",
  cancelled: "Cancelled",
  undone: "Undone",
};
