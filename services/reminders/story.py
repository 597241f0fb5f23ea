"""The reminders service's story."""

from services.kit import Step

STORY = (
    Step(
        "remind me to call mum tomorrow at 5pm",
        "add",
        {"text": "call mum", "at": "2026-03-05T17:00:00+01:00"},
        answers="tomorrow at 5 pm",
    ),
    Step(
        "every Monday at 8 remind me to water the plants",
        "add",
        {"text": "water the plants", "at": "2026-03-09T08:00:00+01:00", "repeat": "FREQ=WEEKLY;BYDAY=MO"},
        answers="every Monday",
    ),
    Step("what are my reminders?", "list", {}, answers="call mum"),
    Step(
        "delete the reminder to call mum", "delete", {"reminder": "call mum"}, answers="Deleted the reminder: call mum"
    ),
)
