"""The calendar service's story."""

from services.kit import Step

STORY = (
    Step(
        "put dentist on my calendar next Tuesday at 3 for an hour",
        "add",
        {"title": "dentist", "start": "2026-03-10T15:00:00+01:00", "duration": "PT1H"},
        answers="from 3 pm to 4 pm",
    ),
    Step(
        "move the dentist to Tuesday at 4 pm",
        "move",
        {"event": "dentist", "start": "2026-03-10T16:00:00+01:00"},
        answers="from 4 pm to 5 pm",
    ),
    Step("what do I have on Tuesday?", "agenda", {"day": "2026-03-10"}, answers="dentist from 4 pm"),
    Step(
        "am I free Tuesday between 3 and 6?",
        "free",
        {"start": "2026-03-10T15:00:00+01:00", "end": "2026-03-10T18:00:00+01:00"},
        answers="dentist",
    ),
    Step("sync my calendar", "sync", answers="1 new here, 1 new on the server"),
    Step("when is choir?", "find", {"text": "Choir"}, answers="Choir Wednesday 11 March from 7 pm to 9 pm"),
    Step("cancel the dentist", "cancel", {"event": "dentist"}, answers="Cancelled dentist"),
)
