"""The holidays service's story."""

from services.kit import Step

STORY = (
    Step("when is the next public holiday?", "next", {}, answers="Easter Monday"),
    Step("is 1 May a public holiday?", "check", {"day": "2026-05-01"}, answers="Labor Day"),
    Step(
        "which public holidays are there in Japan in 2027?",
        "all",
        {"place": "Japan", "start": "2027-01-01", "end": "2027-12-31"},
        answers="2027",
    ),
    Step(
        "when is Easter Monday in 2028?",
        "find",
        {"name": "Easter Monday", "start": "2028-01-01", "end": "2028-12-31"},
        answers="17 April 2028",
    ),
    Step(
        "how many working days are there between 1 May and 31 May?",
        "working_days",
        {"start": "2026-05-01", "end": "2026-05-31"},
        answers="17 working days",
    ),
)
