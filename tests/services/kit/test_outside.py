"""Effects outside a service's own tables: noted before, moved once, put back; and what is private is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.kit import Context, Refusal, Reply, Service
from services.kit.outside import before, copy_over, forget_old_notes, move_over

MANIFEST = """name = "lamp"
[run]
python = "server.py"
[rights]
write = ["setting:folders"]
[settings.folders]
kind = "folders"
"""


TABLES = "CREATE TABLE IF NOT EXISTS word(id INTEGER PRIMARY KEY AUTOINCREMENT, w TEXT);"


class World:
    """A lamp that no transaction covers, and a service for it."""

    def __init__(self, folder: Path) -> None:
        self.lit = False
        self.mirror: list[str] = []
        folder.mkdir()
        (folder / "service.toml").write_text(MANIFEST)
        self.service = Service(
            str(folder / "server.py"), "CREATE TABLE IF NOT EXISTS word(id INTEGER PRIMARY KEY, w TEXT);"
        )
        self.calls = 0
        self._declare()

    def _declare(self) -> None:
        @self.service.tool("reversible")
        def switch(ctx: Context, on: bool, fail: bool = False) -> Reply:
            """Switch."""
            before(ctx, ["lamp"], lambda: {"lit": self.lit})
            if not ctx.preview:
                self.lit = on
            if fail:
                raise Refusal("The lamp is broken.")
            return Reply("Switched.")

        @self.service.undoing
        def put_back(ctx: Context, was: Any) -> None:
            before(ctx, ["lamp"], lambda: {"lit": self.lit})
            self.lit = was["lit"]

        @self.service.tool("reversible", private=True)
        def tell(ctx: Context, word: str) -> Reply:
            """Take a secret."""
            ctx.db.execute("INSERT INTO word(w) VALUES('sealed')")
            if word == "slip":
                raise KeyError(word)
            return Reply(f"I heard {word}.", {"word": word})

        @self.service.tool("reversible")
        def move(ctx: Context, source: str, target: str, twice: bool = False) -> Reply:
            """Move a file."""
            if twice:
                ctx.copy_file(Path(source), Path(target), Path(target).parent / "bin")
            else:
                ctx.move_file(Path(source), Path(target))
            return Reply("Moved.")

        @self.service.mirrored
        def mirror(ctx: Context) -> None:
            self.mirror = [row["w"] for row in ctx.db.execute("SELECT w FROM word").fetchall()]

    def __call__(
        self, tool: str, call: str = "", folders: tuple[Path, ...] = (), preview: bool = False, **given: Any
    ) -> str:
        self.calls += 1
        meta = {"muos/call": call or f"c{self.calls}", "muos/preview": preview}
        result = self.service.answer(tool, given, {**meta, "muos/settings": {"folders": [str(f) for f in folders]}})
        return ("!" if result.is_error else "") + str(getattr(result.content[0], "text", ""))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "data"))
    world = World(tmp_path / "lamp")
    yield world
    world.service._opened().db.close()


def test_what_was_so_outside_is_put_back_and_again(world: World) -> None:
    world("switch", on=True, call="a")
    result = world.service.answer("undo", {"call": "a"}, {"muos/call": "u"})
    assert (world.lit, result.is_error) == (False, False)
    world.service.answer("undo", {"call": "u"}, {"muos/call": "r"})
    assert world.lit is True


def test_a_preview_and_a_refusal_leave_no_note(world: World, tmp_path: Path) -> None:
    world("switch", on=True, preview=True)
    assert world("switch", on=True, fail=True) == "!The lamp is broken."
    assert list((tmp_path / "data" / "outside").glob("*")) == []


def test_a_later_call_on_the_same_thing_stands_in_the_way_of_undo(world: World) -> None:
    world("switch", on=True, call="a")
    world("switch", on=False, call="b")
    result = world.service.answer("undo", {"call": "a"}, {"muos/call": "u"})
    assert "changed afterwards" in str(getattr(result.content[0], "text", ""))


def test_what_a_private_tool_was_told_is_kept_nowhere(
    world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert world("tell", word="xylophone", call="a") == "I heard xylophone."
    assert world("tell", word="xylophone", call="a") == "That was done before."
    assert "xylophone" not in world("tell", word=["xylophone"], more="xylophone")
    assert world("tell", word="slip") == "!lamp failed in tell: KeyError."
    assert world.service.declared["tell"].as_mcp().meta == {
        "muos/effect": "reversible",
        "muos/examples": [],
        "muos/undo": "undo",
        "muos/private": True,
    }
    assert "'slip'" not in capfd.readouterr().err
    for file in (tmp_path / "data").rglob("*"):
        assert not file.is_file() or b"xylophone" not in file.read_bytes(), file


def test_open_files_follow_each_write_and_its_undo(world: World) -> None:
    world("tell", word="a", call="a")
    assert world.mirror == ["sealed"]
    world.service.answer("undo", {"call": "a"}, {"muos/call": "u"})
    assert world.mirror == []


def test_files_are_moved_only_within_what_was_granted(world: World, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a").write_text("x")
    source, target = str(docs / "a"), str(docs / "b")
    assert "outside the folders" in world("move", source=source, target=target)
    assert world("move", folders=(docs,), source=source, target=target) == "Moved."
    assert (docs / "b").read_text() == "x"
    for here, there in ((docs / "b", tmp_path / "c"), (docs / ".." / "lamp", docs / "l")):
        assert "outside the folders" in world("move", folders=(docs,), source=str(here), target=str(there))


def test_nothing_is_moved_over_something_else(world: World, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a").write_text("a")
    (docs / "b").write_text("b")
    world("move", folders=(docs,), source=str(docs / "a"), target=str(docs / "b"))
    assert ((docs / "a").read_text(), (docs / "b").read_text()) == ("a", "b")


def test_folders_and_links_are_copied_whole(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("c")
    (tmp_path / "a" / "link").symlink_to("b/c")
    copy_over(tmp_path / "a", tmp_path / "d")
    assert (tmp_path / "d" / "link").is_symlink()
    assert (tmp_path / "d" / "link").read_text() == "c"
    move_over(tmp_path / "d", tmp_path / "e")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "e"]


def test_old_notes_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.json").write_text("{}")
    forget_old_notes(tmp_path)
    assert (tmp_path / "outside" / "x.json").is_file()
    monkeypatch.setattr("services.kit.outside.KEPT_SECONDS", -1)
    forget_old_notes(tmp_path)
    assert not (tmp_path / "outside" / "x.json").exists()
