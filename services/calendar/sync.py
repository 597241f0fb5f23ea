"""The calendar in step with a CalDAV server, both ways: how an entry there becomes events here, and back.

An entry there has one UID, for a series with the times that were changed. Here the series and each changed time are
events of their own: the time's UID is the series' with the place that it takes behind it.

Must stay true: what is read from an entry and kept here reads back as the same fields, else each sync would send it
again. What we don't keep (alarms, attendees, descriptions) stays as it is on the server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.calendar import entries, exchange
from services.calendar.exchange import NOT_READABLE, Read
from services.kit import Context, Refusal, Reply
from services.kit.account import Account
from services.kit.dav import CALENDARS
from services.kit.merging import Fields
from services.kit.moment import capital
from services.kit.recurrence import on_clock

OWN = ("title", "when", "seconds", "location", "rule", "skips")
"""The fields of an event; `when`: start on the wall clock, zone, whether it takes whole days."""


ACCOUNT = Account("calendar", "caldav", "caldav_calendar", "calendar", CALENDARS)


def sync(ctx: Context) -> Reply:
    """Bring the calendar in step with the calendar server that was set, both ways: fetch and send what changed."""
    return ACCOUNT.sync(ctx, Events)


class Events:
    """The member's events, as the mirror wants them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def all(self) -> dict[str, Fields]:
        """Every entry: a single event, or a series with its changed times under `others`."""
        rows = self._ctx.db.execute("SELECT * FROM event WHERE member=? ORDER BY id", (self._ctx.member,)).fetchall()
        return {uid: as_fields(group) for uid, group in grouped(rows).items()}

    def read(self, raw: str) -> tuple[str, Fields] | None:
        """An entry of the server's; None for tasks, cancelled events, and what makes no sense to us."""
        import icalendar  # noqa: PLC0415 - takes 70 ms, which every start of the service would pay

        try:
            parts = icalendar.Calendar.from_ical(raw).walk("VEVENT")
            found = [exchange.read_event(self._ctx, part, number) for number, part in enumerate(parts)]
            uid = str(parts[0]["UID"]) if parts else ""
        except (*NOT_READABLE, Refusal):
            return None
        series = [event for event in found if event.replaces is None]
        if not uid or len(series) > 1 or (series and series[0].cancelled):
            return None
        main = series[0] if series else found[0]
        times = [event for event in found if event is not main]
        places = {event: exchange.skipped(self._ctx, main, event.replaces) for event in times}
        others = {place: own_fields(event) for event, place in places.items() if not event.cancelled}
        cancelled = {place for event, place in places.items() if event.cancelled}
        fields = own_fields(main)
        fields["skips"] = sorted(({*main.skips} | cancelled) - others.keys())
        return uid, {**fields, "others": others}

    def match(self, fields: Fields) -> str | None:
        """Events are told apart by UID alone."""
        return None

    def rename(self, uid: str, other: str) -> None:
        """Never asked for, since nothing is matched."""
        raise AssertionError(uid)

    def keep(self, uid: str, fields: Fields) -> None:
        """Put the entry's events in, or bring those that are there in line, so that their ids stay."""
        there = grouped(self._rows(uid)).get(uid, {})
        others: dict[str, Fields] = fields["others"]
        self._put(there.get(""), uid, fields, [*fields["skips"], *others])
        for place, other in others.items():
            self._put(there.get(place), f"{uid}{entries.REPLACES}{place}", other, [])
        for place in there.keys() - others.keys() - {""}:
            self._ctx.db.execute("DELETE FROM event WHERE id=?", (there[place]["id"],))

    def _put(self, row: sqlite3.Row | None, uid: str, fields: Fields, skips: list[str]) -> None:
        start, zone_name, all_day = fields["when"]
        zone = ZoneInfo(zone_name) if zone_name else self._ctx.zone
        wall, length = datetime.fromisoformat(start), timedelta(seconds=fields["seconds"])
        location, rule = fields["location"] or None, fields["rule"] or None
        if row is None:
            entries.insert(
                self._ctx, fields["title"], wall, zone, length,
                all_day=all_day, location=location, rule=rule, uid=uid, skips=sorted(skips),
            )  # fmt: skip
            return
        entries.put(self._ctx, row["id"], wall, zone)
        self._ctx.db.execute(
            "UPDATE event SET title=?, seconds=?, all_day=?, location=?, rule=?, skips=?, uid=? WHERE id=?",
            (fields["title"], fields["seconds"], all_day, location, rule, " ".join(sorted(skips)), uid, row["id"]),
        )

    def drop(self, uid: str) -> None:
        """Take the entry's events off the calendar."""
        for row in self._rows(uid):
            self._ctx.db.execute("DELETE FROM event WHERE id=?", (row["id"],))

    def _rows(self, uid: str) -> list[sqlite3.Row]:
        return self._ctx.db.execute(
            "SELECT * FROM event WHERE member=? AND (uid=? OR (uid>=? AND uid<?)) ORDER BY id",
            (self._ctx.member, uid, *entries.replacing(uid)),
        ).fetchall()

    def named(self, fields: Fields) -> str:
        """Its title."""
        return capital(str(fields["title"]))

    def written(self, uid: str, fields: Fields, raw: str, base: Fields) -> str:
        """The server's entry with what changed here."""
        import icalendar  # noqa: PLC0415 - takes 70 ms, which every start of the service would pay

        calendar = icalendar.Calendar.from_ical(raw) if raw else icalendar.Calendar()
        if not raw:
            calendar.add("prodid", "-//MuOS//calendar//EN")
            calendar.add("version", "2.0")
        parts = {self._place(part, fields): part for part in calendar.walk("VEVENT")}
        wanted = {"": fields, **fields["others"]}
        for place, own in wanted.items():
            part = parts.get(place)
            if part is None:
                part = icalendar.Event()
                part.add("uid", uid)
                if place:
                    part.add("recurrence-id", at(fields["when"], place))
                calendar.add_component(part)
            self._fill(part, own, base if not place else base.get("others", {}).get(place, {}))
        for place in base.get("others", {}).keys() - wanted.keys():
            if place in parts:
                calendar.subcomponents.remove(parts[place])
        calendar.add_missing_timezones()
        return str(calendar.to_ical().decode())

    def _place(self, part: Any, fields: Fields) -> str:
        """Which time of the series the component is about; empty for the series itself, or a single event."""
        if "RECURRENCE-ID" not in part:
            return ""
        zone = ZoneInfo(fields["when"][1]) if fields["when"][1] else self._ctx.zone
        return exchange.wall_of(part.decoded("RECURRENCE-ID"), zone).strftime(entries.WALL)

    def _fill(self, part: Any, fields: Fields, base: Fields) -> None:
        changed = {name for name in OWN if fields[name] != base.get(name)}
        if not changed:
            return
        for name, key in (("title", "SUMMARY"), ("location", "LOCATION")):
            if name in changed:
                replace_property(part, key, [fields[name]] if fields[name] else [])
        if changed & {"when", "seconds"}:
            start = at(fields["when"], fields["when"][0])
            replace_property(part, "DURATION", [])
            replace_property(part, "DTSTART", [start])
            replace_property(part, "DTEND", [ending(fields)])
        if "rule" in changed:
            replace_property(part, "RRULE", [rule_of(fields)] if fields["rule"] else [])
        if "skips" in changed:
            replace_property(
                part, "EXDATE", [[at(fields["when"], skip) for skip in fields["skips"]]] * bool(fields["skips"])
            )
        now = self._ctx.now.astimezone(UTC)
        replace_property(part, "DTSTAMP", [now])
        replace_property(part, "LAST-MODIFIED", [now])
        replace_property(part, "SEQUENCE", [int(part.get("SEQUENCE", -1)) + 1])


