"""Habits and the days on which they were done: what is due, streaks, shares.

A habit is for certain weekdays (all seven: daily) or for so many times a week, whichever days. A day is one of the
person's own calendar; a week begins on Monday.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.kit import Alert, Context, Refusal, Thing
from services.kit.moment import from_seconds, seconds, sensible_day
from services.kit.recurrence import DAYS, on_clock, split_rule, spoken_days
from services.kit.reference import Candidate, choose
from services.kit.speech import one_line, spoken_time

TABLES = """
CREATE TABLE IF NOT EXISTS habit(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, zone TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE, days TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 0, since TEXT NOT NULL,
    remind TEXT, at INTEGER, archived INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS habit_member ON habit(member, archived);
CREATE TABLE IF NOT EXISTS done(
    id INTEGER PRIMARY KEY AUTOINCREMENT, habit INTEGER NOT NULL REFERENCES habit(id) ON DELETE CASCADE,
    day TEXT NOT NULL, UNIQUE(habit, day));
"""
WEEK = tuple(DAYS)
LOOKED_BACK = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Habit:
    """What is to be done regularly."""

    id: int
    name: str
    days: frozenset[int]
    """Weekdays, Monday 0."""
    times: int
    """So many times a week on any days; 0: on each of `days`."""
    since: date
    remind: time | None
    done: frozenset[date]

    @property
    def rhythm(self) -> str:
        """Every day; every Monday and Friday; 3 times a week."""
        if self.times:
            return "once a week" if self.times == 1 else f"{self.times} times a week"
        return f"every {spoken_days([WEEK[day] for day in sorted(self.days)])}"

    def wanted(self, day: date) -> bool:
        """Whether it is for that day, whatever was done already."""
        return bool(self.times) or day.weekday() in self.days

    def open_on(self, day: date) -> bool:
        """Whether it is still to be done on that day."""
        if day in self.done or not self.wanted(day):
            return False
        return not self.times or self.in_week(day) < self.times

    def in_week(self, day: date) -> int:
        """How often it was done in the day's week."""
        monday = day - timedelta(days=day.weekday())
        return sum(monday <= each < monday + timedelta(days=7) for each in self.done)

    def streak(self, today: date) -> int:
        """Days (or weeks, of so many times a week) in a row, up to now; what is still open today breaks nothing."""
        return self._weeks(today) if self.times else self._days(today)

    def _days(self, today: date) -> int:
        count, day = 0, today
        oldest = min(self.done, default=today)
        while day >= oldest:
            if day.weekday() in self.days:
                if day not in self.done and day != today:
                    break
                count += day in self.done
            day -= timedelta(days=1)
        return count

    def _weeks(self, today: date) -> int:
        count, day = 0, today
        while True:
            reached = self.in_week(day) >= self.times
            if not reached and day != today:
                return count
            count += reached
            day -= timedelta(days=7)

    def longest(self) -> int:
        """The longest streak there was."""
        return max((self.streak(day) for day in self.done), default=0)

    def share(self, first: date, last: date) -> tuple[int, int]:
        """How often it was done in a time, and how often it was wanted."""
        begun = max(first, min(self.since, min(self.done, default=self.since)))
        number = max((last - begun).days + 1, 0)
        done = sum(begun <= day <= last for day in self.done)
        if self.times:
            return done, max(round(number * self.times / 7), 1)
        return done, sum(self.wanted(begun + timedelta(days=at)) for at in range(number))

    def said_streak(self, today: date) -> str:
        """4 days in a row; 2 weeks in a row; empty for none."""
        count = self.streak(today)
        if count < 1:
            return ""
        unit = "week" if self.times else "day" if len(self.days) == 7 else "time"
        return f"{count} {unit}{'' if count == 1 else 's'} in a row"


def habits(ctx: Context, archived: bool = False) -> list[Habit]:
    """The member's habits, in the order in which they were added."""
    rows = ctx.db.execute(
        "SELECT * FROM habit WHERE member=? AND archived=? ORDER BY id", (ctx.member, archived)
    ).fetchall()
    return [as_habit(ctx, row) for row in rows]


def as_habit(ctx: Context, row: sqlite3.Row) -> Habit:
    """A row as a habit, with its days."""
    days = ctx.db.execute("SELECT day FROM done WHERE habit=?", (row["id"],)).fetchall()
    return Habit(
        row["id"],
        row["name"],
        frozenset(int(day) for day in row["days"]),
        row["times"],
        date.fromisoformat(row["since"]),
        time.fromisoformat(row["remind"]) if row["remind"] else None,
        frozenset(date.fromisoformat(each["day"]) for each in days),
    )


def find(ctx: Context, said: str, archived: bool = False) -> Habit:
    """The habit that is meant; refuses where there is none or it isn't clear which."""
    there = habits(ctx, archived)
    if not there:
        raise Refusal(f"You have no {'archived ' if archived else ''}habits.")
    candidates = [Candidate(f"h{habit.id}", habit.name, ctx.now) for habit in there]
    wanted = said.casefold()
    exact = [each for each in candidates if each.name.casefold() == wanted]
    chosen = exact[0] if exact else choose(said, candidates, "habit", ctx.now)
    return next(habit for habit in there if f"h{habit.id}" == chosen.id)


LED = re.compile(r"^(?:(?:to|that|(?:an? )?new habit|(?:an?|the) habit of|habit of|the habit|habit)\s+)+", re.I)
OFTEN = re.compile(r"[\s,]+(?:(?:\d+|once|twice) )?(?:times )?a week$", re.I)


def plain_name(said: str) -> str:
    """The habit in one line, without what only leads to it."""
    name = OFTEN.sub("", LED.sub("", one_line(said))).strip(" .,:")
    if not name:
        raise Refusal("What is the habit?")
    return name[:120]


def weekdays(repeat: str | None) -> str:
    """The days of a rule as digits, Monday 0; all without one."""
    parts = split_rule(repeat.upper().removeprefix("RRULE:")) if repeat else {}
    if parts and (parts.get("FREQ") not in {"DAILY", "WEEKLY"} or parts.get("INTERVAL", "1") != "1"):
        raise Refusal("A habit is for every day, for days of the week, or for so many times a week.")
    named = [part for part in parts.get("BYDAY", "").split(",") if part]
    if any(part not in WEEK for part in named):
        raise Refusal(f"I don't understand the days {parts['BYDAY']!r}.")
    if not named and parts.get("FREQ") == "WEEKLY":
        raise Refusal("On which day of the week, or how many times a week?")
    return "".join(str(WEEK.index(part)) for part in named) or "0123456"


def shares(there: Sequence[Habit], first: date, last: date) -> dict[date, float]:
    """Of each day, which part of what was wanted was done."""
    found: dict[date, float] = {}
    for at in range((last - first).days + 1):
        day = first + timedelta(days=at)
        wanted = [habit for habit in there if habit.wanted(day) or day in habit.done]
        found[day] = sum(day in habit.done for habit in wanted) / len(wanted) if wanted else 0.0
    return found


def past_day(ctx: Context, day: date | None) -> date:
    """The day that is meant, which must not lie ahead."""
    meant = day or ctx.now.date()
    if sensible_day(meant) > ctx.now.date():
        raise Refusal("That day is still to come.")
    if ctx.now.date() - meant > LOOKED_BACK:
        raise Refusal("That is too long ago.")
    return meant


def next_reminder(habit: Habit, zone: ZoneInfo, after: datetime) -> int | None:
    """When to be reminded next: on a day that it is for and not yet done on."""
    if habit.remind is None:
        return None
    for ahead in range(15):
        day = after.astimezone(zone).date() + timedelta(days=ahead)
        at = on_clock(datetime.combine(day, habit.remind), zone)
        if at > after and habit.open_on(day):
            return seconds(at)
    return None


def set_reminder(ctx: Context, habit_id: int) -> None:
    """Reckon anew when to remind."""
    row = ctx.db.execute("SELECT * FROM habit WHERE id=?", (habit_id,)).fetchone()
    at = next_reminder(as_habit(ctx, row), ZoneInfo(row["zone"]), ctx.now)
    if at != row["at"]:
        ctx.db.execute("UPDATE habit SET at=? WHERE id=?", (at, habit_id))


def thing(habit: Habit) -> Thing:
    """The habit as something that "it" may mean."""
    return Thing("habit", habit.name, f"h{habit.id}")


def reminder_said(habit: Habit) -> str:
    """With a reminder at 8 am; or nothing."""
    return f", with a reminder at {spoken_time(habit.remind)}" if habit.remind else ""


def next_due(ctx: Context) -> datetime | None:
    """When anyone is to be reminded next."""
    row = ctx.db.execute("SELECT min(at) AS at FROM habit WHERE archived=0").fetchone()
    return from_seconds(ctx, row["at"]) if row["at"] is not None else None


def alert(habit: Habit, at: datetime, member: str, room: str) -> Alert:
    """What is told."""
    streak = habit.said_streak(at.date())
    keep = f" Keep it up: {streak}." if streak else ""
    return Alert(f"habit-{habit.id}-{at:%F}", f"Still open today: {habit.name}.{keep}", at, member, room)
