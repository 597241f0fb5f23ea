"""The habits service's story."""

from services.kit import Step

STORY = (
    Step(
        "start a habit: meditate every day", "add", {"habit": "meditate", "repeat": "FREQ=DAILY"}, answers="every day"
    ),
    Step(
        "new habit: practise the piano every Wednesday and Friday",
        "add",
        {"habit": "practise the piano", "repeat": "FREQ=WEEKLY;BYDAY=WE,FR"},
        answers="every Wednesday and Friday",
    ),
    Step("check off meditate", "check", {"habit": "meditate"}, answers="1 day in a row"),
    Step("which habits are open today?", "today", {"day": "2026-03-04"}, answers="Still open: practise the piano"),
    Step("show my streaks", "streaks", {}, answers="meditate: 1 day"),
    Step("show a chart of my meditate habit", "chart", {"habit": "meditate"}, answers="half year"),
    Step("stop tracking my meditate habit", "archive", {"habit": "meditate"}, answers="in the archive"),
)
