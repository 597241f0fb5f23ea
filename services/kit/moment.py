"""Moments and durations as requests give them, made safe to reckon with.

A moment without an offset is read on the person's own clock. What lies centuries away is a slip of the
tongue or of a model, and would overflow later; it is refused here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from services.kit.recurrence import on_clock
from services.kit.reply import Context, Refusal
from services.kit.speech import spoken_date, spoken_day, spoken_moment

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LONGEST = timedelta(days=3660)
"""Longest duration that is taken seriously: ten years."""


def moment(ctx: Context, at: datetime) -> datetime:
    """The instant, in the person's zone."""
    sensible_year(at.year)
    return on_clock(at, ctx.zone) if at.tzinfo is None else at.astimezone(ctx.zone)


def to_come(ctx: Context, at: datetime) -> datetime:
    """The instant, which must lie ahead."""
    instant = moment(ctx, at)
    if instant <= ctx.now:
        raise Refusal(f"{capital(spoken_moment(instant, ctx.now))} has already passed; please give a later time.")
    return instant


def sensible_day(day: date) -> date:
    """The day itself, if it is within a few lifetimes."""
    sensible_year(day.year)
    return day


def sensible_year(year: int) -> None:
    """Refuses a year outside those that are dealt with."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refusal(f"The year {year} is out of my range; I keep dates from {EARLIEST_YEAR} to {LATEST_YEAR}.")


def lasting(duration: timedelta) -> timedelta:
    """The duration, which must be more than nothing and less than ten years."""
    if duration < timedelta(seconds=1):
        raise Refusal("A duration must be at least a second.")
    if duration > LONGEST:
        raise Refusal("That is longer than I can plan for; ten years is the most.")
    return duration


def day_bounds(ctx: Context, day: date) -> tuple[datetime, datetime]:
    """From the day's midnight to the next, in the person's zone."""
    midnight = datetime.combine(sensible_day(day), datetime.min.time())
    return on_clock(midnight, ctx.zone), on_clock(midnight + timedelta(days=1), ctx.zone)


def seconds(at: datetime) -> int:
    """As stored and compared: whole seconds since 1970 in UTC."""
    return int(at.timestamp())


def from_seconds(ctx: Context, stored: float) -> datetime:
    """The stored instant in the person's zone."""
    return datetime.fromtimestamp(stored, UTC).astimezone(ctx.zone)


def lateness(at: datetime, now: datetime) -> str:
    """A remark for what is told late, such as " (was due yesterday at 5 pm)"; empty within five minutes."""
    late = now - at
    return f" (was due {spoken_moment(at, now)})" if late > timedelta(minutes=5) else ""


def capital(sentence: str) -> str:
    """With a capital first letter, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def how_far(day: date, now: datetime) -> str:
    """In 12 days, 3 days ago, tomorrow; each with the date."""
    days = (day - now.date()).days
    if abs(days) <= 1:
        return f"{spoken_day(day, now)} ({spoken_date(day, now)})"
    said = f"{abs(days):,} days"
    return f"in {said} ({spoken_date(day, now)})" if days > 0 else f"{said} ago ({spoken_date(day, now)})"
