"""The calendar: each member's events, once or repeating, with free time, iCalendar import and export.

This file says which tools there are; the work is done beside it.
"""

from __future__ import annotations

from services.calendar import agenda, changes, entries, exchange, sync
from services.kit import Context, Service, mirror

service = Service(__file__, tables=entries.TABLES + mirror.TABLES)

service.tool(
    "reversible",
    examples=[
        "put a check-up on my calendar next Monday at 11 for 40 minutes",
        "book a swim on Sunday at 9 for an hour",
        "schedule lunch with Anna on Friday from 12 to 1",
        "add yoga every Monday at 18:00 to my calendar",
        "I have a meeting on Thursday at 10 at the town hall",
        "new event: parents' evening, 12 May 7 pm",
        "could you put the vet in my diary for 4 pm tomorrow",
        "haircut Saturday 2:30",
        "we're seeing Karl for supper on the 9th at half past seven",
        "interview at nine on Wednesday, calendar please",
        "enter choir practice tonight from 8 to 10",
        "reserve 3 to 5 on Tuesday afternoon for painting",
        "there's a talk at the museum on 6 June at 17:00, save it in the calendar",
        "add a picnic to my calendar",
    ],
)(changes.add)
service.tool(
    "reversible",
    examples=[
        "mark Friday as a holiday",
        "put mum's birthday on 3 June every year",
        "we are on holiday from 1 to 14 August, put that on the calendar",
        "block the whole day on 20 May for moving house",
        "add an all-day event on Monday called inventory",
        "our anniversary is on 11 September, note it in the calendar",
        "I'm away from the 3rd until the 7th",
        "day off next Thursday please",
        "could you enter the conference, 5 to 8 October",
        "it's Papa's birthday on 2 March, every year",
        "school closed all day on the 19th",
    ],
)(changes.add_all_day)
service.tool(
    "reversible",
    examples=[
        "move the dentist to half past two",
        "shift it to Wednesday at 10",
        "reschedule my run to 8 pm",
        "push the meeting back to Friday at noon",
        "can you put lunch with Anna at 1 instead?",
        "the haircut is at five now",
        "could choir be on Thursday at 7 rather?",
        "change the time of the interview to 11:15",
        "bring the vet forward to Monday morning at nine",
        "swimming has been postponed to the 22nd at 4",
        "let's have the review at three instead",
    ],
)(changes.move)
service.tool(
    "reversible",
    examples=[
        "rename the meeting to budget meeting",
        "call the appointment on Friday check-up instead",
        "change the title of the run to long run",
        "the lunch should be named farewell lunch",
        "could you retitle the choir as rehearsal",
        "edit the event's name to kick-off",
        "my swim is really called aqua fitness, fix that in the calendar",
        "give the talk another name: lecture",
    ],
)(changes.rename)
service.tool(
    "reversible",
    examples=[
        "the meeting takes place at the library",
        "set the location of the dentist appointment to 5 High Street",
        "lunch with Anna is at the Blue Cafe",
        "choir happens in room 12",
        "change where the interview is to the main office",
        "put down the park as the place for our run",
        "could you add the address 8 Mill Lane to the talk",
        "the party will be held in the garden",
        "venue of the check-up: Saint Mary's",
    ],
)(changes.set_location)
service.tool(
    "reversible",
    examples=[
        "make the meeting two hours long",
        "shorten the run to 20 minutes",
        "the dentist will take 90 minutes",
        "extend choir to three hours",
        "the interview only lasts a quarter of an hour",
        "could lunch be an hour and a half",
        "set the length of the talk to 45 minutes",
        "my haircut goes on for 40 minutes",
    ],
)(changes.set_duration)
service.tool(
    "reversible",
    examples=[
        "cancel the dentist",
        "take the run off my calendar",
        "delete the meeting on Thursday",
        "cancel yoga this Monday",
        "I'm not going to lunch with Anna any more, remove it",
        "the interview has been called off",
        "could you drop choir for tonight",
        "no swimming tomorrow",
        "strike the talk from my diary please",
        "skip my haircut this week",
        "get rid of Friday's check-up",
        "delete the review from my calendar",
        "take the vet out of the diary",
    ],
)(changes.cancel)
service.tool(
    "reversible",
    examples=[
        "cancel all yoga classes from the calendar",
        "cancel the whole choir series",
        "delete every team lunch",
        "stop the weekly swim, I quit",
        "no more Monday meetings ever, remove them all",
        "end the repeating event gym for good",
        "could you take out all occurrences of piano",
        "drop the daily call completely, every one of them",
    ],
)(changes.cancel_series)
service.tool(
    "read",
    examples=[
        "what am I doing on Wednesday?",
        "what's on my calendar today?",
        "what are my plans for the weekend?",
        "show my appointments this week",
        "my agenda for tomorrow",
        "anything on this evening?",
        "how does my Monday look?",
        "read me the diary for the 8th",
        "do I have something scheduled between two and five?",
        "what's planned for next month?",
        "could you go through my day",
        "is there anything in the calendar on Sunday?",
        "schedule for Thursday please",
        "how full is my Friday?",
        "what does Saturday look like for me?",
    ],
)(agenda.agenda)
service.tool(
    "read",
    examples=[
        "what's my next appointment?",
        "what is next on my calendar?",
        "next event",
        "what's coming up?",
        "where do I have to be next?",
        "which meeting comes first?",
        "when is the next thing I have?",
        "could you tell me my upcoming event",
    ],
)(agenda.next_)
service.tool(
    "read",
    examples=[
        "when is my dentist appointment?",
        "where is the meeting with Anna?",
        "find yoga in my calendar",
        "what time is the run?",
        "on which day is choir?",
        "look up the interview in the diary",
        "when am I seeing Karl?",
        "where does the talk take place?",
        "which date did we put the party on?",
        "how long is the haircut?",
    ],
)(agenda.find)
service.tool(
    "read",
    examples=[
        "am I free on Monday between 9 and 11?",
        "do I have time tomorrow at 5 pm?",
        "am I busy on Friday at noon for two hours?",
        "is Thursday at 10 still open?",
        "could I fit something in at half past three?",
        "is there room for lunch on Sunday from 1 to 2?",
        "check whether I'm available on the 6th at eight",
        "have I anything against four o'clock today?",
        "would Saturday at 11 work for me?",
        "can I make it tonight at 7?",
    ],
)(agenda.free)
service.tool(
    "read",
    examples=[
        "when am I free on Tuesday?",
        "find me an hour on Thursday",
        "do I have any free time tomorrow?",
        "which slots are open on Friday?",
        "where are the gaps in my day on Monday?",
        "show me the times I'm available on the 3rd",
        "when could I squeeze in 30 minutes today?",
        "what part of Wednesday is still open?",
    ],
)(agenda.free_times)
service.tool(
    "reversible",
    examples=[
        "import this calendar file",
        "load this ics into my calendar",
        "take in these iCal events",
        "read the iCalendar text in",
        "could you import the ics from my school",
        "add the events from this file: BEGIN:VCALENDAR",
        "upload a calendar file",
        "bring these ics entries in",
    ],
)(exchange.import_)
service.tool(
    "read",
    examples=[
        "export my calendar",
        "I'd like the calendar in ics form",
        "save the calendar as iCal",
        "I want a backup of all my events as a file",
        "could I get an iCalendar of everything",
        "download the calendar",
        "write my appointments to an ics",
        "calendar file for another app please",
    ],
)(exchange.export)
service.tool(
    "irreversible",
    examples=[
        "clear my calendar",
        "delete all my events",
        "wipe everything off the calendar",
        "empty my calendar",
        "erase every appointment I have",
        "could you throw out the entire diary",
        "remove all entries from my calendar for good",
        "start the calendar over with nothing in it",
    ],
)(changes.clear)
service.tool(
    "reversible",
    examples=[
        "sync my calendar",
        "synchronise the calendar with the server",
        "fetch new appointments from my CalDAV calendar",
        "bring the calendar up to date with my phone's",
        "send my events to Nextcloud",
        "is the calendar in step with the server? sync it",
        "pull in what changed in my online calendar",
        "refresh my calendar from the cloud",
        "update the diary over CalDAV please",
    ],
)(sync.sync)
service.undoing(sync.ACCOUNT.refuse_what_was_sent)


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
