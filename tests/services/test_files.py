"""The files service on real folders: what it reaches, what it refuses, and what comes back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.files import contents, roots
from services.files.server import service
from services.kit import store

Say = Callable[..., tuple[str, dict[str, Any]]]
NOW = "2026-03-04T09:00:00+01:00"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """An open folder beside one that is closed."""
    folder = tmp_path / "docs"
    (folder / "archive").mkdir(parents=True)
    (folder / "todo.txt").write_text("oil the gate\n")
    (folder / "letter.md").write_text("Dear neighbours, the boiler is mended.\n")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "diary.txt").write_text("private boiler thoughts\n")
    return folder


@pytest.fixture
def say(tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "home" / "services" / "files"))
    monkeypatch.setattr(service, "_store", None)

    def say(
        tool: str, call_id: str = "", preview: bool = False, folders: list[str] | None = None, **given: Any
    ) -> tuple[str, dict[str, Any]]:
        settings = {"folders": [str(docs)] if folders is None else folders}
        meta = {"muos/call": call_id, "muos/now": NOW, "muos/zone": "Europe/Paris", "muos/preview": preview}
        result = service.answer(tool, given, {**meta, "muos/settings": settings})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    service._opened().db.close()


def test_files_are_found_by_name_and_by_text(say: Say, docs: Path) -> None:
    (docs / "archive" / "Müller_Invoice-2025.txt").write_text("for repairing boilers")
    assert say("search", query="the boiler")[1]["files"][0]["path"].endswith("letter.md")
    assert say("search", query="muller invoice")[0] == "1 file: archive/Müller_Invoice-2025.txt."
    assert say("search", query="boiler", folder="archive")[0] == "1 file: archive/Müller_Invoice-2025.txt."
    (docs / "letter.md").write_text("Dear neighbours, the stove is mended, once more.\n")
    (docs / "archive" / "Müller_Invoice-2025.txt").unlink()
    assert say("search", query="boiler")[0] == "I find no file about 'boiler'."
    assert say("search", query="stove")[0] == "1 file: letter.md."


def test_a_broken_index_is_made_anew(say: Say, tmp_path: Path) -> None:
    say("search", query="boiler")
    (tmp_path / "home" / "services" / "files" / "index.sqlite").write_bytes(b"no database at all" * 100)
    assert say("search", query="boiler")[0] == "1 file: letter.md."


def test_what_took_too_long_to_read_is_read_at_the_next_search(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "REFRESH_SECONDS", -1.0)
    text, data = say("search", query="gate")
    assert "ask again" in text
    assert data["complete"] is False
    monkeypatch.setattr(contents, "REFRESH_SECONDS", 10.0)
    assert say("search", query="gate")[1]["complete"] is True


def test_nothing_outside_the_open_folders_is_reached(say: Say, docs: Path, tmp_path: Path) -> None:
    outside = tmp_path / "closed" / "diary.txt"
    (docs / "link.txt").symlink_to(outside)
    (docs / "door").symlink_to(tmp_path / "closed")
    for said in (
        str(outside),
        "../closed/diary.txt",
        "link.txt",
        "door/diary.txt",
        "archive/../../closed/diary.txt",
        "diary.txt",
    ):
        assert say("read", file=said)[0].startswith("!"), said
        assert say("trash", file=said)[0].startswith("!"), said
        assert say("append", file=said, text="x")[0].startswith("!"), said
        assert say("move", file=said, to="archive")[0].startswith("!"), said
        assert say("copy", file=said, to="mine.txt")[0].startswith("!"), said
    for said in (
        "../closed/new.txt",
        str(tmp_path / "closed" / "new.txt"),
        "door/new.txt",
        "link.txt",
        "a\0b",
        "..",
    ):
        assert say("write", file=said, text="x")[0].startswith("!"), said
        assert say("move", file="todo.txt", to=said)[0].startswith("!"), said
    assert say("list", folder="door")[0].startswith("!")
    assert say("list", folder="..")[0].startswith("!")
    assert say("search", query="private thoughts")[1]["files"] == []
    assert sorted(each.name for each in (tmp_path / "closed").iterdir()) == ["diary.txt"]


def test_without_an_open_folder_nothing_is_reached(say: Say, tmp_path: Path) -> None:
    assert say("read", file=str(tmp_path / "closed" / "diary.txt"), folders=[])[0].startswith("!No folder of yours")
    assert say("list", folders=[str(tmp_path / "gone")])[0].endswith("is not there.")


def test_the_home_of_muos_is_closed_even_within_an_open_folder(say: Say, tmp_path: Path) -> None:
    secret = tmp_path / "home" / "hub.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("keys of the boiler")
    everything = [str(tmp_path)]
    assert say("read", file=str(secret), folders=everything)[0].startswith("!")
    assert say("read", file="hub.txt", folders=everything)[0].startswith("!")
    assert not any("hub" in row["path"] for row in say("search", query="keys boiler", folders=everything)[1]["files"])
    assert say("list", folder="home", folders=everything)[0].startswith("!")


def test_devices_pipes_and_other_data_are_not_read(say: Say, docs: Path) -> None:
    os.mkfifo(docs / "pipe.txt")
    (docs / "photo.jpg").write_bytes(b"\xff\xd8\xff\0\x10JFIF")
    assert say("read", file="pipe.txt")[0].startswith("!")
    assert say("read", file="photo.jpg")[0] == "!photo.jpg is no plain text, so I can't read it."
    assert say("append", file="photo.jpg", text="x")[0].startswith("!")
    assert say("search", query="photo")[0] == "1 file: photo.jpg."
    assert say("read", file="archive")[0].startswith("!")


def test_a_huge_file_is_read_in_parts_and_not_changed(say: Say, docs: Path) -> None:
    (docs / "huge.txt").write_text("line\n" * 600_000)
    text, data = say("read", file="huge.txt", part=125)
    assert (data["parts"], data["cut"]) == (125, True)
    assert "longer than I read" in text
    assert say("read", file="huge.txt", part=126)[0].startswith("!huge.txt has only 125 parts")
    assert say("append", file="huge.txt", text="x")[0] == "!huge.txt is too large for me to change."
    assert say("write", file="huge.txt", text="x")[0] == "!huge.txt is too large for me to change."
    assert say("trash", file="huge.txt")[0] == "huge.txt is in the trash."


def test_names_in_other_encodings_are_shown_moved_and_brought_back(say: Say, docs: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(docs) + b"/caf\xe9 menu.txt"))
    odd.write_text("soup")
    assert "caf\ufffd menu.txt" in say("list", folder=str(docs))[0]
    assert "1 file" in say("search", query="soup")[0]
    say("trash", file="menu", call_id="t1")
    assert not odd.exists()
    assert say("undo", call="t1")[0].startswith("Undone")
    assert odd.read_text() == "soup"


def test_writing_appending_and_their_undo(say: Say, docs: Path) -> None:
    assert say("write", file="plan", text="buy seeds", call_id="w1")[0] == "Wrote plan.txt."
    assert say("write", file="plan.txt", text="sell seeds", call_id="w2")[0] == "Replaced what was in plan.txt."
    (docs / "plan.txt").chmod(0o600)
    assert say("append", file="plan.txt", text="and tools", call_id="a1")[0] == "Added that to plan.txt."
    assert (docs / "plan.txt").read_text() == "sell seeds\nand tools\n"
    assert (docs / "plan.txt").stat().st_mode & 0o777 == 0o600
    say("undo", call="a1")
    say("undo", call="w2")
    assert (docs / "plan.txt").read_text() == "buy seeds"
    (docs / "plan.txt").write_text("changed by hand")
    assert say("undo", call="w1")[0] == "!'plan.txt' was changed since, so I left it as it is."
    assert say("write", file="sub/new.txt", text="x", folder="archive")[0] == "Wrote archive/sub/new.txt."
    assert list(docs.rglob("*part*")) == []


def test_moving_copying_and_their_undo(say: Say, docs: Path) -> None:
    assert say("move", file="letter.md", to="archive", call_id="m1")[0] == "letter.md is now archive/letter.md."
    assert say("move", file="letter.md", to="application", call_id="m2")[1]["to"].endswith("archive/application.md")
    assert say("undo", call="m1")[0].startswith("!'letter.md' is no longer where it was put")
    say("undo", call="m2", call_id="u2")
    say("undo", call="m1")
    assert (docs / "letter.md").is_file()
    say("copy", file="archive", to="backup", call_id="c1")
    assert (docs / "backup").is_dir()
    say("undo", call="c1", call_id="u1")
    assert not (docs / "backup").exists()
    say("undo", call="u1")
    assert (docs / "backup").is_dir()
    assert say("copy", file="todo.txt", to="letter.md")[0] == "!There is something called 'letter.md' there already."
    assert say("move", file="archive", to="archive/inner")[0].startswith("!A folder can't be moved into itself")
    assert say("trash", file=str(docs))[0].startswith("!")


def test_an_undo_leaves_alone_what_took_the_old_place(say: Say, docs: Path) -> None:
    say("move", file="todo.txt", to="archive", call_id="m1")
    (docs / "todo.txt").write_text("new")
    assert say("undo", call="m1")[0] == "!There is something else called 'todo.txt' in the old place now."
    assert (docs / "todo.txt").read_text() == "new"


def test_the_trash_gives_back_until_it_is_emptied(say: Say, docs: Path) -> None:
    say("trash", file="todo.txt", call_id="t1")
    assert say("read", file="todo.txt")[0].startswith("!")
    assert say("search", query="gate")[1]["files"] == []
    assert say("restore", file="todo.txt")[0] == "todo.txt is back."
    say("trash", file="todo.txt", call_id="t2")
    say("empty_trash", preview=True)
    assert (docs / ".trash").is_dir()
    assert say("empty_trash")[0] == "Removed 1 thing for good."
    assert say("restore", file="todo.txt")[0].startswith("!I find no")
    assert say("undo", call="t2")[0].startswith("!")


def test_a_preview_touches_no_file(say: Say, docs: Path) -> None:
    for tool, given in (
        ("trash", {}),
        ("move", {"to": "archive"}),
        ("copy", {"to": "x.txt"}),
        ("append", {"text": "x"}),
    ):
        assert not say(tool, preview=True, file="todo.txt", **given)[0].startswith("!")
    assert (docs / "todo.txt").read_text() == "oil the gate\n"
    assert not (docs / ".trash").exists()


def test_what_was_committed_before_a_crash_is_finished_at_the_next_start(
    say: Say, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        """Nothing after this happens."""

    def crash(*_: object) -> None:
        raise Crash

    for tool, given in (("move", {"to": "archive"}), ("append", {"text": "more"})):
        with monkeypatch.context() as broken:
            broken.setattr(store, "finish_moves", crash)
            broken.setattr(store, "put_file", crash)
            with pytest.raises(Crash):
                say(tool, call_id=f"{tool}1", file="todo.txt", **given)
        service._opened().db.close()
        monkeypatch.setattr(service, "_store", None)
        assert not say(tool, call_id=f"{tool}1", file="todo.txt", **given)[0].startswith("!")
    assert (docs / "archive" / "todo.txt").read_text() == "oil the gate\nmore\n"
    assert not (docs / "todo.txt").exists()


def test_a_folder_that_can_not_be_written_to_stops_nothing_else(
    say: Say, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("services.kit.outside.copy_over", full)
        broken.setattr("services.kit.store.put_file", full)
        assert say("copy", file="todo.txt", to="copy.txt")[0].startswith("!todo.txt could not be put there: No space")
        assert say("write", file="new.txt", text="x")[0].startswith("!new.txt could not be written: No space")
    service._opened().db.close()
    monkeypatch.setattr(service, "_store", None)
    assert say("read", file="todo.txt")[0] == "oil the gate"
    assert say("write", file="new.txt", text="x")[0] == "Wrote new.txt."


def test_files_go_from_one_disk_to_another(say: Say, docs: Path, tmp_path: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    far = other / f"muos-test-{os.getpid()}"
    far.mkdir()
    try:
        both = [str(docs), str(far)]
        say("move", file="todo.txt", to=str(far), folders=both, call_id="m1")
        assert (far / "todo.txt").read_text() == "oil the gate\n"
        say("undo", call="m1", folders=both)
        assert (docs / "todo.txt").read_text() == "oil the gate\n"
        assert list(far.iterdir()) == []
    finally:
        shutil.rmtree(far)


def test_of_two_files_alike_none_is_chosen(say: Say, docs: Path) -> None:
    (docs / "archive" / "todo.txt").write_text("old")
    (docs / "todo-list.txt").write_text("x")
    assert say("read", file="the todo file")[0].startswith("!Which file do you mean: ")
    assert say("read", file="archive/todo.txt")[0] == "old"


def test_lists_and_details_say_what_is_there(say: Say, docs: Path) -> None:
    os.utime(docs / "todo.txt", (1_772_600_000, 1_772_600_000))
    os.utime(docs / "letter.md", (1_772_500_000, 1_772_500_000))
    assert say("list")[0] == "In docs: archive/, letter.md and todo.txt.".replace("docs", str(docs))
    assert say("recent")[1]["files"][0]["path"].endswith("todo.txt")
    assert say("info", file="todo.txt")[0] == "todo.txt: 13 bytes, changed today at 5:53 am."
    assert "a folder with 0 files" in say("info", file="archive")[0]


def test_the_walk_is_bounded(say: Say, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        (docs / f"n{number}.txt").write_text("x")
    monkeypatch.setattr(roots, "WALK_LIMIT", 10)
    assert len(say("recent", number=100)[1]["files"]) == 10
