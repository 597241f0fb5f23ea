"""Who a message can go to: the people and the rooms that this home is known to have.

Known is who the household named in the settings, and whoever used messages before. A name that is not known is
refused: a message to nobody would never be read, and nobody would notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.kit import Context, Refusal
from services.kit.speech import one_line, spoken

TABLES = """
CREATE TABLE IF NOT EXISTS person(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS presence(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, UNIQUE(member, room));
"""
HOME = "home"
"""The room that everyone is in."""
EVERYONE = {"everyone", "everybody", "all", "us", "us all", "all of us", "family", "house", "household", HOME}
EVERYONE |= {"whole family", "whole house", "whole home", "whole household", "anyone", "all of you", "others"}
NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Recipient:
    """One member, or one room."""

    member: str = ""
    room: str = ""

    @property
    def spoken(self) -> str:
        """Bob; everyone; the kitchen."""
        return self.member or ("everyone" if self.room == HOME else f"the {self.room}")


def notice_presence(ctx: Context) -> None:
    """Remember that the member uses messages, and in which room."""
    ctx.db.execute("INSERT OR IGNORE INTO person(name) VALUES(?)", (ctx.member,))
    ctx.db.execute("INSERT OR IGNORE INTO presence(member, room) VALUES(?,?)", (ctx.member, ctx.room))


def also_called(ctx: Context) -> str:
    """How the settings spell the member's name, if they can mean nobody else: Bob is bob."""
    alike = [row["name"] for row in ctx.db.execute("SELECT name FROM person")]
    others = {name.casefold() for name in alike if name != ctx.member}
    names = [name for name in listed(ctx, "members") if name.casefold() == ctx.member.casefold()]
    return names[0] if names and ctx.member.casefold() not in others else ctx.member


def people(ctx: Context) -> list[str]:
    """All members that are known, as they are called in MuOS."""
    seen = [row["name"] for row in ctx.db.execute("SELECT name FROM person ORDER BY name COLLATE NOCASE")]
    return unlike([*seen, *listed(ctx, "members")])


def rooms(ctx: Context) -> list[str]:
    """All rooms that are known, the one that everyone is in first."""
    seen = [row["room"] for row in ctx.db.execute("SELECT DISTINCT room FROM presence ORDER BY room")]
    return unlike([HOME, *seen, *listed(ctx, "rooms")])


def listed(ctx: Context, setting: str) -> list[str]:
    """The names in a setting that has commas between them."""
    return [name for part in str(ctx.settings.get(setting, "")).split(",") if (name := one_line(part))]


def unlike(names: Iterable[str]) -> list[str]:
    """Each name once, whatever its capitals; the first spelling stays."""
    return list({name.casefold(): name for name in reversed(list(names))}.values())[::-1]


def present(ctx: Context, room: str) -> list[str]:
    """Who is told of what is left in the room: everyone at home, else who was in that room before."""
    if room == HOME:
        return people(ctx)
    rows = ctx.db.execute("SELECT member FROM presence WHERE room=? ORDER BY member", (room,))
    return [row["member"] for row in rows]


def recipient(ctx: Context, said: str) -> Recipient:
    """Who is meant; refuses whom it does not know, and names those it does."""
    wanted = plain(said)
    if wanted in EVERYONE:
        return Recipient(room=HOME)
    there = {plain(name): Recipient(member=name) for name in reversed(people(ctx))}
    places = {plain(name): Recipient(room=name) for name in rooms(ctx)}
    if wanted in {"me", "myself"}:
        return Recipient(member=ctx.member)
    exact = there.get(wanted) or places.get(wanted)
    if exact is not None:
        return exact
    begun = [one for name, one in {**places, **there}.items() if wanted and wanted in name.split()]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise Refusal(f"Whom do you mean: {' or '.join(one.spoken for one in begun[:NAMED_AT_MOST])}?")
    raise Refusal(f"I know nobody called {said.strip()!r} in this home. {those_known(ctx)}")


def plain(said: str) -> str:
    """In small letters, without an article, "my" or the word room."""
    bare = re.sub(r"['\u2019]s?$", "", one_line(said).casefold().strip(" .,!?@"))
    bare = re.sub(r"^(?:(?:to|with|from|in|the|my|our)\s+)+", "", bare)
    return re.sub(r"\s+room$", "", bare) if bare not in {"living room", "bathroom"} else bare


def those_known(ctx: Context) -> str:
    """A hint at who can be written to, and how others come to be known."""
    others = [name for name in people(ctx) if name != ctx.member][:NAMED_AT_MOST]
    how = "Others are known once they use messages, or when the setting 'members' of messages names them."
    places = [f"the {room}" for room in rooms(ctx) if room != HOME][:NAMED_AT_MOST]
    return f"I know {spoken([*others, *places, 'everyone'])}. {how}"