def grouped(rows: list[sqlite3.Row]) -> dict[str, dict[str, sqlite3.Row]]:
    """The rows of each entry by the place that they take; the empty place is the series' own, or the only event's."""
    groups: dict[str, dict[str, sqlite3.Row]] = {}
    for row in rows:
        uid, _, place = row["uid"].partition(entries.REPLACES)
        group = groups.setdefault(uid, {})
        if place in group:  # brought in by an earlier version, under the series' own UID
            place = row["start"]
        group[place] = row
    for group in groups.values():
        if "" not in group:
            first = min(group)
            group[""] = group.pop(first)
    return groups


def as_fields(group: Mapping[str, sqlite3.Row]) -> dict[str, Any]:
    """An entry's fields from its rows."""
    others = {place: row_fields(row) for place, row in group.items() if place}
    fields = row_fields(group[""])
    fields["skips"] = sorted(set(fields["skips"]) - others.keys())
    return {**fields, "others": others}


def row_fields(row: sqlite3.Row) -> dict[str, Any]:
    """One event's own fields."""
    all_day = bool(row["all_day"])
    return {
        "title": row["title"],
        "when": [row["start"], "" if all_day else row["zone"], all_day],
        "seconds": row["seconds"],
        "location": row["location"] or "",
        "rule": row["rule"] or "",
        "skips": sorted(row["skips"].split()),
    }


def own_fields(event: Read) -> dict[str, Any]:
    """The same of an event that was read."""
    return {
        "title": event.title,
        "when": [event.wall.strftime(entries.WALL), "" if event.all_day else str(event.zone), event.all_day],
        "seconds": int(event.length.total_seconds()),
        "location": event.location or "",
        "rule": event.rule or "",
        "skips": [],
    }


def at(when: list[Any], wall: str) -> Any:
    """A time on the event's clock as the file wants it: a date, or a moment in its zone."""
    clock = datetime.fromisoformat(wall)
    return clock.date() if when[2] else clock.replace(tzinfo=ZoneInfo(when[1]))


def ending(fields: Fields) -> Any:
    """When it is over, likewise."""
    start, zone, all_day = fields["when"]
    wall, length = datetime.fromisoformat(start), timedelta(seconds=fields["seconds"])
    if all_day:
        return (wall + length).date()
    return (on_clock(wall, ZoneInfo(zone)) + length).astimezone(ZoneInfo(zone))


def rule_of(fields: Fields) -> Any:
    """The rule as the file wants it."""
    import icalendar  # noqa: PLC0415 - takes 70 ms, which every start of the service would pay

    _, zone, all_day = fields["when"]
    return icalendar.vRecur.from_ical(exchange.rule_written(fields["rule"], ZoneInfo(zone or "UTC"), all_day))


def replace_property(part: Any, key: str, values: list[Any]) -> None:
    """Set a property to these values: none takes it out."""
    part.pop(key, None)
    for value in values:
        part.add(key, value)
