"""Habits: what a member wants to do regularly, ticked off by day, with streaks, reminders and charts."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from services.habits import tracking
from services.habits.tracking import find, past_day, thing
from services.kit import Alert, Context, Refusal, Reply, Service
from services.kit.chart import days as day_chart
from services.kit.moment import capital, from_seconds, seconds
from services.kit.recurrence import Repeat
from services.kit.speech import counted, spoken, spoken_date, spoken_day

service = Service(__file__, tables=tracking.TABLES)

Which = Annotated[
    str,
    Field(
        description="Which habit: its name or a part of it",
        min_length=1,
        max_length=120,
        json_schema_extra={"x-kind": "habit"},
    ),
]
Day = Annotated[date | None, Field(description="On which day; today if not said")]
SHOWN_DAYS = 182
RECENT = 30


@service.tool(
    "reversible",
    examples=[
        "start a habit: meditate every day",
        "I want to exercise 3 times a week",
        "track reading as a daily habit",
        "new habit: practise the piano every Monday and Thursday",
        "add the habit of drinking more water",
        "help me to floss each evening, remind me at 9 pm",
        "I'd like to get into the habit of stretching",
        "make walking the dog a habit on weekdays",
        "set up a habit to call grandpa once a week",
        "begin tracking no sugar",
    ],
)
def add(
    ctx: Context,
    habit: Annotated[
        str,
        Field(
            description="What is to be done regularly, such as meditate",
            min_length=1,
            max_length=120,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    repeat: Repeat = None,
    times_a_week: Annotated[int | None, Field(description="How often a week, on any days", ge=1, le=7)] = None,
    remind_at: Annotated[time | None, Field(description="At what time to be reminded if it is still open")] = None,
) -> Reply:
    """Start tracking a habit: daily, on certain days of the week, or so many times a week."""
    name = tracking.plain_name(habit)
    if any(each.name.casefold() == name.casefold() for each in tracking.habits(ctx)):
        raise Refusal(f"You are tracking {name} already.")
    values = (ctx.member, ctx.room, str(ctx.zone), name, tracking.weekdays(repeat), times_a_week or 0, f"{ctx.now:%F}")
    row = ctx.db.execute(
        "INSERT INTO habit(member, room, zone, name, days, times, since, remind) VALUES(?,?,?,?,?,?,?,?) RETURNING *",
        (*values, f"{remind_at:%H:%M}" if remind_at else None),
    ).fetchone()
    tracking.set_reminder(ctx, row["id"])
    made = tracking.as_habit(ctx, row)
    return Reply(
        f"I'll track {name} {made.rhythm}{tracking.reminder_said(made)}.",
        {"id": f"h{made.id}", "habit": name, "rhythm": made.rhythm},
        [thing(made)],
    )


@service.tool(
    "reversible",
    examples=[
        "I meditated today",
        "check off exercise",
        "tick the reading habit",
        "did my piano practice yesterday",
        "flossing: done",
        "mark stretching as done for Monday",
        "I have walked the dog, log it under habits",
        "mark swimming as done",
        "habit no sugar kept today",
        "I stuck to drinking water on Sunday",
    ],
)
def check(ctx: Context, habit: Which, day: Day = None) -> Reply:
    """Check a habit off as done, today or on another day."""
    found, meant = find(ctx, habit), past_day(ctx, day)
    if meant in found.done:
        raise Refusal(f"{capital(found.name)} is checked off {spoken_day(meant, ctx.now)} already.")
    ctx.db.execute("INSERT INTO done(habit, day) VALUES(?,?)", (found.id, f"{meant:%F}"))
    tracking.set_reminder(ctx, found.id)
    return state(ctx, found.name, f"{capital(found.name)} is checked off {spoken_day(meant, ctx.now)}")


@service.tool(
    "reversible",
    examples=[
        "I didn't meditate today after all",
        "uncheck exercise",
        "take the tick off the reading habit",
        "piano wasn't done yesterday, remove it",
        "clear today's mark for flossing",
        "stretching on Monday was a mistake, undo the check",
        "I broke my no sugar habit today, uncheck it",
        "I didn't swim yesterday after all",
    ],
)
def uncheck(ctx: Context, habit: Which, day: Day = None) -> Reply:
    """Take the tick off a habit: it was not done that day."""
    found, meant = find(ctx, habit), past_day(ctx, day)
    if meant not in found.done:
        raise Refusal(f"{capital(found.name)} isn't checked off {spoken_day(meant, ctx.now)}.")
    ctx.db.execute("DELETE FROM done WHERE habit=? AND day=?", (found.id, f"{meant:%F}"))
    tracking.set_reminder(ctx, found.id)
    return state(ctx, found.name, f"{capital(found.name)} is open again {spoken_day(meant, ctx.now)}")


def state(ctx: Context, name: str, said: str) -> Reply:
    """The answer about a habit that was just changed."""
    habit = find(ctx, name)
    streak = habit.said_streak(ctx.now.date())
    data = {"id": f"h{habit.id}", "habit": habit.name, "streak": habit.streak(ctx.now.date())}
    return Reply(f"{said}{f': {streak}' if streak else ''}.", data, [thing(habit)])


@service.tool(
    "read",
    examples=[
        "which habits are open today?",
        "what habits do I still have to do?",
        "my habits for today",
        "what's left on my habit tracker?",
        "have I done all my habits?",
        "did I miss any habit yesterday?",
        "habits to do this evening",
        "show today's habits",
    ],
)
def today(ctx: Context, day: Day = None) -> Reply:
    """Say which habits are still open today, and which are done."""
    meant = past_day(ctx, day)
    there = tracking.habits(ctx)
    if not there:
        return Reply("You are tracking no habits yet.", {"open": [], "done": []})
    left = [habit for habit in there if habit.open_on(meant)]
    done = [habit for habit in there if meant in habit.done]
    parts = [f"Still open: {spoken([habit.name for habit in left])}" if left else "Nothing is open"]
    parts += [f"done: {spoken([habit.name for habit in done])}"] if done else []
    data = {"open": [habit.name for habit in left], "done": [habit.name for habit in done]}
    return Reply(f"{'; '.join(parts)}.", data, [thing(habit) for habit in left + done])


@service.tool(
    "read",
    examples=[
        "what's my streak for meditation?",
        "how long is my reading streak?",
        "show my streaks",
        "how many days in a row did I exercise?",
        "what's the longest I kept up the piano?",
        "am I on a roll with flossing?",
        "which habit has the best streak?",
        "streaks please",
    ],
)
def streaks(
    ctx: Context,
    habit: Annotated[Which | None, Field(description="Only this habit", json_schema_extra={"x-kind": "habit"})] = None,
) -> Reply:
    """Say how many days or weeks in a row habits were kept, now and at best."""
    there = [find(ctx, habit)] if habit else tracking.habits(ctx)
    if not there:
        return Reply("You are tracking no habits yet.", {"streaks": []})
    day = ctx.now.date()
    said = [f"{each.name}: {each.said_streak(day) or 'no streak now'} (longest {each.longest()})" for each in there]
    data = [{"habit": each.name, "streak": each.streak(day), "longest": each.longest()} for each in there]
    return Reply(f"{capital('; '.join(said))}.", {"streaks": data}, [thing(each) for each in there])


@service.tool(
    "read",
    examples=[
        "how often did I exercise last month?",
        "show the history of my reading habit",
        "when did I last practise the piano?",
        "on which days did I meditate this week?",
        "how regularly do I floss?",
        "how well did I keep my habits in February?",
        "how often did I swim in April?",
        "give me the record of my no sugar habit",
        "how am I doing with stretching this week?",
    ],
)
def history(
    ctx: Context,
    habit: Which,
    start: Annotated[date | None, Field(description="From this day on; the last 30 days if not said")] = None,
    end: Annotated[date | None, Field(description="Up to and with this day")] = None,
) -> Reply:
    """Say on which days one habit was done, and how often it was meant to be."""
    found, today_ = find(ctx, habit), ctx.now.date()
    last = min(end or today_, today_)
    first = start or last - timedelta(days=RECENT - 1)
    if first > last:
        raise Refusal("That time is still to come.")
    done, wanted = found.share(first, last)
    dates = sorted(day for day in found.done if first <= day <= last)
    latest = f" Last {spoken_date(max(dates), ctx.now)}." if dates else ""
    span = f"from {spoken_date(first, ctx.now)} to {spoken_date(last, ctx.now)}"
    text = f"{capital(found.name)}: done {counted(done, 'time')} of {wanted} {span}.{latest}"
    return Reply(text, {"habit": found.name, "days": [f"{day:%F}" for day in dates], "wanted": wanted}, [thing(found)])


@service.tool(
    "read",
    examples=[
        "show a chart of my reading habit",
        "draw my exercise as a calendar",
        "a heat map of meditation please",
        "plot how I kept my habits",
        "picture of the last half year of piano practice",
        "habit calendar",
        "visualise my flossing",
    ],
)
def chart(
    ctx: Context,
    habit: Annotated[Which | None, Field(description="Only this habit", json_schema_extra={"x-kind": "habit"})] = None,
) -> Reply:
    """Draw a calendar of the last half year: on which days a habit, or all of them, were done."""
    there = [find(ctx, habit)] if habit else tracking.habits(ctx)
    if not there:
        raise Refusal("You are tracking no habits yet, so there is nothing to draw.")
    last = ctx.now.date()
    first = last - timedelta(days=SHOWN_DAYS - 1)
    shares = tracking.shares(there, first, last)
    title = f"{capital(spoken([each.name for each in there]))}: the last half year"
    done = sum(first <= day <= last for each in there for day in each.done)
    return Reply(
        f"{title}, done {counted(done, 'time')}.",
        {"chart": day_chart(title, shares, first, last)},
        [thing(each) for each in there],
    )


@service.tool(
    "read",
    examples=[
        "what habits do I have?",
        "list all my habits",
        "which habits am I tracking?",
        "show me the archived habits",
        "how many habits do I have?",
        "what am I trying to do regularly?",
        "read out my habits and how often they are",
        "habit list",
    ],
)
def list_(ctx: Context, archived: Annotated[bool, Field(description="Those in the archive instead")] = False) -> Reply:
    """List the habits that are tracked, and how often each is meant to be done."""
    there = tracking.habits(ctx, archived)
    if not there:
        return Reply(f"You have no {'archived ' if archived else ''}habits.", {"habits": []})
    said = "; ".join(f"{each.name} {each.rhythm}{tracking.reminder_said(each)}" for each in there)
    data = [{"id": f"h{each.id}", "habit": each.name, "rhythm": each.rhythm} for each in there]
    return Reply(f"{capital(said)}.", {"habits": data}, [thing(each) for each in there])


@service.tool(
    "reversible",
    examples=[
        "rename the reading habit to reading novels",
        "do yoga twice a week instead of daily",
        "change exercise to 4 times a week",
        "remind me of meditation at 7 in the morning",
        "the piano habit is for Tuesdays and Fridays now",
        "call my water habit drink two litres",
        "make flossing a daily habit",
        "set the reminder of stretching to 6 pm",
    ],
)
def change(
    ctx: Context,
    habit: Which,
    name: Annotated[str | None, Field(description="The new name", max_length=120)] = None,
    repeat: Repeat = None,
    times_a_week: Annotated[int | None, Field(description="How often a week, on any days", ge=1, le=7)] = None,
    remind_at: Annotated[time | None, Field(description="At what time to be reminded if it is still open")] = None,
) -> Reply:
    """Change a habit's name, its days, how often a week, or when to be reminded."""
    found = find(ctx, habit)
    if name is None and repeat is None and times_a_week is None and remind_at is None:
        raise Refusal("Say what is to be changed: the name, the days, how often, or the reminder.")
    called = tracking.plain_name(name) if name else found.name
    if repeat and not times_a_week:
        rhythm = (tracking.weekdays(repeat), 0)
    else:
        rhythm = ("".join(map(str, sorted(found.days))), times_a_week or found.times)
    ctx.db.execute(
        "UPDATE habit SET name=?, days=?, times=?, remind=coalesce(?, remind) WHERE id=?",
        (called, *rhythm, f"{remind_at:%H:%M}" if remind_at else None, found.id),
    )
    tracking.set_reminder(ctx, found.id)
    new = find(ctx, f"h{found.id}")
    return Reply(
        f"Now: {new.name} {new.rhythm}{tracking.reminder_said(new)}.",
        {"id": f"h{new.id}", "habit": new.name},
        [thing(new)],
    )


