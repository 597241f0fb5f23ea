// Plants: the service contract of docs/service.md in JavaScript, with nothing but Node's own library.
//
// Must stay true: a call's effect and its answer are one line, appended to one file and flushed before the answer is
// sent. A line that was cut short by a crash never happened. What is known is what the lines say, read from the top.

import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const VERSION = "2025-11-25";
const folder = process.env.MUOS_SERVICE_DATA ?? ".";
const file = join(folder, "calls.jsonl");

// What is known

const done = new Map(); // call id -> its line
const plants = new Map(); // member + name -> { name, member, days, watered }

const key = (member, name) => `${member}\n${name.toLowerCase()}`;

function apply(line) {
  done.set(line.call, line);
  for (const { key: at, after } of line.changes) {
    if (after) plants.set(at, after);
    else plants.delete(at);
  }
  if (line.undid) done.get(line.undid).undoneBy = line.call;
}

function load() {
  mkdirSync(folder, { recursive: true });
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  for (const row of whole.split("\n").filter(Boolean)) apply(JSON.parse(row));
  const log = openSync(file, "a");
  ftruncateSync(log, Buffer.byteLength(whole)); // half a line is no line
  return log;
}

const log = load();

// Answers

class Refusal extends Error {
  constructor(text, hears = "person") {
    super(text);
    this.hears = hears;
  }
}

const answered = (text, data, meta = {}) => ({ content: [{ type: "text", text }], structuredContent: data, _meta: meta });
const failed = (text, hears) => ({ content: [{ type: "text", text }], isError: true, _meta: { "muos/hears": hears } });
const thing = (plant) => ({ kind: "plant", name: plant.name, id: "", at: null, within: null });
const every = (days) => (days === 1 ? "every day" : `every ${days} days`);

function find(ctx, name) {
  const plant = plants.get(key(ctx.member, name));
  if (plant) return plant;
  const own = [...plants.values()].filter((one) => one.member === ctx.member).map((one) => one.name);
  throw new Refusal(`I know of no plant ${JSON.stringify(name)}. ${own.length ? `There are: ${own.join(", ")}.` : "There are none yet."}`);
}

// Tools: each gives { text, data, touched, changes }

const tools = {
  add: {
    effect: "reversible",
    description: "Keep a new plant in mind: its name and how often it wants water.",
    examples: ["add a plant called basil, every 2 days", "new plant: ficus, every 7 days", "keep an eye on my orchid"],
    properties: {
      plant: { type: "string", minLength: 1, maxLength: 80, description: "What the plant is called" },
      days: { type: "integer", minimum: 1, maximum: 365, default: 7, description: "Days from one watering to the next" },
    },
    required: ["plant"],
    run(ctx, { plant: name, days = 7 }) {
      if (plants.has(key(ctx.member, name))) throw new Refusal(`You already have a plant called ${name}.`);
      const plant = { name, member: ctx.member, days, watered: ctx.now.toISOString() };
      return {
        text: `I'll keep an eye on ${name}: water ${every(days)}.`,
        data: { plant: name, days },
        touched: [thing(plant)],
        changes: [{ key: key(ctx.member, name), before: null, after: plant }],
      };
    },
  },
  water: {
    effect: "reversible",
    description: "Note that a plant was watered.",
    examples: ["I watered the basil", "the ficus got its water", "note that I gave the fern a drink"],
    properties: { plant: { type: "string", minLength: 1, maxLength: 80, description: "Which plant", "x-kind": "plant" } },
    required: ["plant"],
    run(ctx, { plant: name }) {
      const before = find(ctx, name);
      const after = { ...before, watered: ctx.now.toISOString() };
      return {
        text: `Noted: ${before.name} was watered.`,
        data: { plant: before.name },
        touched: [thing(before)],
        changes: [{ key: key(ctx.member, name), before, after }],
      };
    },
  },
  thirsty: {
    effect: "read",
    description: "Say which plants want water now.",
    examples: ["which plants are thirsty?", "does any plant want water?", "which of my plants must I water?"],
    properties: {},
    required: [],
    run(ctx) {
      const own = [...plants.values()].filter((plant) => plant.member === ctx.member);
      const dry = own.filter((plant) => ctx.now - new Date(plant.watered) >= plant.days * 86_400_000);
      const names = dry.map((plant) => plant.name);
      return {
        text: names.length ? `Thirsty: ${names.join(", ")}.` : "No plant is thirsty.",
        data: { plants: names },
        touched: dry.map(thing),
        changes: [],
      };
    },
  },
  undo: {
    effect: "reversible",
    hidden: true,
    description: "Take back what an earlier call did.",
    examples: [],
    properties: { call: { type: "string" } },
    required: ["call"],
    run(ctx, { call }) {
      const line = done.get(call);
      if (!line) throw new Refusal(`I know of no action ${JSON.stringify(call)} here, so there is nothing to undo.`);
      if (line.undoneBy && !done.get(line.undoneBy).undoneBy) throw new Refusal("That was already undone.");
      const same = (at, value) => JSON.stringify(plants.get(at) ?? null) === JSON.stringify(value);
      if (!line.changes.every((change) => same(change.key, change.after))) {
        throw new Refusal("It was changed afterwards; undo that first.");
      }
      const changes = line.changes.map(({ key: at, before, after }) => ({ key: at, before: after, after: before }));
      return { text: `Undone: ${line.result.content[0].text}`, data: { undid: call }, touched: [], changes, undid: call };
    },
  },
};

