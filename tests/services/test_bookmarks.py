"""The bookmarks service, through its door in process, with pages on the loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.bookmarks.netscape import Mark, as_tags, read_file, write_file
from services.bookmarks.server import service
from services.kit.transport import Transport
from tests.services.website import Answer, Website, straight, website

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE = "2026-03-04T09:00:00+01:00"
BROWSER = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<TITLE>Bookmarks</TITLE><H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Bookmarks bar</H3>
    <DL><p>
        <DT><A HREF="https://example.org/a?x=1&amp;y=2" ADD_DATE="1700000000" ICON="data:x">Fish &amp; chips</A>
        <DT><H3>Recipes</H3>
        <DL><p>
            <DT><A HREF="https://example.org/b" TAGS="Bread,baking">Loaf</A>
            <DT><A HREF="javascript:alert(1)">Trick</A>
        </DL><p>
    </DL><p>
    <DT><A HREF="https://example.org/c"></A>
</DL><p>"""


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        site.pages["/bread"] = Answer(b"<title>Our\x1b[1m bread</title>", headers={"Content-Type": "text/html"})
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)
    via = Transport(straight)
    monkeypatch.setattr("services.kit.web.transport", lambda: via)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NINE, **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": "Europe/Paris"}
        result = service.answer(tool, given, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    via.close()
    service._opened().db.close()


def test_a_page_is_kept_under_its_own_title(say: Say, site: Website) -> None:
    text, data = say("add", url=site.url("/bread"), tags=["#Baking", "baking ", "Sunday"], note="the good one")
    assert text == "Bookmarked Our bread, tagged baking and sunday."
    assert (data["url"], data["tags"], data["note"]) == (site.url("/bread"), ["baking", "sunday"], "the good one")
    assert data["muos/names"] == {"bookmark": ["Our bread"]}


def test_without_the_network_the_address_is_kept_all_the_same(say: Say) -> None:
    with website() as gone:
        url = gone.url("/x.html")
    assert say("add", url=url)[0] == f"Bookmarked {url}. I could not read its title now."
    assert say("add", url="example.org/x", title="Mine")[1]["url"] == "https://example.org/x"


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_page_that_fails_is_kept_all_the_same(say: Say, site: Website, status: int) -> None:
    site.pages["/bread"] = Answer(b"<title>Error</title>", status)
    assert say("add", url=site.url("/bread"))[1]["title"] == site.url("/bread")


@pytest.mark.parametrize("url", ["bread", "javascript:alert(1)", "file:///etc/passwd", "a b.org", "https://[x.y"])
def test_what_is_no_address_is_refused(say: Say, url: str) -> None:
    assert say("add", url=url)[0].endswith("is no address of a web page.")


def test_an_address_is_kept_once(say: Say, site: Website) -> None:
    say("add", url=site.url("/bread"))
    assert "already" in say("add", url=site.url("/bread"))[0]
    assert say("add", member="anna", url=site.url("/bread"))[0] == "Bookmarked Our bread."


def test_bookmarks_are_found_by_tag_word_and_address(say: Say) -> None:
    say("add", url="https://example.org/a", title="Chairs", tags=["wish list"])
    say("add", url="https://example.org/b", title="Bees", note="for the garden", now="2026-03-05T09:00:00+01:00")
    assert [row["title"] for row in say("list")[1]["bookmarks"]] == ["Bees", "Chairs"]
    assert say("list", tag="Wish List")[1]["found"] == 1
    assert say("list", tag="none")[0] == "You have no bookmarks tagged none."
    assert say("search", words="GARDEN")[1]["bookmarks"][0]["title"] == "Bees"
    assert say("search", words="example.org wish")[1]["bookmarks"][0]["title"] == "Chairs"
    assert say("show", bookmark="https://example.org/a/")[0] == "Chairs: https://example.org/a It is tagged wish list."
    assert say("show", bookmark="bee")[0] == "Bees: https://example.org/b for the garden"


def test_members_see_their_own_only(say: Say) -> None:
    say("add", member="anna", url="https://example.org/a", title="Secret")
    assert say("list", member="bob")[0] == "You have no bookmarks."
    assert say("show", member="bob", bookmark="Secret")[0] == "!You have no bookmarks yet."
    assert say("search", member="bob", words="secret")[1]["found"] == 0


def test_everything_can_be_undone(say: Say) -> None:
    say("add", call_id="a", url="https://example.org/a", title="One", tags=["x"])
    say("rename", call_id="r", bookmark="One", title="Two")
    say("undo", call="r")
    assert say("show", bookmark="One")[1]["title"] == "One"
    say("tag", call_id="t", bookmark="One", tags=["Y"])
    assert say("show", bookmark="One")[1]["tags"] == ["x", "y"]
    say("undo", call="t")
    assert say("delete", call_id="d", bookmark="One")[0] == "Deleted the bookmark One."
    say("undo", call="d")
    assert say("show", bookmark="One")[1]["tags"] == ["x"]
    say("undo", call="a")
    assert say("list")[1]["found"] == 0


def test_a_browsers_file_is_taken_over_with_folders_as_tags(say: Say) -> None:
    assert read_file(BROWSER) == [
        Mark("https://example.org/a?x=1&y=2", "Fish & chips", (), 1_700_000_000),
        Mark("https://example.org/b", "Loaf", ("bread", "baking", "recipes"), 0),
        Mark("https://example.org/c", "https://example.org/c", (), 0),
    ]
    assert say("import", call_id="i", html=BROWSER)[0] == "Took over 3 bookmarks."
    assert say("import", html=BROWSER)[0] == "!You have all of these already."
    assert say("import", html="<p>Hello")[0] == "!There is no bookmark in that file."
    exported = say("export")[1]["html"]
    assert {mark.url for mark in read_file(exported)} == {mark.url for mark in read_file(BROWSER)}
    say("undo", call="i")
    assert say("export")[0] == "!You have no bookmarks yet."


@pytest.mark.parametrize("broken", ["<a ", "<a href='", "<h3>", "</dl>", '<a href="https://x.org/">', "<A x=y"])
def test_a_broken_file_breaks_nothing(broken: str) -> None:
    assert len(read_file(broken * 100_000)) <= 1


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=10), max_size=3))
def test_what_is_written_is_read_again(title: str, tags: list[str]) -> None:
    plain = as_tags(",".join(tags).split(","))
    [mark] = read_file(write_file([Mark("https://example.org/?a=1&b='2'", title, plain, 5)]))
    assert (mark.url, mark.tags, mark.added) == ("https://example.org/?a=1&b='2'", plain, 5)
