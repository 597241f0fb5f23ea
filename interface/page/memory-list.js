// The timeline's notes, page by page. Only pages near what is seen are in the document; others keep their height.
import * as hub from "./memory-calls.js";

const PAGE = 50;
const MOST = 500; // notes asked for at once, where so many were said in one moment
const NEAR = 1.5; // windows' heights, above and below, within which notes are in the document

const ALL = { who: "", place: "", kind: "", day: "" };

export function makeList(draw, seen) {
  const list = { pages: [], ids: new Set(), left: true, loading: false, fault: "", filters: { ...ALL } };
  let round = 0; // answers to questions of earlier rounds are let go

  function oldest() {
    return list.pages.at(-1)?.rows.at(-1)?.when;
  }

  function start() {
    const { day } = list.filters;
    if (!day) return "";
    const next = new Date(`${day}T00:00`);
    next.setDate(next.getDate() + 1);
    return next.toISOString();
  }

  async function fetchPage() {
    const { who, place, kind } = list.filters;
    let before = oldest() ?? start();
    for (let n = PAGE; ; n = Math.min(n * 2, MOST)) {
      const found = await hub.timeline({ who, kind, ...(place ? { place, room: place } : {}), before, n });
      // `before` holds its own moment too, so that nothing said in one moment is passed over: known ones come again
      const fresh = found.notes.filter((row) => !list.ids.has(row.id));
      if (fresh.length || !found.more) return { rows: fresh, more: found.more };
      if (n === MOST) before = new Date(new Date(before) - 1).toISOString();
    }
  }

  list.more = async () => {
    if (list.loading || !list.left) return;
    const mine = round;
    Object.assign(list, { loading: true, fault: "" });
    draw();
    try {
      const { rows, more } = await fetchPage();
      if (mine !== round) return;
      for (const row of rows) list.ids.add(row.id);
      if (rows.length) list.pages.push({ key: `${round}.${list.pages.length}`, rows, shown: true, height: 0 });
      list.left = more;
      seen(rows);
    } catch (fault) {
      if (mine !== round) return;
      list.fault = fault.message;
    }
    list.loading = false;
    draw();
  };

  list.clear = () => {
    round += 1;
    Object.assign(list, { pages: [], ids: new Set(), left: true, loading: false, fault: "" });
  };

  list.reload = () => {
    list.clear();
    return list.more();
  };

  list.filter = (change) => {
    Object.assign(list.filters, change ?? ALL);
    return list.reload();
  };

  list.drop = (gone) => {
    for (const page of list.pages) page.rows = page.rows.filter((row) => !gone.has(row.id));
    list.pages = list.pages.filter((page) => page.rows.length);
    if (!list.pages.length && list.left) list.more();
  };

  // Put pages that came near into the document and take those that went far away out of it.
  list.scrolled = (sheet) => {
    const [top, bottom] = [-NEAR * innerHeight, (1 + NEAR) * innerHeight];
    let changed = false;
    for (const section of sheet?.querySelectorAll(".page") ?? []) {
      const page = list.pages.find((each) => each.key === section.dataset.page);
      const box = section.getBoundingClientRect();
      const near = (box.bottom > top && box.top < bottom) || section.contains(document.activeElement);
      if (!page || near === page.shown) continue;
      Object.assign(page, { shown: near, height: near ? page.height : box.height });
      changed = true;
    }
    if (changed) draw();
    const end = sheet?.querySelector(".older");
    if (end && !list.fault && end.getBoundingClientRect().top < bottom) list.more();
  };

  return list;
}
