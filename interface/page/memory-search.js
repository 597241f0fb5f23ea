// Searching memory from its sheet, as one types.
import * as hub from "./memory-calls.js";

const PAUSE_MS = 250; // after the last key, before memory is searched
export const NO_SEARCH = { query: "", rows: null, loading: false, fault: "" };

export function searching(memory, draw) {
  let typing = 0;
  let asked = 0;
  const act = {
    search(query) {
      memory.search = { ...memory.search, query };
      clearTimeout(typing);
      if (query.trim()) typing = setTimeout(act.searchNow, PAUSE_MS);
      else memory.search = NO_SEARCH;
      draw();
    },
    async searchNow() {
      clearTimeout(typing);
      const { query } = memory.search;
      if (!query.trim()) return;
      const mine = ++asked;
      memory.search = { ...memory.search, loading: true, fault: "" };
      draw();
      let rows = memory.search.rows;
      let fault = "";
      try {
        rows = await hub.recall(query.trim());
      } catch (broken) {
        fault = broken.message;
      }
      if (mine !== asked || memory.search.query !== query) return;
      memory.search = { query, rows, loading: false, fault };
      draw();
    },
  };
  return act;
}
