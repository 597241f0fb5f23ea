"""The calendar: each member's events, once or repeating, with free time, iCalendar import and export.

This file says which tools there are; the work is done beside it.
"""

from __future__ import annotations

from services.calendar import agenda, changes, entries, exchange
from services.kit import Context, Service

service = Service(__file__, tables=entries.TABLES)

service.tool(
    "reversible",
    examples=[
        "put dentist on my calendar next Tuesday at 3 for an hour",
        "book a run tomorrow at 7 for half an hour",
        "schedule lunch with Anna on Friday from 12 to 1",
        "add yoga every Monday at 18:00 to my calendar",
        "I have a meeting on Thursday at 10 at the town hall",
        "new event: parents' evening, 12 May 7 pm",
    ],
)(changes.add)
service.tool(
    "reversible",
    examples=[
        "mark Friday as a holiday",
        "put mum's birthday on 3 June every year",
        "we are on holiday from 1 to 14 August, put that on the calendar",
        "block the whole day on 20 May for moving house",
    ],
)(changes.add_all_day)
service.tool(
    "reversible",
    examples=[
        "move the dentist to 4",
        "move it to Wednesday at 10",
        "reschedule my run to 8 pm",
        "push the meeting back to Friday at noon",
        "can you put lunch with Anna at 1 instead?",
    ],
)(changes.move)
service.tool(
    "reversible",
    examples=[
        "rename the meeting to budget meeting",
        "call the appointment on Friday check-up instead",
        "change the title of the run to long run",
    ],
)(changes.rename)
service.tool(
    "reversible",
    examples=[
        "the meeting takes place at the library",
        "set the location of the dentist appointment to 5 High Street",
        "lunch with Anna is at the Blue Cafe",
    ],
)(changes.set_location)
service.tool(
    "reversible",
    examples=["make the meeting two hours long", "shorten the run to 20 minutes", "the dentist will take 90 minutes"],
)(changes.set_duration)
service.tool(
    "reversible",
    examples=[
        "cancel the dentist",
        "take the run off my calendar",
        "delete the meeting on Thursday",
        "cancel yoga this Monday",
        "I'm not going to lunch with Anna any more, remove it",
    ],
)(changes.cancel)
service.tool(
    "reversible",
    examples=[
        "cancel all yoga classes from the calendar",
        "cancel the whole yoga series",
        "delete every team meeting",
        "stop the weekly choir, I quit",
    ],
)(changes.cancel_series)
service.tool(
    "read",
    examples=[
        "what do I have on Tuesday?",
        "what's on my calendar today?",
        "what are my plans for the weekend?",
        "show my appointments this week",
        "my agenda for tomorrow",
        "anything on this evening?",
    ],
)(agenda.agenda)
service.tool(
    "read",
    examples=["what's my next appointment?", "what is next on my calendar?", "next event", "what's coming up?"],
)(agenda.next_)
service.tool(
    "read",
    examples=[
        "when is my dentist appointment?",
        "where is the meeting with Anna?",
        "find yoga in my calendar",
        "what time is the run?",
    ],
)(agenda.find)
service.tool(
    "read",
    examples=[
        "am I free Tuesday between 3 and 6?",
        "do I have time tomorrow at 5 pm?",
        "am I busy on Friday at noon for two hours?",
        "is Thursday at 10 still open?",
    ],
)(agenda.free)
service.tool(
    "read",
    examples=[
        "when am I free on Tuesday?",
        "find me an hour on Thursday",
        "do I have any free time tomorrow?",
        "which slots are open on Friday?",
    ],
)(agenda.free_times)
service.tool(
    "reversible", examples=["import this calendar file", "load this ics into my calendar", "take in these iCal events"]
)(exchange.import_)
service.tool(
    "read", examples=["export my calendar", "give me my calendar as an ics file", "save the calendar as iCal"]
)(exchange.export)
service.tool(
    "irreversible",
    examples=["clear my calendar", "delete all my events", "wipe everything off the calendar", "empty my calendar"],
)(changes.clear)


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The titles on the member's calendar, those to come first."""
    rows = ctx.db.execute(
        "SELECT title FROM event WHERE member=? GROUP BY title ORDER BY max(rule IS NOT NULL OR at>=?) DESC, max(at)",
        (ctx.member, int(ctx.now.timestamp())),
    )
    return {"event": [row["title"] for row in rows]}


if __name__ == "__main__":
    service.run()
