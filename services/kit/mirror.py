"""Keeping what a service has in step with a server's collections, both ways, entry by entry.

Each entry has a UID and fields. For each is kept what both sides agreed on last (`base`), and the server's own text
of it (`raw`), which is patched and never written anew, so that what we don't know survives.

Must stay true: an entry that changed on one side only is as that side has it. Where both changed it, each field is
as the side has it that changed it; where both changed the same field, the server's stays and the person is told
what was lost. A change wins over a deletion. Stopping anywhere doubles nothing: places follow from UIDs.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from services.kit.dav import Changed, Collection, Dav, Rejected, plain
from services.kit.merging import NAMED_AT_MOST, Fields, Report, merged, said_value
from services.kit.refusal import Refusal
from services.kit.reply import Context
from services.kit.speech import spoken

TABLES = """
CREATE TABLE IF NOT EXISTS dav_collection(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, address TEXT NOT NULL, url TEXT NOT NULL,
    token TEXT NOT NULL, UNIQUE(member, address, url));
CREATE TABLE IF NOT EXISTS dav_item(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, address TEXT NOT NULL, collection TEXT NOT NULL,
    url TEXT NOT NULL, etag TEXT NOT NULL, uid TEXT NOT NULL, raw TEXT NOT NULL, base TEXT NOT NULL,
    UNIQUE(member, address, url));
CREATE INDEX IF NOT EXISTS dav_item_uid ON dav_item(member, address, uid);
"""
"""`base` is empty for what lies on the server and is not ours to read: tasks, rules that we don't know."""
BUDGET_SECONDS = 14.0
"""After which a sync stops where it is; the next one goes on from there."""


class Local(Protocol):
    """What the service has."""

    def all(self) -> dict[str, Fields]:
        """Every entry by UID."""
        ...

    def read(self, raw: str) -> tuple[str, Fields] | None:
        """The UID and the fields of the server's text; None for what can't be kept here."""
        ...

    def match(self, fields: Fields) -> str | None:
        """The UID of an entry here that is surely the same, though its UID is another."""
        ...

    def rename(self, uid: str, other: str) -> None:
        """Give the entry another UID."""
        ...

    def keep(self, uid: str, fields: Fields) -> None:
        """Put it in, or change it."""
        ...

    def drop(self, uid: str) -> None:
        """Take it out."""
        ...

    def written(self, uid: str, fields: Fields, raw: str, base: Fields) -> str:
        """The server's text with what is other than `base` put in; of nothing, a new one."""
        ...

    def named(self, fields: Fields) -> str:
        """What the person calls it."""
        ...


