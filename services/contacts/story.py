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
        "Anna's email is anna@example.org",
        "save",
        {"name": "Anna", "email": "anna@example.org"},
        answers="Changed Anna",
    ),
    Step("what's Anna's email address?", "find", {"name": "Anna", "field": "email"}, answers="anna@example.org"),
    Step("list my contacts", "list", answers="1 contact: Anna (sister)"),
    Step("what's Anna's birthday?", "find", {"name": "Anna", "field": "birthday"}, answers="don't know", refused=True),
    Step("delete Anna from my contacts", "delete", {"name": "Anna"}, answers="Deleted Anna"),
)
