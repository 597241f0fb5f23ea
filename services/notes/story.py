"""The notes service's story."""

from services.kit import Step

STORY = (
    Step("list my notes", "list", answers="no notes"),
    Step(
        "note that the cabin wifi password is heron-42",
        "add",
        {"text": "the cabin wifi password is heron-42"},
        answers="heron-42",
    ),
    Step(
        "what's the wifi password at the cabin?",
        "find",
        {"query": "wifi password at the cabin"},
        answers="heron-42",
    ),
    Step(
        "make a note: Leo is allergic to walnuts",
        "add",
        {"text": "Leo is allergic to walnuts"},
        answers="allergic to walnuts",
    ),
    Step("how many notes have I written?", "list", answers="2 notes"),
    Step("delete all my notes", "delete_all", answers="2 notes"),
    Step("show all my notes", "list", answers="no notes"),
)
