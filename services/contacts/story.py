"""The contacts service's story."""

from services.kit import Step

STORY = (
    Step(
        "Anna's number is +44 20 7946 0958, she is my sister",
        "save",
        {"name": "Anna", "phone": "+44 20 7946 0958", "relation": "sister"},
        answers="+44 20 7946 0958",
    ),
    Step("what's my sister's number?", "find", {"name": "sister", "field": "phone"}, answers="+44 20 7946 0958"),
    Step(
        "Anna moved to 12 Hill Road, Bath",
        "save",
        {"name": "Anna", "address": "12 Hill Road, Bath"},
        answers="Changed Anna",
    ),
    Step("where does Anna live?", "find", {"name": "Anna", "field": "address"}, answers="12 Hill Road, Bath"),
    Step("list my contacts", "list", answers="1 contact: Anna (sister)"),
    Step("when is Anna's birthday?", "find", {"name": "Anna", "field": "birthday"}, answers="don't know", refused=True),
    Step("delete Anna from my contacts", "delete", {"name": "Anna"}, answers="Deleted Anna"),
    Step("sync my contacts", "sync", answers="1 new here"),
    Step("what's Mia's phone number?", "find", {"name": "Mia", "field": "phone"}, answers="555 0155"),
)
