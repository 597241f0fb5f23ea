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
        "what's the time in Nairobi?",
        "tell me the current time in New York",
        "time in Sydney right now",
        "how late is it over in California?",
        "could you tell me the time please",
        "do you have the time?",
        "what's the local time in Lisbon at the moment?",
        "is it already evening in Delhi?",
        "the time in Cairo?",
        "what hour is it there in Toronto",
        "what time is it in Oslo and Perth?",
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
        "do you know what today's date is?",
        "on what day does 8 August fall?",
        "what date will it be a week from Sunday?",
        "is today Thursday?",
        "tell me the date of next Friday",
        "the day of the week for 11 November",
    ],
)(world.day)
service.tool(
    "read",
    examples=[
        "what's the time difference between London and Tokyo?",
        "how many hours ahead is India?",
        "how far behind us is New York?",
        "time difference to Sydney",
        "how many hours are there between Madrid and Lima?",
        "is Moscow ahead of us or behind?",
        "difference in hours from here to Hawaii",
        "how big is the time gap with Brazil?",
    ],
)(world.difference)
service.tool(
    "read",
    examples=[
        "what is 3 pm in New York in Paris time?",
        "when it's 9 am in London, what time is it in Singapore?",
        "convert 18:30 Berlin time to Los Angeles time",
        "10 am Pacific in our time",
        "if they start at 7 in the evening in Chicago, when is that for us?",
        "noon in Seoul is what time over here?",
        "what would 20:15 in Dublin be in Mumbai?",
        "translate 6 pm Eastern into local time",
        "what time will it be in Denver when it is midnight here?",
    ],
)(world.convert)
service.tool(
    "read",
    examples=[
        "how many days until Christmas?",
        "how long is it till 1 June?",
        "how many days since 1 January?",
        "days left until 14 July",
        "how many more days to the end of the month?",
        "count the days to Easter",
        "how long ago was 3 October?",
        "how far off is New Year's Eve?",
        "number of days before 9 September",
        "how many days are there between 1 March and 15 May?",
        "days from 3 June to 20 August",
    ],
)(world.days_until)

service.tool(
    "reversible",
    examples=[
        "set a timer for 25 minutes called laundry",
        "start a 10 minute timer",
        "timer for half an hour",
        "set an egg timer for 4 minutes",
        "count down 90 seconds",
        "let me know in 20 minutes",
        "could you time 7 minutes for the rice",
        "please put two hours on the clock for the roast",
        "ring after 45 seconds",
        "start an hour's countdown",
        "I need a timer, 6 minutes for the eggs",
        "new timer 15 minutes, name it nap",
    ],
)(timers.set_timer)
service.tool(
    "read",
    examples=[
        "how long is left on the bread timer?",
        "how much time is left on my timer?",
        "when does the egg timer go off?",
        "check the timer",
        "time remaining on the tea timer",
        "how many minutes does the oven timer still have?",
        "is the laundry timer nearly done?",
        "how much longer until the timer rings?",
        "what does the timer say?",
    ],
)(timers.timer_left)
service.tool(
    "read",
    examples=[
        "which timers are running?",
        "show all my timers",
        "list timers",
        "do I have any timers going?",
        "how many timers are on?",
        "read out the timers that are set",
        "what am I timing just now?",
        "timers overview please",
    ],
)(timers.timers)
service.tool(
    "reversible",
    examples=[
        "add 5 minutes to the pasta timer",
        "give the timer two more minutes",
        "extend the egg timer by 30 seconds",
        "the cake needs another 10 minutes, put them on its timer",
        "lengthen the rice timer, it wants three minutes longer",
        "lengthen the tea timer by a minute",
        "a quarter of an hour more on that timer please",
        "could the nap timer get some more time, 8 minutes",
    ],
)(timers.extend_timer)
service.tool(
    "reversible",
    examples=[
        "cancel the pasta timer",
        "stop the timer",
        "turn off the egg timer",
        "I don't need the timer any more",
        "kill the countdown for the rice",
        "forget the laundry timer",
        "could you end that timer please",
        "no more timer",
        "switch the tea timer off",
    ],
)(timers.cancel_timer)
service.tool(
    "reversible",
    examples=[
        "cancel all timers",
        "stop every timer",
        "turn off all my timers",
        "clear the timers",
        "get rid of all the countdowns",
        "none of the timers are needed, drop them all",
        "kill all running timers please",
        "could you end every timer at once",
    ],
)(timers.cancel_all_timers)

service.tool(
    "reversible",
    examples=[
        "set an alarm for 7 am",
        "wake me up at 6:30 tomorrow",
        "set an alarm every weekday at 7",
        "alarm at 5 in the morning on Friday",
        "get me up at eight",
        "could you wake us at a quarter past six",
        "please have the alarm ring at 9:15 on Saturday",
        "I have to be up by 4:45",
        "new alarm 22:00 called pills",
        "on Sundays wake me at ten",
        "ring me out of bed at half past five",
    ],
)(alarms.set_alarm)
service.tool(
    "read",
    examples=[
        "which alarms are set?",
        "show my alarms",
        "when is my alarm?",
        "what time will I be woken tomorrow?",
        "do I have an alarm for Monday?",
        "which alarm times have I set?",
        "is the alarm on?",
        "how many alarms have I got?",
        "when does it ring in the morning?",
    ],
)(alarms.alarms)
service.tool(
    "reversible",
    examples=[
        "cancel the 7 am alarm",
        "turn off my alarm",
        "delete the school alarm",
        "don't wake me tomorrow",
        "no alarm on Saturday please",
        "could you switch off the alarm for six o'clock",
        "remove the pills alarm",
        "I can sleep in, drop the alarm",
        "get rid of my weekday alarm",
    ],
)(alarms.cancel_alarm)

service.tool(
    "reversible",
    examples=[
        "start the stopwatch",
        "start timing me",
        "begin a stopwatch",
        "stopwatch, go",
        "could you run the stopwatch",
        "time how long I take, from now",
        "clock me, starting now",
        "launch the stopwatch please",
        "get a stopwatch running",
    ],
)(stopwatch.start_stopwatch)
service.tool(
    "reversible",
    examples=[
        "stop the stopwatch",
        "stop timing",
        "halt the stopwatch",
        "that's it, end the stopwatch",
        "I'm through, stop the clock",
        "could you finish timing me",
        "stopwatch off",
        "pause the stopwatch please",
    ],
)(stopwatch.stop_stopwatch)
service.tool(
    "reversible",
    examples=[
        "lap",
        "take a lap time",
        "lap on the stopwatch",
        "that was one round",
        "mark a split on the stopwatch",
        "note this lap please",
        "next lap",
        "could you record the lap",
    ],
)(stopwatch.lap)
service.tool(
    "read",
    examples=[
        "what does the stopwatch say?",
        "read the stopwatch",
        "how long has the stopwatch been running?",
        "show me the stopwatch",
        "what's my time so far on the stopwatch?",
        "how long have I been going?",
        "my laps please",
        "tell me the lap times",
    ],
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