@service.tool(
    "reversible",
    examples=[
        "archive the reading habit",
        "stop tracking exercise",
        "I give up the piano habit",
        "put meditation away, but keep its history",
        "drop no sugar from my habits",
        "pause the flossing habit",
        "remove stretching from my habit tracker",
    ],
)
def archive(ctx: Context, habit: Which) -> Reply:
    """Stop tracking a habit; what was done is kept in the archive."""
    found = find(ctx, habit)
    ctx.db.execute("UPDATE habit SET archived=1, at=NULL WHERE id=?", (found.id,))
    return Reply(f"{capital(found.name)} is in the archive.", {"id": f"h{found.id}", "habit": found.name})


@service.tool(
    "reversible",
    examples=[
        "take reading out of the habit archive",
        "track exercise again",
        "resume the piano habit",
        "bring back my meditation habit",
        "I want to go on with flossing",
        "restore the archived stretching",
        "unarchive no sugar",
    ],
)
def resume(
    ctx: Context,
    habit: Annotated[
        str,
        Field(description="Which archived habit", min_length=1, max_length=120, json_schema_extra={"x-kind": "habit"}),
    ],
) -> Reply:
    """Track a habit again that was put in the archive."""
    found = find(ctx, habit, archived=True)
    ctx.db.execute("UPDATE habit SET archived=0 WHERE id=?", (found.id,))
    tracking.set_reminder(ctx, found.id)
    return Reply(
        f"I'll track {found.name} again, {found.rhythm}.", {"id": f"h{found.id}", "habit": found.name}, [thing(found)]
    )


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The member's habits, the archived ones too."""
    return {"habit": [habit.name for habit in tracking.habits(ctx) + tracking.habits(ctx, archived=True)]}


@service.due(tracking.next_due)
def due(ctx: Context) -> list[Alert]:
    """Habits that are still open at the time of their reminder; one that was missed many times is told once."""
    alerts = []
    rows = ctx.db.execute("SELECT * FROM habit WHERE archived=0 AND at<=? ORDER BY at", (seconds(ctx.now),)).fetchall()
    for row in rows:
        zone = ZoneInfo(row["zone"])
        habit, at = tracking.as_habit(ctx, row), from_seconds(ctx, row["at"]).astimezone(zone)
        ctx.db.execute("UPDATE habit SET at=? WHERE id=?", (tracking.next_reminder(habit, zone, ctx.now), habit.id))
        if at.date() == ctx.now.astimezone(zone).date() and habit.open_on(at.date()):
            alerts.append(tracking.alert(habit, at, row["member"], row["room"]))
    return alerts


if __name__ == "__main__":
    service.run()