// Calls

function check(tool, given) {
  for (const name of tool.required) if (given[name] === undefined) throw new Refusal(`${name} is missing.`, "model");
  for (const [name, value] of Object.entries(given)) {
    const schema = tool.properties[name];
    if (!schema) throw new Refusal(`There is no parameter ${name}.`, "model");
    const fits =
      schema.type === "integer"
        ? Number.isInteger(value) && value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value)
        : typeof value === "string" && value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity);
    if (!fits) throw new Refusal(`${name} can't be ${JSON.stringify(value).slice(0, 80)}.`, "model");
  }
}

function contextOf(meta) {
  return {
    call: meta["muos/call"] ?? crypto.randomUUID(),
    member: meta["muos/member"] ?? "owner",
    now: meta["muos/now"] ? new Date(meta["muos/now"]) : new Date(),
    preview: meta["muos/preview"] === true,
  };
}

function call({ name, arguments: given = {}, _meta: meta = {} }) {
  const tool = tools[name];
  if (!tool) return failed(`Plants has no tool ${JSON.stringify(name)}.`, "model");
  const ctx = contextOf(meta);
  if (tool.effect !== "read" && done.has(ctx.call)) return done.get(ctx.call).result;
  try {
    check(tool, given);
    const { text, data, touched, changes, undid } = tool.run(ctx, given);
    if (tool.effect === "read") return answered(text, data, { "muos/touched": touched });
    const now = new Map(plants);
    for (const { key: at, after } of changes) after ? now.set(at, after) : now.delete(at);
    const names = [...now.values()].filter((plant) => plant.member === ctx.member).map((plant) => plant.name);
    const result = answered(text, data, {
      "muos/touched": touched,
      "muos/undoable": name !== "undo",
      "muos/names": { plant: names },
    });
    if (ctx.preview) return result;
    const line = { call: ctx.call, changes, undid, result };
    writeSync(log, `${JSON.stringify(line)}\n`);
    fsyncSync(log);
    apply(line);
    return result;
  } catch (error) {
    if (error instanceof Refusal) return failed(error.message, error.hears);
    console.error(error);
    return failed(`Plants failed: ${error.message}`, "us");
  }
}

// MCP: JSON-RPC 2.0, one message a line

const listed = Object.entries(tools).map(([name, tool]) => ({
  name,
  description: tool.description,
  inputSchema: { type: "object", properties: tool.properties, required: tool.required, additionalProperties: false },
  annotations: { readOnlyHint: tool.effect === "read", destructiveHint: false, idempotentHint: true, openWorldHint: false },
  _meta: {
    "muos/effect": tool.effect,
    "muos/examples": tool.examples,
    ...(tool.effect === "reversible" && !tool.hidden ? { "muos/undo": "undo" } : {}),
    ...(tool.hidden ? { "muos/hidden": true } : {}),
  },
}));

const methods = {
  initialize: () => ({ protocolVersion: VERSION, capabilities: { tools: {} }, serverInfo: { name: "plants", version: "1" } }),
  ping: () => ({}),
  "tools/list": () => ({ tools: listed }),
  "tools/call": call,
};

const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

createInterface({ input: process.stdin })
  .on("line", (text) => {
    const { id, method, params = {} } = JSON.parse(text);
    if (id === undefined) return; // a notification
    if (methods[method]) say({ id, result: methods[method](params) });
    else say({ id, error: { code: -32601, message: `There is no method ${method}.` } });
  })
  .on("close", () => closeSync(log));
