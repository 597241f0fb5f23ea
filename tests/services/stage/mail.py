"""Around the mail: an IMAP and an SMTP server, and three mails in the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.mailserver import mail_server

MAILS = (
    "From: Shop <news@shop.example>\nTo: anna@example.org\nSubject: Big sale\nMessage-ID: <sale@shop.example>\n"
    "List-Unsubscribe: <mailto:off@shop.example>\n\nBuy now?\n",
    "From: Tom Weber <tom@example.com>\nTo: anna@example.org\nSubject: Boiler\nMessage-ID: <boiler@example.com>\n\n"
    "The boiler is repaired.\n",
    "From: Ruth Lang <ruth@example.com>\nTo: anna@example.org\nSubject: Lunch on Friday\n"
    "Message-ID: <lunch@example.com>\n\nShall we have lunch on Friday at noon?\n",
)


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """Ruth wants an answer, Tom does not, and the shop never does."""
    with mail_server() as server:
        for number, mail in enumerate(MAILS):
            server.deliver(mail, at=1_772_600_000 + number * 600)
        yield server.settings
