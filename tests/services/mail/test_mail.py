"""Mail against a real IMAP server: reading and sorting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.mail.server import service
from tests.services.mail.conftest import LUNCH, PHOTOS
from tests.services.mailserver import MailServer

Say = Callable[..., tuple[str, dict[str, Any]]]


def test_new_mail_is_told_newest_first_and_looking_does_not_mark_it(say: Say, three: MailServer) -> None:
    text = "You have 3 unread mails. Ruth Lang: Lunch on Friday; Tom Weber: Boiler; Shop: Big sale."
    assert say("unread")[0] == text
    assert "Shall we have lunch" in say("read", email="lunch")[0]
    assert say("unread")[0] == text
    assert say("unread", sender="tom")[0] == "You have 1 unread mail from tom. Tom Weber: Boiler."


def test_a_mail_is_named_by_words_by_sender_by_id_and_as_the_latest(say: Say, three: MailServer) -> None:
    data = say("list")[1]["mails"]
    for arguments in ({"email": "boiler"}, {"sender": "Tom"}, {"email": data[1]["id"]}, {"email": "Tom's email"}):
        assert say("read", **arguments)[1]["subject"] == "Boiler"
    assert say("read", email="latest")[1]["subject"] == "Lunch on Friday"
    assert say("read")[0].startswith("!Which email do you mean: 'Lunch on Friday' from Ruth Lang or")
    assert say("read", email="holiday")[0] == "!I find no email about 'holiday'."
    assert say("read", email="99.1@INBOX")[0] == "!That mail is no longer where it was."


def test_html_is_read_as_text_and_names_and_files_are_decoded(say: Say, server: MailServer) -> None:
    server.deliver(PHOTOS)
    text, data = say("read", email="latest")
    assert text.startswith("From Zoë <zoe@example.com>")
    assert "Grüße aus Rom!" in text
    assert "evil" not in text
    assert "spy.example" not in text
    assert data["attachments"] == ["rome.png"]
    assert data["untrusted"] is True


def test_searching_looks_into_texts_and_takes_any_letters(say: Say, three: MailServer) -> None:
    three.deliver(
        PHOTOS.replace("Content-Type: text/html; charset=iso-8859-1", "Content-Type: text/plain; charset=latin-1")
    )
    assert say("search", text="boiler repaired")[1]["total"] == 1
    assert say("search", text="Grüße")[1]["total"] == 1
    assert say("search", text="boiler", since="2027-01-01")[0] == "No mail says 'boiler'."
    assert say("search", text='") DELETE "x')[1] == {"mails": []}


def test_folders_are_named_with_their_counts_in_any_language(say: Say, three: MailServer) -> None:
    with three.imap() as box:
        box.create('"K&APw-che"')
    assert say("folders")[0].startswith("Inbox 3 (3 unread), Drafts 0, Küche 0")
    assert say("move", email="boiler", folder="küche")[0] == "Moved to küche: Boiler from Tom Weber."
    assert say("list", folder="Küche")[1]["mails"][0]["subject"] == "Boiler"
    assert say("list", folder="nowhere")[0].startswith("!There is no mail folder called 'nowhere'; there are INBOX")


def test_attachments_are_listed_and_saved_where_it_is_allowed(say: Say, server: MailServer, tmp_path: Path) -> None:
    server.deliver(PHOTOS)
    assert say("attachments", email="latest")[0] == "Grüße has 1 attachment: rome.png (1 kB)."
    assert say("save_attachment", email="latest")[0].startswith("!I may not save files yet")
    place = tmp_path / "files"
    place.mkdir()
    (place / "rome.png").write_text("mine")
    given = {"folder": [str(place)]}
    assert say("save_attachment", email="latest", id="s1", settings=given)[0] == f"Saved rome (2).png in {place}."
    assert (place / "rome (2).png").read_bytes().startswith(b"\x89PNG")
    assert (place / "rome.png").read_text() == "mine"
    say("undo", call="s1", settings=given)
    assert not (place / "rome (2).png").exists()


def test_triage_tells_questions_of_people_from_news_and_newsletters(say: Say, three: MailServer) -> None:
    text, data = say("triage")
    assert text == "1 mail wants an answer. Ruth Lang: Lunch on Friday. 1 to read, 1 from lists and machines."
    assert data["answer"][0]["reasons"] == ["it is to you", "it asks a question"]
    three.deliver(LUNCH.replace("\nShall", "\nYes.\n\n> Shall").replace("<lunch@", "<lunch2@"), flags="\\Answered")
    assert len(say("triage")[1]["answer"]) == 1


def test_archiving_and_trash_are_taken_back_and_done_again(say: Say, three: MailServer) -> None:
    assert say("archive", email="boiler", id="a1")[0] == "Archived: Boiler from Tom Weber."
    assert three.mails("Archive") == [("Boiler", "")]
    assert say("undo", call="a1", id="u1")[0] == "Undone: Archived: Boiler from Tom Weber."
    assert three.mails("Archive") == []
    assert ("Boiler", "") in three.mails("INBOX")
    assert say("undo", call="u1", id="u2")[0].startswith("Undone:")
    assert three.mails("Archive") == [("Boiler", "")]
    say("trash", email="lunch", id="t1")
    assert [subject for subject, _ in three.mails("Trash")] == ["Lunch on Friday"]
    say("undo", call="t1")
    assert three.mails("Trash") == []


def test_an_undo_of_what_was_moved_on_since_says_so(say: Say, three: MailServer) -> None:
    say("archive", email="boiler", id="a1")
    with three.imap() as box:
        box.select("Archive")
        box.store("1", "+FLAGS", "\\Deleted")
        box.expunge()
    assert say("undo", call="a1")[0] == "!Boiler is no longer in Archive, so I left all as it is."


def test_a_call_that_is_made_again_after_a_crash_finds_the_mail_moved(say: Say, three: MailServer) -> None:
    db = service._opened().db
    db.execute("CREATE TEMP TRIGGER lost BEFORE INSERT ON kit_call BEGIN SELECT RAISE(ABORT, 'killed'); END")
    killed = [True]

    def keep_notes(_ctx: Any) -> None:
        """A process that is killed forgets nothing on its disk."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.kit.store.forget_notes", keep_notes)
        assert say("archive", email="boiler", id="a1")[0].startswith("!")
    db.execute("DROP TRIGGER lost")
    assert killed
    assert three.mails("Archive") == [("Boiler", "")]
    assert say("archive", email="boiler", id="a1")[0] == "Archived: Boiler from Tom Weber."
    assert three.mails("Archive") == [("Boiler", "")]
    say("undo", call="a1")
    assert ("Boiler", "") in three.mails("INBOX")


def test_marks_are_set_and_taken_back_as_they_were(say: Say, three: MailServer) -> None:
    say("mark", email="lunch", state="flagged", id="m1")
    assert ("Lunch on Friday", "\\Flagged") in three.mails("INBOX")
    say("mark", email="lunch", state="flagged", id="m2")
    say("undo", call="m2")
    assert ("Lunch on Friday", "\\Flagged") in three.mails("INBOX")
    say("mark", email="boiler", state="read")
    assert say("mark_all_read", id="r1")[0] == "Marked 2 mails as read."
    say("undo", call="r1")
    assert say("unread")[1]["unread"] == 2


def test_a_preview_touches_nothing(say: Say, three: MailServer) -> None:
    before = three.mails("INBOX")
    assert say("archive", email="boiler", preview=True)[0] == "Archived: Boiler from Tom Weber."
    assert say("mark_all_read", preview=True)[1] == {"marked": 3}
    assert say("send", address="bob@example.com", text="hi", preview=True)[0].startswith(
        "Would send to bob@example.com"
    )
    assert say("draft", address="bob@example.com", text="hi", preview=True)[0].startswith("Drafted")
    assert three.mails("INBOX") == before
    assert three.outgoing == []
    assert three.mails("Drafts") == []
