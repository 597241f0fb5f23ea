// What the sheet of memory knows and does. The files memory-*.js beside it show it.
import * as hub from "./memory-calls.js";
import { changing } from "./memory-changes.js";
import { filled } from "./memory-data.js";
import { makeList } from "./memory-list.js";
import { NO_SEARCH, searching } from "./memory-search.js";

const EXPLAINED = 40; // facts whose sources are fetched by themselves as they are shown
const LOOK_MS = 1500; // between two looks at the index while it is being filled

export function makeMemory(draw, root) {
  const memory = {
    tab: "timeline",
    member: null, // who is looking, as memory names them
    said: "", // what was done last
    open: new Set(), // ids of notes and facts that show all about them
    whys: {}, // by id of a note or fact: {text, sources} or {fault}
    search: NO_SEARCH, // {query, rows, loading, fault}
    names: new Set(), // who spoke, as far as was seen
    places: new Set(), // and where
    picking: false,
    picked: new Map(), // notes by id
    forgetting: null, // {what, rows, count: of all that go, spared: ids, busy, fault}
    people: null,
    seeking: "", // a name, among many
    person: null, // {name, own, facts, pasts: by id of a fact}
    correcting: null, // {id, busy, fault}
    promises: null,
    rooms: null,
    room: null, // what is being done with a room: {busy, fault}
    faults: {}, // by tab
    status: null,
    bringing: null, // {share, sum, busy, fault}
    erasing: { busy: false, fault: "" },
  };
  memory.list = makeList(draw, seen);

  function seen(rows) {
    for (const row of rows) {
      memory.names.add(row.who);
      memory.places.add(row.room);
      if (row.scope === "private") memory.member ??= row.member;
    }
  }

  function say(text) {
    memory.said = text;
    draw();
  }

  // Load something for a tab; what went wrong is shown there, with a way to try again.
  async function load(tab, work) {
    memory.faults[tab] = "";
    draw();
    try {
      await work();
    } catch (fault) {
      memory.faults[tab] = fault.message;
    }
    draw();
  }

  async function whoAmI() {
    memory.status = await hub.status();
    memory.member = memory.status.member ?? memory.member;
    draw();
  }

  async function lookUp(name, own) {
    const person = { name, own, facts: null, pasts: {} };
    memory.person = person;
    await load(memory.tab, async () => {
      person.facts = await hub.facts({ subject: name });
      explain(person.facts, () => memory.person === person);
    });
  }

  // One after the other: there may be many, and each is a question to the hub.
  async function explain(facts, shown) {
    for (const fact of facts.slice(0, EXPLAINED)) {
      if (!shown()) return;
      if (!memory.whys[fact.id]) await act.why(fact.id);
    }
  }

  async function reload() {
    if (memory.tab === "timeline") {
      if (memory.search.query) await act.searchNow();
      return memory.list.reload();
    }
    await act.show(memory.tab, memory.person && !memory.person.own ? memory.person.name : "");
  }

  let looking = 0;

  const loaders = {
    timeline: () => memory.list.reload(),
    you: async () => {
      await load("you", whoAmI);
      if (memory.tab === "you" && memory.member) await lookUp(memory.member, true);
    },
    people: () => load("people", async () => (memory.people = await hub.people())),
    promises: () =>
      load("promises", async () => {
        const [made, awaited] = await Promise.all([hub.facts({ kind: "commitment" }), hub.facts({ kind: "condition" })]);
        memory.promises = { made, awaited };
        explain([...made, ...awaited], () => memory.tab === "promises");
      }),
    rooms: () => load("rooms", async () => (memory.rooms = await hub.rooms())),
    data: () => watchStatus(),
  };

  function beingFilled() {
    const { done, all } = filled(memory.status);
    return done < all;
  }

  // While vectors are being made the line counts up.
  async function watchStatus() {
    const look = ++looking;
    do {
      await load("data", whoAmI);
      await new Promise((resume) => setTimeout(resume, LOOK_MS));
    } while (look === looking && memory.shown && memory.tab === "data" && !memory.faults.data && beingFilled());
  }

  const act = {
    ...searching(memory, draw),
    ...changing(memory, { draw, say, root, reload, watch: watchStatus }),
    open() {
      memory.shown = true;
      memory.said = "";
      act.show(memory.tab);
      act.lookAround();
      whoAmI().catch(() => {});
    },
    // Which rooms there are is good to know, and shown wherever it is known.
    async lookAround() {
      try {
        memory.rooms = await hub.rooms();
      } catch {
        return;
      }
      draw();
    },
    close() {
      memory.shown = false;
      memory.forgetting = null;
      act.stopPicking();
    },
    show(tab, person = "") {
      if (tab !== memory.tab) memory.said = "";
      memory.tab = tab;
      memory.person = null;
      memory.correcting = null;
      act.stopPicking();
      return person ? lookUp(person, false) : loaders[tab]();
    },
    person: (name) => act.show("people", name),
    seek(name) {
      memory.seeking = name;
      draw();
    },
    toggle(id) {
      if (!memory.open.delete(id)) {
        memory.open.add(id);
        if (!memory.whys[id] || memory.whys[id].fault) act.why(id);
      }
      draw();
    },
    async why(id) {
      try {
        memory.whys[id] = await hub.why(id);
      } catch (fault) {
        memory.whys[id] = { fault: fault.message };
      }
      draw();
    },
    async past(fact) {
      const person = memory.person;
      try {
        person.pasts[fact.id] = await hub.past(fact.subject, fact.relation);
      } catch (fault) {
        person.pasts[fact.id] = [];
        say(fault.message);
      }
      draw();
    },
    key(event) {
      if (event.key !== "Escape" || !(memory.picking || memory.search.query)) return;
      event.preventDefault(); // else the whole sheet would close
      if (memory.picking) act.stopPicking();
      else act.search("");
    },
    filter: (change) => memory.list.filter(change),
    again: () => reload(),
    scrolled: () => memory.list.scrolled(root.querySelector("dialog.sheet")),
    more: () => memory.list.more(),
  };
  return { memory, act };
}
