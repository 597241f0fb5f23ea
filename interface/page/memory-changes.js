// What a person changes in memory from its sheet: forgetting, correcting, rooms, and all of it at once.
import * as hub from "./memory-calls.js";
import { NO_SEARCH } from "./memory-search.js";
import { HOME, speakIn } from "./talk.js";

// page: {draw, say(text), root, reload(), watch()}; the last two load what is shown anew.
export function changing(memory, page) {
  const { draw, say, root, reload, watch } = page;
  const act = {
    // Forgetting
    pick() {
      memory.picking = true;
      draw();
    },
    stopPicking() {
      memory.picking = false;
      memory.picked.clear();
      draw();
    },
    mark(row) {
      if (!memory.picked.delete(row.id)) memory.picked.set(row.id, row);
      draw();
    },
    async forget(what) {
      const forgetting = { what, rows: null, count: 0, spared: new Set(), busy: false, fault: "" };
      memory.forgetting = forgetting;
      draw();
      try {
        const shown = await hub.forget(what, true);
        Object.assign(forgetting, { rows: shown.notes, count: shown.forgotten });
      } catch (fault) {
        forgetting.fault = fault.message;
      }
      draw();
    },
    spare(id) {
      const { spared } = memory.forgetting;
      if (!spared.delete(id)) spared.add(id);
      draw();
    },
    async forgetNow() {
      const { forgetting } = memory;
      Object.assign(forgetting, { busy: true, fault: "" });
      draw();
      try {
        const { what, rows, spared } = forgetting;
        const ids = rows.map((row) => row.id).filter((id) => !spared.has(id));
        const done = await hub.forget(spared.size ? { ids } : what, false);
        const gone = new Set(done.notes);
        memory.list.drop(gone);
        if (memory.search.rows) memory.search.rows = memory.search.rows.filter((row) => !gone.has(row.id));
        memory.whys = {};
        act.stopPicking();
        act.keep();
        say(done.text);
        root.querySelector("#memory-panel")?.focus({ preventScroll: true });
        if (memory.tab !== "timeline") await reload();
      } catch (fault) {
        forgetting.fault = fault.message;
      }
      forgetting.busy = false;
      draw();
    },
    keep() {
      root.querySelector("dialog.ask")?.close();
      memory.forgetting = null;
      draw();
    },
    // Correcting
    correct(fact) {
      memory.correcting = fact ? { id: fact.id, busy: false, fault: "" } : null;
      draw();
      if (fact) queueMicrotask(() => root.querySelector(".mend textarea")?.select());
    },
    async correctNow(fact, text) {
      const { correcting } = memory;
      if (!text.trim() || correcting.busy) return;
      Object.assign(correcting, { busy: true, fault: "" });
      draw();
      try {
        const done = await hub.correct(fact.id, text.trim());
        memory.correcting = null;
        say(done.text);
        await reload();
      } catch (fault) {
        Object.assign(correcting, { busy: false, fault: fault.message });
      }
      draw();
    },
    // Rooms
    async inRooms(work) {
      memory.room = { busy: true, fault: "" };
      draw();
      try {
        const done = await work();
        memory.rooms = await hub.rooms();
        memory.room = null;
        say(done?.text ?? "");
        return true;
      } catch (fault) {
        memory.room = { busy: false, fault: fault.message };
        draw();
        return false;
      }
    },
    makeRoom: (name, members) => act.inRooms(() => hub.makeRoom(name, members)),
    join: (room, who, guest) => act.inRooms(() => hub.join(room, who, guest)),
    leave: (room, who) => act.inRooms(() => hub.leave(room, who)),
    speakIn(room) {
      speakIn(room);
      say(room === HOME ? "You speak alone with MuOS again." : `You speak in “${room}” now. Whoever is in it may hear and see it.`);
    },
    // All of it
    async bringIn(file) {
      memory.bringing = { share: 0, sum: null, busy: true, fault: "" };
      draw();
      try {
        const each = (sum, share) => {
          Object.assign(memory.bringing, { sum, share });
          draw();
        };
        memory.bringing.sum = await hub.bringIn(file, each);
      } catch (fault) {
        memory.bringing.fault = fault.message;
      }
      memory.bringing.busy = false;
      draw();
      watch();
    },
    async erase() {
      memory.erasing = { busy: true, fault: "" };
      draw();
      try {
        const done = await hub.erase(memory.member);
        memory.list.clear();
        // nothing more is asked here: where a token was needed it is erased too
        const status = { ...memory.status, notes: 0, indexed: 0 };
        Object.assign(memory, { whys: {}, search: NO_SEARCH, status, erasing: { busy: false, fault: "" } });
        say(done.text);
      } catch (fault) {
        memory.erasing = { busy: false, fault: fault.message };
      }
      draw();
    },
  };
  return act;
}
