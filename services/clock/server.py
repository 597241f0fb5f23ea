"""The clock: time and date anywhere, timers, alarms and a stopwatch.

What each member sets is their own. This file says which tools there are; the work is done beside it.
"""

from __future__ import annotations

from datetime import datetime

from services.clock import alarms, stopwatch, timers, world
from services.kit import Alert, Context, Service
from services.kit.moment import from_seconds

service = Service(__file__, tables=timers.TABLES + alarms.TABLES + stopwatch.TABLES)

service.tool(
    "read",
    examples=[
        "what time is it?",
        "what time is it in Tokyo?",
        "tell me the current time in New York",
        "time in Sydney right now",
        "how late is it over in California?",
    ],
)(world.time)
service.tool(
    "read",
    examples=[
        "what's the date today?",
        "what day is it?",
        "which day of the week is 25 December?",
        "what weekday was 20 July 1969?",
        "today's date please",
    ],
)(world.day)
service.tool(
    "read",
    examples=[
        "what's the time difference between London and Tokyo?",
        "how many hours ahead is India?",
        "how far behind us is New York?",
        "time difference to Sydney",
    ],
)(world.difference)
service.tool(
    "read",
    examples=[
        "what is 3 pm in New York in Paris time?",
        "when it's 9 am in London, what time is it in Singapore?",
        "convert 18:30 Berlin time to Los Angeles time",
        "10 am Pacific in our time",
    ],
)(world.convert)
service.tool(
    "read",
    examples=[
        "how many days until Christmas?",
        "how long is it till 1 June?",
        "how many days since 1 January?",
        "days left until 14 July",
    ],
)(world.days_until)

service.tool(
    "reversible",
    examples=[
        "set a timer for 12 minutes called pasta",
        "start a 10 minute timer",
        "timer for half an hour",
        "set an egg timer for 4 minutes",
        "count down 90 seconds",
        "let me know in 20 minutes",
    ],
)(timers.set_timer)
service.tool(
    "read",
    examples=[
        "how long is left on the pasta timer?",
        "how much time is left on my timer?",
        "when does the egg timer go off?",
        "check the timer",
        "time remaining on the tea timer",
    ],
)(timers.timer_left)
service.tool(
    "read",
    examples=["which timers are running?", "show all my timers", "list timers", "do I have any timers going?"],
)(timers.timers)
service.tool(
    "reversible",
    examples=[
        "add 5 minutes to the pasta timer",
        "give the timer two more minutes",
        "extend the egg timer by 30 seconds",
    ],
)(timers.extend_timer)
service.tool(
    "reversible",
    examples=["cancel the pasta timer", "stop the timer", "turn off the egg timer", "I don't need the timer any more"],
)(timers.cancel_timer)
service.tool(
    "reversible", examples=["cancel all timers", "stop every timer", "turn off all my timers", "clear the timers"]
)(timers.cancel_all_timers)

service.tool(
    "reversible",
    examples=[
        "set an alarm for 7 am",
        "wake me up at 6:30 tomorrow",
        "set an alarm every weekday at 7",
        "alarm at 5 in the morning on Friday",
        "get me up at eight",
    ],
)(alarms.set_alarm)
service.tool(
    "read",
    examples=["which alarms are set?", "show my alarms", "when is my alarm?", "what time will I be woken tomorrow?"],
)(alarms.alarms)
service.tool(
    "reversible",
    examples=["cancel the 7 am alarm", "turn off my alarm", "delete the school alarm", "don't wake me tomorrow"],
)(alarms.cancel_alarm)

service.tool("reversible", examples=["start the stopwatch", "start timing me", "begin a stopwatch", "stopwatch, go"])(
    stopwatch.start_stopwatch
)
service.tool("reversible", examples=["stop the stopwatch", "stop timing", "halt the stopwatch"])(
    stopwatch.stop_stopwatch
)
service.tool("reversible", examples=["lap", "take a lap time", "lap on the stopwatch"])(stopwatch.lap)
service.tool(
    "read",
    examples=["what does the stopwatch say?", "read the stopwatch", "how long has the stopwatch been running?"],
)(stopwatch.stopwatch)


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The member's timers that run and alarms that are set."""
    return {
        "timer": list(dict.fromkeys(timer.name for timer in timers.candidates(ctx))),
        "alarm": list(dict.fromkeys(alarm.name for alarm in alarms.candidates(ctx))),
    }


def next_due(ctx: Context) -> datetime | None:
    """When the next timer or alarm of anyone goes off."""
    row = ctx.db.execute(
        "SELECT min(at) AS at FROM (SELECT ends AS at FROM timer WHERE told=0 UNION ALL SELECT rings FROM alarm)"
    ).fetchone()
    return from_seconds(ctx, row["at"]) if row["at"] is not None else None


@service.due(next_due)
def due(ctx: Context) -> list[Alert]:
    """Timers that ended and alarms that rang, in order."""
    return sorted(timers.due_timers(ctx) + alarms.due_alarms(ctx), key=lambda alert: alert.at)


if __name__ == "__main__":
    service.run()
