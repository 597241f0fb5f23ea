"""Mail whose IMAP and SMTP servers are real ones, and mails that came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.mail.server import service
from tests.services.direct import connect
from tests.services.mailserver import MailServer, mail_server

Say = Callable[..., tuple[str, dict[str, Any]]]
LUNCH = """From: Ruth Lang <ruth@example.com>
To: anna@example.org
Subject: Lunch on Friday
Message-ID: <lunch@example.com>
Date: Wed, 4 Mar 2026 08:00:00 +0100

Shall we have lunch on Friday?
"""
BOILER = """From: Tom Weber <tom@example.com>
To: anna@example.org
Subject: Boiler
Message-ID: <boiler@example.com>

The boiler is repaired.
"""
SALE = """From: Shop <news@shop.example>
To: anna@example.org
Subject: Big sale
Message-ID: <sale@shop.example>
List-Unsubscribe: <mailto:off@shop.example>

Can you afford to miss it? Buy now?
"""
PHOTOS = """From: =?utf-8?q?Zo=C3=AB?= <zoe@example.com>
To: anna@example.org
Subject: =?iso-8859-1?q?Gr=FC=DFe?=
Message-ID: <photos@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><head><style>p {}</style></head><body><p>Gr=FC=DFe aus Rom!</p><img src=3D"http://spy.example/x.gif"><script>evil()</script></body></html>
--b
Content-Type: image/png; name="../../etc/rome.png"
Content-Disposition: attachment; filename="../../etc/rome.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
"""


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    """The servers of all tests here."""
    with mail_server() as served:
        yield served


@pytest.fixture
def server(running: MailServer) -> MailServer:
    """The servers with an empty mailbox."""
    with running.imap() as box:
        for folder in ("INBOX", "Sent", "Drafts", "Trash", "Archive", "family", '"K&APw-che"'):
            if box.select(folder)[0] == "OK":
                box.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
                box.expunge()
                box.close()
        for folder in ("Archive", "family", '"K&APw-che"'):
            box.delete(folder)
    running.outgoing.clear()
    running.refuse = lambda _stage: None
    return running


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: MailServer) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(service, "_store", None)
    monkeypatch.setattr("services.kit.reply.connect", connect)
    number = iter(range(1_000))

    def call(
        tool: str,
        *,
        id: str = "",  # noqa: A002 - a call's id
        preview: bool = False,
        settings: dict[str, Any] | None = None,
        **arguments: Any,
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": id or f"call-{next(number)}", "muos/member": "anna", "muos/zone": "Europe/Paris"}
        given = {**server.settings, **(settings or {})}
        now = "2026-03-04T09:00:00+01:00"
        result = service.answer(
            tool, arguments, {**meta, "muos/now": now, "muos/preview": preview, "muos/settings": given}
        )
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


def stamp(hour: int) -> float:
    """An hour of the day that the tests play on."""
    return datetime(2026, 3, 4, hour, tzinfo=UTC).timestamp()


@pytest.fixture
def three(server: MailServer) -> MailServer:
    """Three mails in the inbox, Ruth's the latest."""
    for number, mail in enumerate((SALE, BOILER, LUNCH)):
        server.deliver(mail, at=stamp(number + 1))
    return server
