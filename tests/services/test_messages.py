"""The messages service, through its door in process: who is told what, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.messages.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
SETTINGS = {"members": "Anna, Bob, Cleo", "rooms": "kitchen"}


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(
        tool: str,
        member: str = "Anna",
        *,
        id: str = "",  # noqa: A002 - a call's id
        room: str = "home",
        now: str = "2026-03-04T09:00:00+01:00",
        settings: dict[str, str] = SETTINGS,
        **arguments: Any,
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": id, "muos/member": member, "muos/now": now, "muos/room": room, "muos/settings": settings}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


def alerts(say: Say) -> list[tuple[str, str, str]]:
    """Who is told what, and in which room."""
    return [(row["member"], row["text"], row["room"]) for row in say("due", "muos")[1]["alerts"]]


def test_a_message_reaches_its_reader_and_nobody_else(say: Say) -> None:
    assert say("send", "Anna", to="bob", text="dinner is ready")[0] == "Sent to Bob: dinner is ready"
    for other in ("Cleo", "bobby", "muos"):
        assert say("new", other)[0] == "You have no new messages."
        assert "dinner" not in say("search", other, text="dinner")[0].replace("'dinner'", "")
        assert "dinner" not in say("conversation", other, person="Anna")[0]
    assert say("new", "Bob")[0] == "1 new message. Anna, today at 9 am: dinner is ready."
    assert say("new", "Bob")[0] == "You have no new messages."


def test_only_the_one_it_is_for_is_told_and_not_what_it_says(say: Say) -> None:
    say("send", "Anna", to="Bob", text="the present is hidden in the shed")
    assert alerts(say) == [("Bob", "Anna sent you a message.", "home")]
    assert alerts(say) == []


def test_what_is_left_in_a_room_is_read_there_only_and_told_to_those_who_were_there(say: Say) -> None:
    say("join", "Bob", room="kitchen")
    assert (
        say("send", "Anna", to="the kitchen", text="the soup is for all")[0]
        == "Sent to the kitchen: the soup is for all"
    )
    assert alerts(say) == [("Bob", "Anna in the kitchen: the soup is for all", "kitchen")]
    assert say("new", "Cleo")[0] == "You have no new messages."
    assert "the soup" in say("new", "Cleo", room="kitchen")[0]
    assert say("conversation", "Cleo", person="kitchen")[0].startswith("!What is written in the kitchen")


def test_everyone_at_home_but_the_sender_is_told(say: Say) -> None:
    say("send", "Anna", to="everyone", text="we leave in ten minutes")
    assert {member for member, _, _ in alerts(say)} == {"Bob", "Cleo"}


def test_nobody_unknown_is_written_to_and_those_known_are_named(say: Say) -> None:
    text, _ = say("send", to="Zed", text="hello")
    assert text.startswith("!I know nobody called 'Zed' in this home. I know Bob, Cleo, the kitchen and everyone.")
    say("join", "Zed")
    assert say("send", to="zed", text="hello")[0] == "Sent to Zed: hello"


def test_a_name_in_the_settings_is_the_member_who_is_called_so(say: Say) -> None:
    say("send", to="Bob", text="before he was seen")
    assert "before he was seen" in say("new", "bob")[0]
    say("send", to="Bob", text="and after")
    assert "and after" in say("new", "bob")[0]


def test_sending_is_taken_back_until_it_was_read(say: Say) -> None:
    say("send", "Anna", id="s1", to="Bob", text="never mind")
    alerts(say)
    assert say("undo", "Anna", call="s1")[0] == "Undone: Sent to Bob: never mind"
    assert say("new", "Bob")[0] == "You have no new messages."
    say("send", "Anna", id="s2", to="Bob", text="too late")
    say("new", "Bob")
    assert say("undo", "Anna", call="s2")[0].startswith("!Bob read it already")
    assert say("receipts", "Anna", to="Bob")[0] == "Bob has read it: too late"


def test_what_a_room_was_told_is_not_taken_back_but_can_be_deleted(say: Say) -> None:
    say("send", "Anna", id="s1", to="everyone", text="dinner")
    alerts(say)
    assert say("undo", "Anna", call="s1")[0].startswith("!It was told to the others already")
    assert say("delete", "Anna", id="d1", message="dinner")[0] == "Deleted your message: dinner"
    assert say("new", "Bob")[0] == "You have no new messages."
    say("undo", "Anna", call="d1")
    assert "dinner" in say("new", "Bob")[0]


def test_reading_is_taken_back(say: Say) -> None:
    say("send", to="Bob", text="hello")
    say("new", "Bob", id="r1")
    say("undo", "Bob", call="r1")
    assert "hello" in say("new", "Bob")[0]


def test_a_reply_goes_to_who_was_read_last(say: Say) -> None:
    say("send", "Cleo", to="Bob", text="first")
    say("send", "Anna", to="Bob", text="second")
    assert say("reply", "Bob", text="yes")[0].startswith("!You have read no message yet")
    say("new", "Bob")
    assert say("reply", "Bob", text="yes")[0] == "Sent to Anna: yes"
    assert say("reply", "Bob", text="no", to="Cleo")[0] == "Sent to Cleo: no"
    said = say("conversation", "Anna", person="Bob")[0]
    assert said == "you, today at 9 am: second. Bob, today at 9 am: yes."


def test_a_reply_in_a_room_stays_in_the_room(say: Say) -> None:
    say("send", "Cleo", to="kitchen", text="who ate the cake?")
    say("new", "Bob", room="kitchen")
    assert say("reply", "Bob", room="kitchen", text="not me")[0] == "Sent to the kitchen: not me"


def test_received_messages_are_deleted_for_oneself_only(say: Say) -> None:
    say("send", "Anna", to="everyone", text="hello all")
    say("new", "Bob")
    assert say("delete", "Bob", id="d1", message="hello")[0] == "Deleted the message from Anna for you: hello all"
    assert "hello" not in say("conversation", "Bob", person="everyone")[0]
    assert "hello all" in say("new", "Cleo")[0]
    assert say("delete", "Cleo", message="m99")[0].startswith("!I find no message")


def test_many_messages_are_read_in_portions_and_none_is_lost(say: Say) -> None:
    for number in range(20):
        say("send", to="Bob", text=f"number {number}")
    first, second, third = (say("new", "Bob")[1] for _ in range(3))
    assert [first["left"], second["left"], third["left"]] == [12, 4, 0]
    read = [row["text"] for part in (first, second, third) for row in part["messages"]]
    assert read == [f"number {number}" for number in range(20)]


def test_marking_as_read_is_one_step_and_is_taken_back_as_one(say: Say) -> None:
    say("send", "Anna", to="Bob", text="one")
    say("send", "Cleo", to="Bob", text="two")
    assert say("mark_read", "Bob", sender="Anna")[1] == {"marked": 1}
    assert say("mark_read", "Bob", id="m1")[0] == "Marked 1 message as read."
    say("undo", "Bob", call="m1")
    assert say("new", "Bob")[1]["left"] == 0


def test_searching_finds_words_in_what_was_sent_or_read(say: Say) -> None:
    say("send", "Anna", to="Bob", text="The WIFI password is Straße7")
    assert "password" in say("search", "Anna", text="wifi PASSWORD")[0]
    assert (
        say("search", "Bob", text="wifi")[0]
        == "No message that you know says 'wifi'. 1 unread message not looked through."
    )
    say("new", "Bob")
    assert say("search", "Bob", text="strasse7", person="Anna")[1]["messages"][0]["from"] == "Anna"
    assert say("search", "Bob", text="%")[1]["messages"] == []


def test_an_announcement_is_told_to_all_stays_up_and_comes_down(say: Say) -> None:
    said = say("announce", text="the lift is broken", until="2026-03-08T00:00:00+01:00")[0]
    assert said == "Announced to everyone until Sunday 8 March at midnight: the lift is broken"
    assert {(who, text) for who, text, _ in alerts(say)} == {
        ("Bob", "Announcement from Anna: the lift is broken"),
        ("Cleo", "Announcement from Anna: the lift is broken"),
    }
    assert "the lift is broken" in say("announcements", "Bob")[0]
    assert say("unpin", "Bob", announcement="lift")[0].startswith("!You have no announcement up. Only who")
    assert say("announcements", "Bob", now="2026-03-09T00:00:00+01:00")[0] == "Nothing is announced."
    assert say("unpin", "Anna", id="u1", announcement="lift")[0] == "Took down: the lift is broken"
    say("undo", "Anna", call="u1")
    assert "the lift is broken" in say("announcements", "Cleo")[0]
    assert alerts(say) == []


def test_a_second_send_under_the_same_id_is_the_same_message(say: Say) -> None:
    say("send", id="s1", to="Bob", text="once")
    say("send", id="s1", to="Bob", text="once")
    assert len(say("new", "Bob")[1]["messages"]) == 1


def test_codes_and_line_breaks_do_not_get_through(say: Say) -> None:
    say("send", to="Bob", text="red \x1b[31malert\nFrom: nobody")
    assert "\x1b" not in say("new", "Bob")[0]
    assert say("send", to="Bob", text=" \n ")[0].startswith("!What shall the message say")


def test_the_hub_is_told_at_once_that_someone_waits(say: Say) -> None:
    meta = {
        "muos/call": "s1",
        "muos/member": "Anna",
        "muos/now": "2026-03-04T09:00:00+01:00",
        "muos/settings": SETTINGS,
    }
    result = service.answer("send", {"to": "Bob", "text": "hello"}, meta)
    assert result.meta is not None
    assert result.meta["muos/due"].startswith("2026-03-04T08:00:00")
    assert result.meta["muos/names"] == {"member": ["Anna", "Bob", "Cleo", "kitchen", "everyone"]}
    assert result.meta["muos/names_shared"] is True
