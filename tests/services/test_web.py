"""The web service, through its door in process, against a site on the loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.kit.markup import MOST_SIGNS, plain_text, read_html
from services.kit.transport import Transport
from services.web.reading import PART_SIGNS, address, parts_of
from services.web.server import service
from tests.services.website import Answer, Website, straight, website

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE, TEN = "2026-03-04T09:00:00+01:00", "2026-03-04T10:00:00+01:00"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)
    via = Transport(straight)
    monkeypatch.setattr("services.kit.web.transport", lambda: via)

    def say(tool: str, now: str = NINE, search: str = "", **given: Any) -> tuple[str, dict[str, Any]]:
        meta = {"muos/now": now, "muos/zone": "Europe/Paris", "muos/settings": {"search": search} if search else {}}
        result = service.answer(tool, given, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield say
    via.close()
    service._opened().db.close()


def page(html: str) -> Answer:
    return Answer(html.encode(), headers=HTML)


def test_a_page_is_read_without_its_furniture(say: Say, site: Website) -> None:
    site.pages["/a"] = page(
        "<title>Bread &amp; butter</title><script>alert('<p>no</p>')</script><nav><a href=/>Home</a></nav>"
        "<p>Flour, water, salt.<p>Time.<footer>Imprint</footer><style>p{}</style><!-- <p>hidden</p> -->"
    )
    text, data = say("read", url=site.url("/a"))
    assert text == "Bread & butter (from 127.0.0.1):\n\nFlour, water, salt.\n\nTime."
    assert (data["title"], data["words"], data["parts"]) == ("Bread & butter", 4, 1)


def test_an_article_is_believed_where_it_holds_enough(say: Say, site: Website) -> None:
    long = "Once upon a time. " * 20
    site.pages["/a"] = page(f"<p>Buy now!</p><article><h1>Tale</h1><p>{long}</p></article><p>Related</p>")
    assert say("read", url=site.url("/a"))[1]["text"] == f"Tale\n\n{long.strip()}"
    site.pages["/b"] = page("<article>Teaser</article><p>The text itself.</p>")
    assert say("read", url=site.url("/b"))[1]["text"] == "Teaser\n\nThe text itself."


def test_a_long_page_comes_in_parts(say: Say, site: Website) -> None:
    site.pages["/a"] = page("".join(f"<p>{number} {'word ' * 200}</p>" for number in range(5)))
    text, data = say("read", url=site.url("/a"))
    assert text.endswith("(Part 1 of 3.)")
    assert say("read", url=site.url("/a"), part=3)[1]["text"].startswith("4 word")
    assert say("read", url=site.url("/a"), part=4)[0] == "!That page has only 3 parts."
    assert data["parts"] == 3


def test_parts_lose_nothing_and_stay_short() -> None:
    paragraphs = ["a " * 4_000, "b", "c" * 9_000]
    parts = parts_of(paragraphs)
    assert max(map(len, parts)) <= PART_SIGNS
    assert "".join("".join(parts).split()) == "".join("".join(paragraphs).split())


def test_what_is_no_page_is_named(say: Say, site: Website) -> None:
    site.pages["/a"] = Answer(b"%PDF", headers={"Content-Type": "application/pdf"})
    assert say("read", url=site.url("/a"))[0] == "!What is there is a PDF file, not a page that I can read."
    site.pages["/b"] = Answer(b"\x89PNG", headers={"Content-Type": "image/png"})
    assert "a picture" in say("read", url=site.url("/b"))[0]
    site.pages["/c"] = Answer(b"one\n\ntwo", headers={"Content-Type": "text/plain"})
    assert say("read", url=site.url("/c"))[1]["text"] == "one\n\ntwo"
    site.pages["/d"] = page("<script>make()</script>")
    assert "there is no text on that page" in say("read", url=site.url("/d"))[0]


def test_what_hides_in_a_page_does_not_reach_the_person(say: Say, site: Website) -> None:
    site.pages["/a"] = page(
        "<title>\x1b]0;owned\x07Title</title><p>safe \x1b[31mred \u202egnp\u202c \u200bend&#27;[2J</p>"
    )
    text, data = say("read", url=site.url("/a"))
    assert not {sign for sign in text + json.dumps(data, ensure_ascii=False) if ord(sign) < 32} - {"\n"}
    assert "\u202e" not in text


def test_a_copy_says_how_old_it_is(say: Say) -> None:
    with website() as site:
        site.pages["/a"] = page("<title>News</title><p>Old news.</p>")
        say("read", url=site.url("/a"))
        site.pages["/a"] = page("<p>New news.</p>")
        text, data = say("read", now="2026-03-04T09:05:00+01:00", url=site.url("/a"))
        assert "as it was 5 minutes ago" in text
        assert (data["age_seconds"], data["stale"]) == (300, False)
    text, data = say("read", now=TEN, url=site.url("/a"))
    assert text.startswith("News (from 127.0.0.1, as it was 1 hour ago; I can not reach it now):")
    assert data["stale"]


def test_links_are_whole_addresses(say: Say, site: Website) -> None:
    site.pages["/a/b"] = page(
        "<title>T</title><a href='c'>C</a> <a href='/d#x'>D</a><a href='/d'>D again</a> <a href='mailto:x@y'>M</a>"
        "<a href='javascript:x()'>J</a><a href='https://example.org/'><img alt='Picture'></a><a href='#top'>Top</a>"
    )
    text, data = say("links", url=site.url("/a/b"))
    assert text == "3 links on T (from 127.0.0.1): C; D; Picture."
    assert [link["url"] for link in data["links"]] == [site.url("/a/c"), site.url("/d"), "https://example.org/"]


def test_a_page_is_searched_for_what_it_says(say: Say, site: Website) -> None:
    site.pages["/a"] = page("<title>Rules</title><p>No smoking.</p><p>Dogs are welcome on a lead.</p>")
    assert say("find", url=site.url("/a"), words="dogs")[0].endswith("Dogs are welcome on a lead.")
    assert say("find", url=site.url("/a"), words="parking")[0] == "Rules (from 127.0.0.1) says nothing about 'parking'."


def test_searching_goes_to_the_engine_that_was_set(say: Say, site: Website) -> None:
    results = [
        {"title": "<b>One</b>", "url": "https://example.org/1", "content": "First\x1b[0m"},
        {"title": "No address"},
        {"title": "Odd", "url": "javascript:alert(1)"},
        "nonsense",
        {"title": "Two", "url": "https://example.org/2"},
        {"title": "Three", "url": "https://example.org/3"},
    ]
    site.pages["/search"] = Answer(json.dumps({"results": results}).encode())
    text, data = say("search", search=site.url("/"), query="a & b", count=2)
    assert text == ("2 results for 'a & b':\n1. One (https://example.org/1): First\n2. Two (https://example.org/2): ")
    assert len(data["results"]) == 2
    assert site.asked[0].path == "/search?q=a+%26+b&format=json"


def test_without_a_search_engine_that_is_said(say: Say) -> None:
    assert say("search", query="x")[0].startswith("!No search engine is set.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"<html>", headers=HTML), "something that I can't read"),
        (Answer(b"[]"), "is its JSON format switched on?"),
        (Answer(b"", 429, {"Retry-After": "60"}), "Try again in 1 minute"),
        (Answer(b"", 403), "does not let me in"),
    ],
)
def test_a_search_engine_that_fails_is_said(say: Say, site: Website, answer: Answer, said: str) -> None:
    site.pages["/search"] = answer
    assert said in say("search", search=site.url(), query="x")[0]


def test_a_site_is_up_when_it_answers_at_all(say: Say, site: Website) -> None:
    assert say("check", url=site.url("/missing"))[1]["up"]
    site.pages["/"] = Answer(b"x")
    assert say("check", url=site.url())[0] == "Yes, 127.0.0.1 is up."
    site.pages["/"] = Answer(b"", 500)
    text, data = say("check", url=site.url())
    assert (text.startswith("No: "), data["up"], data["status"]) == (True, False, 500)


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("example.org", "https://example.org"),
        (" <https://example.org/a?b=c>. ", "https://example.org/a?b=c"),
        ("http://nas:8080/x", "http://nas:8080/x"),
    ],
)
def test_an_address_is_taken_as_people_write_it(said: str, url: str) -> None:
    assert address(said) == url


@pytest.mark.parametrize("said", ["bread", "two words.org", "https://", "http://[x"])
def test_what_is_no_address_is_refused(say: Say, said: str) -> None:
    assert say("read", url=said)[0].startswith("!")


@pytest.mark.parametrize(
    "broken",
    [
        "<",
        "<a",
        "<!--",
        "<!",
        "<?",
        "<script>",
        "</",
        "<a href='",
        "&#",
        "<p a='b",
        "<![CDATA[",
        "<title>",
        "<a b ",
        "]]>",
    ],
)
def test_a_broken_page_takes_no_longer_than_a_sound_one(broken: str) -> None:
    """A parser that begins anew at every sign would still be at it tomorrow."""
    read_html(broken * (MOST_SIGNS // len(broken)))


def test_markup_in_a_title_is_taken_away() -> None:
    assert plain_text("Fish &amp; <b>chips</b><script>x</script>\n today") == "Fish & chips today"
    assert plain_text("a < b") == "a < b"
