"""Mail against real servers: writing, and sending once whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.mail import line
from services.mail.server import service
from tests.services.mail.conftest import BOILER, LUNCH, PHOTOS
from tests.services.mailserver import MailServer, free_port

Say = Callable[..., tuple[str, dict[str, Any]]]


def test_a_mail_goes_out_once_and_a_copy_is_kept(say: Say, server: MailServer) -> None:
    for _ in range(2):
        text = say(
            "send", address="bob@example.com", text="Dinner is at eight — bring Zoë.", subject="Dinner", id="s1"
        )[0]
        assert text == "Sent to bob@example.com, subject Dinner: Dinner is at eight — bring Zoë."
    (mail,) = server.outgoing
    assert mail.rcpt_tos == ["bob@example.com"]
    assert b"From: Anna <anna@example.org>" in mail.content
    assert server.mails("Sent") == [("Dinner", "\\Seen")]


def test_an_answer_goes_to_the_sender_with_thread_and_quotation(say: Say, three: MailServer) -> None:
    assert say("reply", email="lunch", text="Friday is fine.")[0] == (
        "Sent to Ruth Lang <ruth@example.com>, subject Re: Lunch on Friday: Friday is fine."
    )
    content = three.outgoing[0].content.decode()
    assert "In-Reply-To: <lunch@example.com>" in content
    assert "Friday is fine." in content
    assert "> Shall we have lunch on Friday?" in content
    assert ("Lunch on Friday", "\\Answered") in three.mails("INBOX")


def test_where_several_people_fit_an_answer_is_not_guessed(say: Say, three: MailServer) -> None:
    three.deliver(BOILER.replace("Tom Weber <tom", "Tim Weber <tim").replace("<boiler@", "<boiler2@"))
    assert say("reply", email="boiler", text="ok")[0].startswith("!Which email do you mean: 'Boiler' from")
    assert three.outgoing == []


def test_forwarding_takes_the_files_along(say: Say, server: MailServer) -> None:
    server.deliver(PHOTOS)
    assert say("forward", email="latest", address="bob@example.com", text="Look!")[0].startswith(
        "Sent to bob@example.com"
    )
    content = server.outgoing[0].content.decode()
    assert 'filename="rome.png"' in content
    assert "iVBORw0KGgo=" in content
    assert "Subject: Fwd: =?utf-8?" in content


def test_a_draft_is_kept_listed_taken_back_and_sent(say: Say, server: MailServer) -> None:
    say("draft", address="bob@example.com", text="We accept.", subject="Offer", id="d1")
    assert server.mails("Drafts") == [("Offer", "\\Seen \\Draft")]
    say("undo", call="d1")
    assert server.mails("Drafts") == []
    assert say("drafts")[0] == "There are no drafts."
    say("draft", address="bob@example.com", text="We accept.", subject="Offer")
    assert say("send_draft", draft="offer")[0].startswith("Sent to bob@example.com, subject Offer: We accept.")
    assert server.mails("Drafts") == []
    assert len(server.outgoing) == 1
    assert say("send_draft")[0] == "!There are no drafts."


@pytest.mark.parametrize(
    "arguments",
    [
        {"address": "bob@example.com\r\nBcc: eve@example.com"},
        {"address": "bob@example.com", "subject": "hi\r\nBcc: eve@example.com"},
        {"address": "bob@example.com", "settings": {"name": "Anna\r\nBcc: eve@example.com"}},
    ],
)
def test_nothing_can_put_a_header_of_its_own_into_a_mail(
    say: Say, server: MailServer, arguments: dict[str, Any]
) -> None:
    say("send", text="hi", **arguments)
    assert all(mail.rcpt_tos == ["bob@example.com"] for mail in server.outgoing)
    assert all(b"\nBcc:" not in mail.content for mail in server.outgoing)


def test_a_subject_that_was_received_puts_no_header_into_the_answer(say: Say, server: MailServer) -> None:
    evil = "=?utf-8?q?hello=0D=0ABcc=3A_eve=40example=2Ecom?="
    server.deliver(
        LUNCH.replace("Lunch on Friday", evil).replace("Message-ID: <lunch@example.com>", "Message-ID: <a\r\n b>")
    )
    say("reply", email="latest", text="ok")
    assert b"\nBcc:" not in server.outgoing[0].content
    assert server.outgoing[0].rcpt_tos == ["ruth@example.com"]


def test_who_a_mail_is_for_must_be_known(say: Say) -> None:
    assert say("send", text="hi")[0] == "!Who is the mail for?"
    assert say("send", to="bob@", text="hi")[0] == "!'bob@' does not look like a mail address."
    assert say("send", to="Bob", text="hi")[0] == "!I can't ask 'contacts_find' here."
    assert say("send", address="bob@example.com", text=" \n ")[0] == "!What shall the mail say?"


def test_a_line_that_breaks_while_a_mail_is_taken_is_told_as_unknown_and_never_sent_twice(
    say: Say, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = line.Smtp.data

    def cut(self: line.Smtp, message: bytes) -> Any:
        real(self, message)
        raise ConnectionResetError

    monkeypatch.setattr(line.Smtp, "data", cut)
    text = say("send", address="bob@example.com", text="hi", id="s1")[0]
    assert text.startswith(
        "!The connection broke off while the mail to bob@example.com was being sent, and I can't tell"
    )
    monkeypatch.setattr(line.Smtp, "data", real)
    assert say("send", address="bob@example.com", text="hi", id="s1")[0] == text
    assert len(server.outgoing) == 1


def test_an_interrupted_mail_that_lies_among_the_sent_ones_was_sent(
    say: Say, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = line.Smtp.data

    def cut(self: line.Smtp, message: bytes) -> Any:
        real(self, message)
        server.deliver(message, "Sent")
        raise ConnectionResetError

    monkeypatch.setattr(line.Smtp, "data", cut)
    assert say("send", address="bob@example.com", text="hi", id="s1")[0].startswith("!")
    assert say("send", address="bob@example.com", text="hi", id="s1")[0] == "Sent to bob@example.com, subject hi: hi."
    assert len(server.outgoing) == 1


def test_a_call_that_was_killed_after_sending_does_not_send_again(say: Say, server: MailServer) -> None:
    db = service._opened().db
    db.execute("CREATE TEMP TRIGGER lost BEFORE INSERT ON kit_call BEGIN SELECT RAISE(ABORT, 'killed'); END")
    assert say("send", address="bob@example.com", text="hi", id="s1")[0].startswith("!")
    db.execute("DROP TRIGGER lost")
    assert say("send", address="bob@example.com", text="hi", id="s1")[0] == "Sent to bob@example.com, subject hi: hi."
    assert len(server.outgoing) == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_mail_that_is_refused_is_said_to_be_and_may_be_sent_again(say: Say, server: MailServer, stage: str) -> None:
    server.refuse = lambda at: "550 No such person" if at == stage else None
    text = say("send", address="bob@example.com", text="hi", id="s1")[0]
    assert text.endswith("No such person. Nothing was sent.")
    server.refuse = lambda _at: None
    assert say("send", address="bob@example.com", text="hi", id="s1")[0].startswith("Sent")
    assert len(server.outgoing) == 1


def test_what_was_sent_is_sent_even_if_no_copy_can_be_kept(say: Say, server: MailServer) -> None:
    text = say("send", address="bob@example.com", text="hi", settings={"imap_address": f"127.0.0.1:{free_port()}"})[0]
    assert text == "Sent to bob@example.com, subject hi: hi. I could not keep a copy among your sent mails."
