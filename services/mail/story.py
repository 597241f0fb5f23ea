"""The mail service's story: three mails came, one of them wants an answer."""

from services.kit import Step

STORY = (
    Step("do I have new mail?", "unread", answers="3 unread mails. Ruth Lang: Lunch on Friday"),
    Step("which email needs an answer?", "triage", answers="1 mail wants an answer. Ruth Lang"),
    Step("read me the email about lunch", "read", {"email": "Lunch on Friday"}, answers="Shall we have lunch"),
    Step(
        "answer the lunch email: Friday is fine",
        "reply",
        {"email": "lunch", "text": "Friday is fine"},
        answers="Sent to Ruth Lang",
    ),
    Step("archive the boiler email", "archive", {"email": "boiler"}, answers="Archived: Boiler from Tom"),
    Step("which mail folders do I have?", "folders", answers="Archive 1"),
    Step(
        "email tom@example.com that the boiler works",
        "send",
        {"address": "tom@example.com", "text": "the boiler works"},
        answers="Sent to tom@example.com",
    ),
    Step("mark all my emails as read", "mark_all_read", answers="Marked 2 mails as read"),
)
