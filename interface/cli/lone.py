"""Memory alone in this process, for commands given while no hub runs: no service is started.

Must stay true: opening it takes no second; nothing here needs more than the home's database and the encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from agent.dialogue import Dialogue
from agent.memory.erasing import OWN_ROWS, Erasing
from agent.turn import Turn, in_zone
from interface.bulk import Importer, Tally, batches, bring
from interface.chronicle import Chronicle, Unknown
from interface.database import open_engine
from interface.encoding import Encoding
from interface.home import make_home, told_of
from interface.recollection import lasting_index, open_memory
from interface.running import held
from interface.settings import Settings
from memory.errors import IndexBroken, Refused
from memory.forgetting import What
from memory.lines import Query, recalled_fields
from memory.memory import Memory
from memory.vectors.indexing import Progress

Row = dict[str, Any]


class LoneMemory:
    """The same door to memory as the hub's."""

    memory: Memory
    chronicle: Chronicle

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        make_home(self.settings.home)
        encoding = Encoding()
        self.stack.callback(encoding.close)
        with told_of(self.settings.home, (sa.exc.DBAPIError, OSError)):
            engine = open_engine(self.settings.home)
            self.stack.callback(engine.dispose)
            self.memory = open_memory(self.settings, engine, encoding)
            self.stack.callback(self.memory.close)
            for table in OWN_ROWS.values():  # a home in which no hub was yet has none of them
                table.metadata.create_all(engine)
            erasing = Erasing(engine, self.memory, self.settings.home)
            self.chronicle = Chronicle(self.memory, Dialogue(engine), erasing)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stack.close()

    def bring(self, lines: Iterable[bytes], importer: Importer) -> Iterator[Tally]:
        """Keep notes, batch by batch."""
        with told_of(self.settings.home, (sa.exc.DBAPIError, OSError)):
            for batch in batches(lines):
                yield bring(self.memory, batch, importer)

    def catch_up(self, tell: Progress | None, load: bool) -> None:
        """Make the vectors that are lacking, and load all where questions follow."""
        self.memory.indexing.encode(tell)
        if load:
            self.memory.catch_up()

    def answer(self, query: Query) -> list[Row]:
        """What is remembered about it."""
        found = self.memory.recall(query.query, member=query.member, room=query.room, k=query.k, now=query.now)
        return [recalled_fields(one) for one in found]

    def read(self, what: str, who: Mapping[str, Any], /, **given: str | int | None) -> Row:
        """What the API answers at that path. Raises ValueError where there is none."""
        chronicle, turn = self.chronicle, asked_by(who)
        asked: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        for key in {"before", "at"} & asked.keys():
            asked[key] = aware(str(asked[key]), turn)
        head, _, rest = what.partition("/")
        answers: dict[str, Callable[..., Row]] = {
            "timeline": chronicle.timeline,
            "facts": chronicle.history if rest else chronicle.facts,
            "people": chronicle.people,
            "status": chronicle.status,
            "why": partial(chronicle.why, wanted=rest),
        }
        with self._told():
            return answers[head](turn, **asked)

    def change(self, what: str, who: Mapping[str, Any], given: Mapping[str, Any]) -> Row:
        """What the API answers at that path. Raises ValueError where that can't be."""
        turn = asked_by(who)
        with self._told():
            if what == "correct":
                return self.chronicle.correct(turn, given["id"], given["text"])
            since, until = (aware(given[key], turn) if given.get(key) else None for key in ("since", "until"))
            meant = What(tuple(given.get("ids", ())), given.get("topic", ""), given.get("person", ""), since, until)
            row = self.chronicle.forget(turn, meant, bool(given.get("preview")))
            if row["forgotten"] and not given.get("preview"):
                self._sweep()
            return row

    def _sweep(self) -> None:
        """Take what was forgotten out of the index that a hub left behind; if one is starting just now, it does."""
        if self.settings.vectors or (self.settings.home / "memory" / "chroma" / "current").is_file():
            with suppress(IndexBroken, ValueError), held(self.settings.home):
                self.memory.use(lasting_index(self.memory, self.settings))
                self.memory.indexing.sweep()

    def export(self, member: str) -> Iterator[str]:
        """All that is the member's, as lines."""
        with self._told():
            yield from self.chronicle.export(asked_by({"member": member, "zone": self.settings.zone}))

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told_of(self.settings.home, (sa.exc.DBAPIError, OSError)):
            try:
                yield
            except (Unknown, Refused) as wrong:
                raise ValueError(str(wrong)) from wrong


def asked_by(who: Mapping[str, Any]) -> Turn:
    """On whose behalf, where and when."""
    now = datetime.fromisoformat(who["now"]) if who.get("now") else datetime.now(ZoneInfo(who["zone"]))
    now, zone = in_zone(now, who["zone"])
    return Turn("", now, zone, who["member"], who.get("room") or "home")


def aware(said: str, turn: Turn) -> datetime:
    """A moment as the person says it; without an offset it is theirs."""
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=turn.now.tzinfo)
