"""The stopwatch: one for each member."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from services.kit import Context, Refusal, Reply, Thing
from services.kit.speech import spoken, spoken_duration

TABLES = """
CREATE TABLE IF NOT EXISTS stopwatch(member TEXT PRIMARY KEY, started REAL NOT NULL, stopped REAL);
CREATE TABLE IF NOT EXISTS lap(id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, at REAL NOT NULL);
"""
THING = Thing("stopwatch", "stopwatch", "stopwatch")


def start_stopwatch(ctx: Context) -> Reply:
    """Start the stopwatch from zero."""
    row = watch(ctx)
    if row is not None and row["stopped"] is None:
        raise Refusal(f"The stopwatch is already running, at {spoken_duration(elapsed(ctx, row))}.")
    ctx.db.execute("DELETE FROM lap WHERE member=?", (ctx.member,))
    ctx.db.execute("DELETE FROM stopwatch WHERE member=?", (ctx.member,))
    ctx.db.execute("INSERT INTO stopwatch(member, started) VALUES(?,?)", (ctx.member, ctx.now.timestamp()))
    return Reply("The stopwatch is running.", {"started": ctx.now.isoformat()}, [THING])


def stop_stopwatch(ctx: Context) -> Reply:
    """Stop the stopwatch and tell the time it shows."""
    row = running(ctx)
    ctx.db.execute("UPDATE stopwatch SET stopped=? WHERE member=?", (ctx.now.timestamp(), ctx.member))
    time = elapsed(ctx, row)
    return Reply(f"Stopped at {spoken_duration(time)}.", {"seconds": time.total_seconds()}, [THING])


def lap(ctx: Context) -> Reply:
    """Take a lap time on the stopwatch, which goes on running."""
    row = running(ctx)
    last = ctx.db.execute("SELECT max(at) AS at, count(*) AS n FROM lap WHERE member=?", (ctx.member,)).fetchone()
    ctx.db.execute("INSERT INTO lap(member, at) VALUES(?,?)", (ctx.member, ctx.now.timestamp()))
    length = timedelta(seconds=ctx.now.timestamp() - (last["at"] or row["started"]))
    total = elapsed(ctx, row)
    return Reply(
        f"Lap {last['n'] + 1}: {spoken_duration(length)}, {spoken_duration(total)} in all.",
        {"lap": last["n"] + 1, "seconds": length.total_seconds(), "total": total.total_seconds()},
        [THING],
    )


def stopwatch(ctx: Context) -> Reply:
    """Tell what the stopwatch shows, with its laps."""
    row = watch(ctx)
    if row is None:
        return Reply("The stopwatch has not been started.", {"running": False, "seconds": 0, "laps": []})
    time = elapsed(ctx, row)
    laps = lap_times(ctx, row["started"])
    told = f" Laps: {spoken([spoken_duration(timedelta(seconds=length)) for length in laps])}." if laps else ""
    state = "shows" if row["stopped"] is None else "stopped at"
    return Reply(
        f"The stopwatch {state} {spoken_duration(time)}.{told}",
        {"running": row["stopped"] is None, "seconds": time.total_seconds(), "laps": laps},
        [THING],
    )


def watch(ctx: Context) -> sqlite3.Row | None:
    """The member's stopwatch, if it was ever started."""
    row: sqlite3.Row | None = ctx.db.execute("SELECT * FROM stopwatch WHERE member=?", (ctx.member,)).fetchone()
    return row


def running(ctx: Context) -> sqlite3.Row:
    """The member's stopwatch; refuses when it stands still."""
    row = watch(ctx)
    if row is None or row["stopped"] is not None:
        raise Refusal("The stopwatch is not running.")
    return row


def elapsed(ctx: Context, row: sqlite3.Row) -> timedelta:
    """What it shows."""
    return timedelta(seconds=max(0.0, (row["stopped"] or ctx.now.timestamp()) - row["started"]))


def lap_times(ctx: Context, started: float) -> list[float]:
    """The length of each lap, in seconds."""
    ends = [row["at"] for row in ctx.db.execute("SELECT at FROM lap WHERE member=? ORDER BY id", (ctx.member,))]
    return [end - begin for begin, end in zip([started, *ends], ends, strict=False)]
