"""The messages service's story: the owner writes to Bob and to a room of the home."""

from services.kit import Step

STORY = (
    Step("count me in for messages", "join", answers="can send messages to owner"),
    Step("tell Bob that dinner is ready", "send", {"to": "Bob", "text": "dinner is ready"}, answers="Sent to Bob"),
    Step("has Bob read my message?", "receipts", {"to": "Bob"}, answers="Not read yet"),
    Step(
        "delete my message to Bob",
        "delete",
        {"message": "dinner is ready"},
        answers="Deleted your message: dinner is ready",
    ),
    Step(
        "leave a message in the kitchen: the soup is for everyone",
        "send",
        {"to": "kitchen", "text": "the soup is for everyone"},
        answers="Sent to the kitchen",
    ),
    Step("read my new messages", "new", answers="no new messages"),
    Step(
        "announce until Sunday that the lift is broken",
        "announce",
        {"text": "the lift is broken", "until": "2026-03-08T09:00:00+01:00"},
        answers="the lift is broken",
    ),
    Step("what announcements are there?", "announcements", answers="the lift is broken"),
    Step(
        "take the announcement about the lift down",
        "unpin",
        {"announcement": "the lift is broken"},
        answers="Took down: the lift",
    ),
)