class Mirror:
    """One sync of one member's entries with one account."""

    def __init__(
        self, ctx: Context, dav: Dav, local: Local, clock: Callable[[], float] = time.monotonic, into: str = ""
    ) -> None:
        """`into`: the name of the collection that new entries go to; the first one if empty."""
        self._ctx = ctx
        self._dav = dav
        self._local = local
        self._clock = clock
        self._into = into
        self._until = clock() + BUDGET_SECONDS
        self._ours: dict[str, Fields] = {}
        self.report = Report()

    def run(self) -> Report:
        """Fetch what changed there, then send what changed here. Raises Refusal if nothing came of it."""
        collections = self._dav.collections()
        if not collections:
            raise Refusal(f"{self._dav.host} has no {self._dav.flavour.kind} for you.")
        target = next((one for one in collections if one.name == self._into), collections[0])
        if self._into and target.name != self._into:
            names = spoken([one.name for one in collections[:NAMED_AT_MOST]])
            raise Refusal(f"{self._dav.host} has no {self._dav.flavour.kind} called {self._into!r}; there is {names}.")
        self._ours = self._local.all()
        try:
            for collection in collections:
                if not self.report.left:
                    self._pull(collection)
            if not self.report.left:
                self._push(target)
        except Refusal as fault:
            if not self.report.there and not self.report.fresh + self.report.changed:
                raise
            self.report.stopped = str(fault)  # what was done stands: it is known here as it is there
        return self.report

    # From there

    def _pull(self, collection: Collection) -> None:
        items = {plain(row["url"]): row for row in self._rows("collection=?", collection.url)}
        changes = self._dav.changes(collection.url, self._token(collection))
        wanted = [url for url, etag in changes.etags.items() if etag != etag_of(items.get(plain(url)))]
        for number, (url, etag, raw) in enumerate(self._dav.fetch(collection.url, wanted)):
            if self._late():
                self.report.left += len(wanted) - number
                return
            self._take(collection.url, url, etag, raw)
        gone = {plain(url) for url in changes.removed}
        if changes.whole:
            gone |= items.keys() - {plain(url) for url in changes.etags}
        for url in gone & items.keys():
            self._lose(items[url])
        self._ctx.db.execute(
            "INSERT INTO dav_collection(member, address, url, token) VALUES(?,?,?,?)"
            " ON CONFLICT(member, address, url) DO UPDATE SET token=excluded.token WHERE token<>excluded.token",
            (self._ctx.member, self._dav.address, collection.url, changes.token),
        )

    def _take(self, collection: str, url: str, etag: str, raw: str) -> str:
        """Enter one entry as the server has it now; gives its UID, empty for what can't be kept here."""
        former = self._item(url)
        read = self._local.read(raw)
        if read is None:
            self.report.unread += former is None or not former["base"]
            if former is not None and former["base"]:
                self._lose(former)
            self._store(collection, url, etag, "", raw, None)
            return ""
        uid, theirs = read
        base = self._known(uid, former)
        ours = self._ours.get(uid) or self._adopted(uid, theirs)
        if ours is not None:
            merged = self._merge(base, ours, theirs)
        elif base is not None and base == theirs:
            self._store(collection, url, etag, uid, raw, theirs)
            return uid  # deleted here: the server is told later
        else:
            merged = theirs
            if base is not None:
                self._note(theirs, "was deleted here and changed on the server, so I kept it")
        if ours is None or merged != ours:
            self.report.fresh += ours is None
            self.report.changed += ours is not None
            self._local.keep(uid, merged)
            self._ours[uid] = merged
        self._store(collection, url, etag, uid, raw, theirs)
        return uid

    def _known(self, uid: str, former: sqlite3.Row | None) -> Fields | None:
        """What both sides agreed on last; also where the entry was moved from one collection to another."""
        if former is not None and former["uid"] == uid:
            return load(former)
        elsewhere = self._rows("uid=? AND base<>''", uid)
        for row in elsewhere:
            self._ctx.db.execute("DELETE FROM dav_item WHERE id=?", (row["id"],))
        return load(elsewhere[0]) if elsewhere else None

    def _adopted(self, uid: str, theirs: Fields) -> Fields | None:
        """An entry here that is surely the same as a new one there, from now on under the server's UID."""
        same = self._local.match(theirs)
        if same is None or same not in self._ours or self._rows("uid=?", same):
            return None
        self._local.rename(same, uid)
        self._ours[uid] = self._ours.pop(same)
        return self._ours[uid]

    def _merge(self, base: Fields | None, ours: Fields, theirs: Fields) -> Fields:
        both, lost = merged(base or {}, ours, theirs)
        if lost:
            had = spoken([f"{name} {said_value(ours[name])}" for name in lost])
            self._note(theirs, f"was changed on both sides; I kept the server's, yours had {had}")
        return both

    def _lose(self, item: sqlite3.Row) -> None:
        """It is no longer on the server."""
        ours, base = self._ours.get(item["uid"]), load(item)
        self._ctx.db.execute("DELETE FROM dav_item WHERE id=?", (item["id"],))
        if ours is None or base is None or self._rows("uid=?", item["uid"]):
            return
        if ours != base:
            self._note(ours, "was deleted on the server and changed here, so I kept it")
            return
        self._local.drop(item["uid"])
        del self._ours[item["uid"]]
        self.report.removed += 1

    # To there

    def _push(self, target: Collection) -> None:
        items = {row["uid"]: row for row in self._rows("base<>''")}
        plans: list[Callable[[], None]] = []
        for uid, fields in self._ours.items():
            item = items.get(uid)
            if item is None:
                plans.append(partial(self._create, target.url, uid))
            elif load(item) != fields:
                plans.append(partial(self._update, item))
        gone = [item for uid, item in items.items() if uid not in self._ours]
        plans += [partial(self._delete, item) for item in gone]
        for number, plan in enumerate(plans):
            if self._late():
                self.report.left += len(plans) - number
                return
            plan()

    def _create(self, collection: str, uid: str) -> None:
        url = self._dav.place(collection, uid)
        raw = self._local.written(uid, self._ours[uid], "", {})
        if self._put(collection, url, uid, raw, None):
            self.report.sent += 1

    def _update(self, item: sqlite3.Row) -> None:
        uid = item["uid"]
        raw = self._local.written(uid, self._ours[uid], item["raw"], load(item) or {})
        if self._put(item["collection"], item["url"], uid, raw, item["etag"]):
            self.report.updated += 1

    def _put(self, collection: str, url: str, uid: str, raw: str, etag: str | None, again: bool = False) -> bool:
        """Write it there, after merging where another program was first; whether it was written."""
        if self._ctx.preview:
            return True
        try:
            new = self._dav.put(url, raw, etag)
        except Changed:
            if not again and self._refetched(collection, url) == uid and uid in self._ours:
                item = self._item(url)
                assert item is not None, "it was stored just now"
                if load(item) == self._ours[uid]:
                    return False  # an interrupted sync had sent it
                raw = self._local.written(uid, self._ours[uid], item["raw"], load(item) or {})
                return self._put(collection, url, uid, raw, item["etag"], again=True)
            self._note(self._ours.get(uid, {}), "is being changed on the server; I left it for the next time")
            return False
        except Rejected as fault:
            self._note(self._ours[uid], f"was not taken by the server ({fault}); it stays here only")
            return False
        if new:
            self._store(collection, url, new, uid, raw, self._ours[uid])
        else:
            self._refetched(collection, url)
        return True

    def _delete(self, item: sqlite3.Row) -> None:
        base = load(item) or {}
        if not self._ctx.preview:
            try:
                self._dav.delete(item["url"], item["etag"])
            except Changed:
                if self._refetched(item["collection"], item["url"]):
                    again = self._item(item["url"])
                    if item["uid"] in self._ours or again is None:
                        return  # it came back with what changed there
                    self._dav.delete(again["url"], again["etag"])
            except Rejected as fault:
                self._note(base, f"could not be deleted on the server ({fault})")
                return
        self._ctx.db.execute("DELETE FROM dav_item WHERE id=?", (item["id"],))
        self.report.deleted += 1

    def _refetched(self, collection: str, url: str) -> str:
        """Take one entry anew from the server; gives its UID, empty if it is not there or can't be kept."""
        for found, etag, raw in self._dav.fetch(collection, [url]):
            return self._take(collection, found, etag, raw)
        return ""

    # What is known

    def _rows(self, where: str, *values: str) -> list[sqlite3.Row]:
        return self._ctx.db.execute(
            f"SELECT * FROM dav_item WHERE member=? AND address=? AND {where}",
            (self._ctx.member, self._dav.address, *values),
        ).fetchall()

    def _item(self, url: str) -> sqlite3.Row | None:
        found = self._rows("url=?", url)
        return found[0] if found else None

    def _token(self, collection: Collection) -> str:
        row = self._ctx.db.execute(
            "SELECT token FROM dav_collection WHERE member=? AND address=? AND url=?",
            (self._ctx.member, self._dav.address, collection.url),
        ).fetchone()
        return str(row["token"]) if row else ""

    def _store(self, collection: str, url: str, etag: str, uid: str, raw: str, base: Fields | None) -> None:
        kept = json.dumps(base, sort_keys=True) if base is not None else ""
        self._ctx.db.execute(
            "INSERT INTO dav_item(member, address, collection, url, etag, uid, raw, base) VALUES(?,?,?,?,?,?,?,?)"
            " ON CONFLICT(member, address, url) DO UPDATE SET collection=excluded.collection, etag=excluded.etag,"
            " uid=excluded.uid, raw=excluded.raw, base=excluded.base",
            (self._ctx.member, self._dav.address, collection, url, etag, uid, raw, kept),
        )

    def _note(self, fields: Fields, what: str) -> None:
        self.report.notes.append(f"{self._local.named(fields) or 'One entry'} {what}.")

    def _late(self) -> bool:
        return self._clock() > self._until


def load(item: sqlite3.Row) -> Fields | None:
    """What both sides agreed on last; None for what is not ours to read."""
    if not item["base"]:
        return None
    fields: Fields = json.loads(item["base"])
    return fields


def etag_of(item: sqlite3.Row | None) -> str | None:
    """The ETag under which the entry was seen last."""
    return str(item["etag"]) if item is not None else None
