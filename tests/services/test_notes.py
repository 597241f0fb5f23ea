"""The notes service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.notes.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(tool: str, id: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002 - a call's id
        meta = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


CABIN = "the cabin wifi password is heron-42"


@pytest.mark.parametrize(
    "query",
    [
        "what's the wifi password at the cabin?",
        "cabin wi-fi password",
        "the wifi password at the cabin",
        "heron-42",
        "heron 42",
    ],
)
def test_a_question_is_answered_by_the_note_that_fits(say: Say, query: str) -> None:
    say("add", text="the office alarm code is 9911")
    say("add", text=CABIN)
    say("add", text="the password hint of the bank is our first cat")
    assert "heron-42" in say("find", query=query)[0]


def test_what_no_note_says_is_not_made_up(say: Say) -> None:
    say("add", text=CABIN)
    assert say("find", query="where are my passports?")[0] == "!I find no note about passports."
    assert say("find", query="what's the password of the bank account?")[0].startswith("!")


def test_a_half_fitting_note_is_only_offered_as_the_nearest(say: Say) -> None:
    say("add", text="the door code is 4711")
    assert say("find", query="boiler code")[0] == "No note says quite that; the nearest is: the door code is 4711."


def test_other_notes_that_fit_as_well_are_named(say: Say) -> None:
    say("add", title="Garden", text="beans in May")
    say("add", title="Garden shed", text="needs paint")
    text, data = say("find", query="what did I write about the garden?")
    assert "There is more in" in text
    assert {note["title"] for note in data["notes"]} == {"Garden", "Garden shed"}


def test_a_long_note_is_answered_with_the_line_that_fits(say: Say) -> None:
    lines = [f"On day {n} we walked a long way along the coast." for n in range(40)]
    say("add", title="Lisbon", text="\n".join([*lines, "The hotel is called Miradouro.", *lines]))
    assert say("find", query="name of the hotel in Lisbon")[0] == "Your note says: The hotel is called Miradouro."


def test_notes_are_markdown_files_of_the_member(say: Say, tmp_path: Path) -> None:
    say("add", title="Garden", text="beans in May")
    say("add", text=CABIN)
    assert (tmp_path / "owner" / "garden.md").read_text() == "# Garden\n\nbeans in May\n"
    assert (tmp_path / "owner" / "the-cabin-wifi-password-is-heron-42.md").read_text() == f"{CABIN}\n"


def test_a_file_changed_added_or_removed_by_hand_is_noticed(say: Say, tmp_path: Path) -> None:
    say("add", title="Garden", text="beans in May")
    file = tmp_path / "owner" / "garden.md"
    assert "May" in say("find", query="beans")[0]
    file.write_text("# Garden\n\nbeans in late June\n")
    assert "June" in say("find", query="beans")[0]
    (tmp_path / "owner" / "by hand.md").write_bytes(b"\xef\xbb\xbf# Bike\r\n\r\nLock code 1234 \xff\r\n")
    assert "1234" in say("find", query="bike lock code")[0]
    file.unlink()
    assert say("find", query="beans")[0].startswith("!")
    assert [note["title"] for note in say("list")[1]["notes"]] == ["Bike"]


def test_a_member_never_sees_or_touches_what_another_wrote(say: Say) -> None:
    say("add", member="anna", text=CABIN)
    assert say("find", member="bob", query="cabin wifi password")[0].startswith("!")
    assert say("list", member="bob")[0] == "You have no notes yet."
    assert say("delete_all", member="bob")[0].startswith("!")
    assert say("read", member="bob", note="the-cabin-wifi-password-is-heron-42")[0].startswith("!")
    assert "heron" in say("find", member="anna", query="cabin wifi password")[0]


@pytest.mark.parametrize("member", ["..", ".", "a/b", "../anna", "x\x00y"])
def test_no_name_of_a_member_leads_out_of_the_folder(say: Say, tmp_path: Path, member: str) -> None:
    say("add", member=member, text="hello there")
    assert all(path.parent.parent == tmp_path for path in tmp_path.rglob("*.md"))
    assert "hello" in say("find", member=member, query="hello")[0]


def test_a_note_grows_and_shrinks_by_undo(say: Say) -> None:
    say("add", title="Garden", text="beans in May")
    say("append", id="a1", note="garden note", text="order seed potatoes")
    assert say("read", note="garden")[1]["text"] == "beans in May\norder seed potatoes"
    assert not service.answer("undo", {"call": "a1"}, {"muos/call": "u1"}).is_error
    assert say("read", note="garden")[0] == "Garden: beans in May"


def test_a_deleted_note_comes_back_by_undo(say: Say) -> None:
    say("add", text=CABIN)
    assert say("delete", id="d1", note="the cabin")[0].startswith("Deleted")
    assert say("find", query="cabin wifi")[0].startswith("!")
    assert not service.answer("undo", {"call": "d1"}, {"muos/call": "u1"}).is_error
    assert "heron-42" in say("find", query="cabin wifi")[0]


def test_which_note_is_asked_where_several_fit(say: Say) -> None:
    say("add", title="Garden beans", text="May")
    say("add", title="Garden shed", text="paint")
    assert say("delete", note="garden")[0].startswith("!Which note do you mean")
    assert say("delete", note="the shed")[0] == 'Deleted the note "Garden shed".'


def test_two_notes_with_one_beginning_are_two_files(say: Say) -> None:
    say("add", text="call Anna")
    say("add", text="call Anna")
    assert say("list")[0] == "You have 2 notes: call Anna and call Anna."


def test_deleting_all_takes_all_of_mine(say: Say) -> None:
    say("add", text="one thing")
    say("add", text="another thing")
    say("add", member="anna", text="hers")
    assert say("delete_all")[0] == "Deleted all your notes: 2 notes."
    assert say("list")[0] == "You have no notes yet."
    assert "hers" in say("list", member="anna")[0]


def test_a_preview_writes_no_file(say: Say, tmp_path: Path) -> None:
    service.answer("add", {"text": CABIN}, {"muos/call": "p", "muos/preview": True})
    assert not list(tmp_path.rglob("*.md"))


def test_a_broken_index_is_made_anew(say: Say, tmp_path: Path) -> None:
    say("add", text=CABIN)
    (tmp_path / "index.sqlite").write_bytes(b"this is no database" * 100)
    assert "heron-42" in say("find", query="cabin wifi")[0]


@pytest.mark.parametrize("query", ['"', "* OR NEAR(", "what is it?", "💡", "-", "a" * 500, "title:x AND (", "ключ"])
def test_no_query_breaks_the_search(say: Say, query: str) -> None:
    say("add", text=CABIN)
    assert say("find", query=query)[0].startswith("!I find no note about")


def test_links_to_other_files_are_not_followed(say: Say, tmp_path: Path) -> None:
    say("add", text="mine")
    (tmp_path / "secret").write_text("launch codes")
    (tmp_path / "owner" / "link.md").symlink_to(tmp_path / "secret")
    assert say("find", query="launch codes")[0].startswith("!")


def test_titles_are_told_as_names(say: Say) -> None:
    result = service.answer("add", {"text": CABIN}, {"muos/call": "n1"})
    assert result.meta is not None
    assert result.meta["muos/names"] == {"note": [CABIN]}
