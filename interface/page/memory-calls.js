// The hub's API of memory and rooms, as the sheet uses it.
import { place, send } from "./talk.js";

const PIECE = 512 * 1024; // characters of an import that are sent at once, so that one sees how far it is

async function get(path, params = {}) {
  const given = Object.entries({ room: place.room, ...params }).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return (await send(`${path}?${new URLSearchParams(given)}`)).json();
}

async function post(path, body) {
  return (await send(path, { room: place.room, ...body })).json();
}

export const timeline = (wanted) => get("/api/memory/timeline", wanted);
export const recall = (query) => post("/api/recall", { query, k: 20 });
export const facts = async (wanted) => (await get("/api/memory/facts", wanted)).facts;
export const past = async (subject, relation) => (await get("/api/memory/facts/history", { subject, relation })).facts;
export const people = async () => (await get("/api/memory/people")).subjects;
export const why = (id) => get(`/api/memory/why/${encodeURIComponent(id)}`);
export const forget = (what, preview) => post("/api/memory/forget", { ...what, preview });
export const correct = (id, text) => post("/api/memory/correct", { id, text });
export const erase = (member) => post("/api/memory/erase", { member, confirm: member });
export const status = () => get("/api/memory/status");
export const rooms = async () => (await get("/api/rooms")).rooms;
export const makeRoom = (name, members) => post("/api/rooms", { name, members });
export const join = (room, who, guest) => post(`/api/rooms/${encodeURIComponent(room)}/join`, { who, guest });
export const leave = (room, who) => post(`/api/rooms/${encodeURIComponent(room)}/leave`, { who });

// Send a file of JSON lines piece by piece; each(summary so far, share read) after every piece.
export async function bringIn(file, each) {
  const sum = { imported: 0, merged: 0, refused: 0, errors: [] };
  const take = async (lines) => {
    const done = await (await send("/api/memory/import", lines, "POST", "application/x-ndjson")).json();
    for (const key of ["imported", "merged", "refused"]) sum[key] += done[key];
    sum.errors.push(...done.errors);
  };
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let read = 0;
  for (;;) {
    const { value = "", done } = await reader.read();
    rest += value;
    read += value.length;
    const end = done ? rest.length : rest.lastIndexOf("\n") + 1;
    if (end && (done || end >= PIECE)) {
      await take(rest.slice(0, end));
      rest = rest.slice(end);
      each(sum, Math.min(read / file.size, 1));
    }
    if (done) return sum;
  }
}
