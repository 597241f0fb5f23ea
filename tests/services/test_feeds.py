"""The feeds service, through its door in process, against feeds on the loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.feeds.archive import FILE, KEPT
from services.feeds.outline import read_outline, write_outline
from services.feeds.server import service
from services.kit import Refusal
from services.kit.transport import Transport
from tests.services.website import Answer, Website, straight, website

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE, TEN = "2026-03-04T09:00:00+01:00", "2026-03-04T10:00:00+01:00"

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Tech Weekly</title>
<link href="https://tech.example.org/"/><entry><id>urn:1</id><title>Solar &amp; wind</title>
<link href="/solar"/><updated>2026-03-04T07:00:00Z</updated><author><name>Ada</name></author>
<content type="html">&lt;p&gt;Power &lt;i&gt;from&lt;/i&gt; the sky.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</content>
</entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Notes",
    "home_page_url": "https://notes.example.org/",
    "items": [
        {"id": 7, "content_text": "A thought about wolves.", "date_published": "2026-03-03T10:00:00Z"},
        {"id": "8", "title": "Knots", "url": "https://notes.example.org/8", "authors": [{"name": "Bo"}]},
        "nonsense",
    ],
}


def rss(*titles: str, name: str = "Daily Planet", more: str = "") -> Answer:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><description>About {title}.</description>"
        f"<pubDate>Tue, 03 Mar 2026 {23 - place:02}:00:00 GMT</pubDate></item>"
        for place, title in enumerate(titles)
    )
    body = f'<?xml version="1.0"?>{more}<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        site.pages["/planet"] = rss("Comet", "Bakery")
        site.pages["/tech"] = Answer(ATOM.encode(), headers={"Content-Type": "application/atom+xml"})
        site.pages["/notes"] = Answer(json.dumps(JSON).encode(), headers={"Content-Type": "application/feed+json"})
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)
    via = Transport(straight)
    monkeypatch.setattr("services.kit.web.transport", lambda: via)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NINE, preview: bool = False, **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": "Europe/Paris"}
        result = service.answer(tool, given, meta | {"muos/preview": preview})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    via.close()
    service._opened().db.close()


def titles(say: Say, **given: Any) -> list[str]:
    return [entry["title"] for entry in say("latest", **given)[1]["entries"]]


def test_rss_atom_and_json_feeds_are_followed(say: Say, site: Website) -> None:
    assert say("subscribe", url=site.url("/planet"))[0] == "You follow Daily Planet now: 2 entries; the latest: Comet."
    assert say("subscribe", url=site.url("/tech"))[1]["name"] == "Tech Weekly"
    assert say("subscribe", url=site.url("/notes"), name="Jotter")[1]["name"] == "Jotter"
    assert titles(say) == ["Knots", "Solar & wind", "Comet", "Bakery", "A thought about wolves."]
    assert "You follow 3 feeds: Daily Planet (2 unread); Jotter (2 unread); Tech Weekly (1 unread)." in say("list")[0]


def test_texts_are_plain(say: Say, site: Website) -> None:
    say("subscribe", url=site.url("/tech"))
    text, data = say("read", entry="solar")
    assert data["text"] == "Power from the sky."
    assert text == ("Solar & wind by Ada (Tech Weekly, today at 8 am):\n\nPower from the sky.\n\n" + site.url("/solar"))


def test_a_site_is_followed_by_the_feed_that_it_names(say: Say, site: Website) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="planet" title="RSS">'
    site.pages["/"] = Answer(f"<html><head>{head}</head>".encode(), headers={"Content-Type": "text/html"})
    assert say("subscribe", url=site.url("/"))[1]["url"] == site.url("/planet")
    site.pages["/none"] = Answer(b"<html><p>Hello", headers={"Content-Type": "text/html"})
    assert say("subscribe", url=site.url("/none"))[0] == f"!I find no feed at {site.url('/none')}."


def test_following_can_be_undone_and_unfollowing_too(say: Say, site: Website) -> None:
    say("subscribe", call_id="s", url=site.url("/planet"))
    say("latest")
    assert say("subscribe", url=site.url("/planet"))[0] == "!You follow Daily Planet already."
    say("undo", call="s")
    assert say("list")[0] == "You follow no feeds yet."
    say("subscribe", url=site.url("/planet"))
    say("read", entry="Comet")
    assert say("unsubscribe", call_id="u", feed="planet")[0] == "You no longer follow Daily Planet."
    say("undo", call="u")
    assert titles(say) == ["Bakery"]


def test_a_preview_follows_nothing(say: Say, site: Website) -> None:
    assert say("subscribe", preview=True, url=site.url("/planet"))[0].startswith("You follow Daily Planet now")
    assert say("list")[0] == "You follow no feeds yet."


def test_what_was_read_is_not_new(say: Say, site: Website) -> None:
    say("subscribe", url=site.url("/planet"))
    say("read", call_id="r", entry="Comet")
    assert titles(say) == ["Bakery"]
    assert titles(say, also_read=True) == ["Comet", "Bakery"]
    say("undo", call="r")
    assert titles(say) == ["Comet", "Bakery"]
    assert say("mark_read", call_id="m")[0] == "Marked 2 entries as read."
    assert say("latest")[0] == "There is nothing new."
    say("undo", call="m")
    assert titles(say, count=1) == ["Comet"]


def test_each_member_follows_and_reads_for_themselves(say: Say, site: Website) -> None:
    say("subscribe", member="anna", url=site.url("/planet"))
    say("subscribe", member="bob", url=site.url("/planet"))
    say("mark_read", member="anna")
    assert titles(say, member="bob") == ["Comet", "Bakery"]
    assert say("list", member="carol")[0] == "You follow no feeds yet."
    assert say("read", member="carol", entry="Comet")[0].startswith("!")
    assert say("search", member="carol", words="Comet")[1]["found"] == 0


def test_new_entries_come_after_half_an_hour_or_when_asked(say: Say, site: Website) -> None:
    say("subscribe", url=site.url("/planet"))
    site.pages["/planet"] = rss("Flood", "Comet", "Bakery")
    assert titles(say) == ["Comet", "Bakery"]
    assert set(titles(say, now=TEN)) == {"Flood", "Comet", "Bakery"}
    site.pages["/planet"] = rss("Storm")
    assert say("refresh", now="2026-03-04T10:05:00+01:00")[0] == "Asked 1 feed: 1 new entry."
    assert set(titles(say, now=TEN)) == {"Storm", "Flood", "Comet", "Bakery"}


def test_a_feed_that_fails_keeps_nothing_from_the_others(say: Say, site: Website) -> None:
    for path in ("/planet", "/tech", "/notes"):
        say("subscribe", url=site.url(path))
    site.pages["/planet"] = Answer(b"", 500)
    site.pages["/notes"] = Answer(b"<html>gone", headers={"Content-Type": "text/html"})
    text, data = say("latest", now=TEN)
    assert len(data["entries"]) == 5
    assert data["faults"] == {
        "Daily Planet": "127.0.0.1 has a problem of its own (it answered 500).",
        "Notes": "What 127.0.0.1 sends is no feed any more.",
    }
    assert "I could not ask Daily Planet and Notes" in text
    assert "Daily Planet (fails: " in say("list", now=TEN)[0]
    site.pages["/planet"] = rss("Comet")
    say("refresh", now="2026-03-04T11:00:00+01:00", feed="Daily Planet")
    assert "Daily Planet (2 unread)" in say("list")[0]


@pytest.mark.parametrize(
    "trouble", [Answer(b"", 429, {"Retry-After": "60"}), Answer(b"", 404), Answer(b"<rss", headers={}), Answer(b"")]
)
def test_what_can_not_be_followed_is_said_in_a_sentence(say: Say, site: Website, trouble: Answer) -> None:
    site.pages["/a"] = trouble
    text, _ = say("subscribe", url=site.url("/a"))
    assert text.startswith("!")
    assert text.endswith(".")


def test_a_feed_that_has_moved_is_followed_where_it_is_now(say: Say, site: Website) -> None:
    site.pages["/old"] = Answer(status=301, headers={"Location": "/planet"})
    assert say("subscribe", url=site.url("/old"))[1]["url"] == site.url("/planet")


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FILES = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, FILES])
def test_entities_of_its_own_are_not_unfolded(say: Say, site: Website, declared: str) -> None:
    site.pages["/a"] = rss("&f;", more=declared)
    assert "a way to do harm" in say("subscribe", url=site.url("/a"))[0]
    with pytest.raises(Refusal, match="a way to do harm"):
        read_outline(f"{declared}<opml/>")


@pytest.mark.parametrize(
    "body",
    [
        b"<rss" * 50_000,
        b"<rss><channel>" + b"<item>" * 20_000,
        b'<feed xmlns="http://www.w3.org/2005/Atom">' + b"<entry><title>x" * 5_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": [1], "url": {}, "date_published": 5}]}',
        b"<rss><channel><item><pubDate>Tue, 99 Foo 99999 99:99:99</pubDate></item></channel></rss>",
    ],
)
def test_a_broken_feed_breaks_nothing(say: Say, site: Website, body: bytes) -> None:
    site.pages["/a"] = Answer(body)
    say("subscribe", url=site.url("/a"))
    assert not say("latest")[0].startswith("!feeds failed")


def test_old_entries_make_room(say: Say, site: Website) -> None:
    site.pages["/a"] = rss(*(f"First {number}" for number in range(20)))
    say("subscribe", url=site.url("/a"))
    for batch in range(3):
        site.pages["/a"] = rss(*(f"Batch {batch} {number}" for number in range(23)))
        say("refresh", now=f"2026-03-04T1{batch}:00:00+01:00")
    assert len(say("latest", also_read=True, count=50)[1]["entries"]) == 50
    assert say("list")[1]["feeds"][0]["unread"] == 89 < KEPT


def test_losing_what_was_fetched_costs_only_that(say: Say, site: Website, tmp_path: Path) -> None:
    say("subscribe", url=site.url("/planet"))
    (tmp_path / FILE).write_bytes(b"broken" * 1_000)
    assert titles(say, now=TEN) == ["Comet", "Bakery"]


def test_entries_are_searched(say: Say, site: Website) -> None:
    say("subscribe", url=site.url("/planet"))
    say("subscribe", url=site.url("/tech"))
    assert say("search", words="power SKY")[1]["entries"][0]["title"] == "Solar & wind"
    assert say("search", words="sky", feed="planet")[0] == "Your feeds say nothing about 'sky'."


def test_lists_of_feeds_come_and_go_as_opml(say: Say, site: Website) -> None:
    say("subscribe", url=site.url("/planet"))
    say("subscribe", url=site.url("/tech"), name='Tech "&" more')
    outline = say("export")[1]["opml"]
    assert read_outline(outline) == [("Daily Planet", site.url("/planet")), ('Tech "&" more', site.url("/tech"))]
    site.pages["/list.opml"] = Answer(outline.encode())
    assert say("import", member="anna", call_id="i", url=site.url("/list.opml"))[0] == (
        'You follow 2 more feeds now: Daily Planet and Tech "&" more.'
    )
    assert say("import", member="anna", opml=outline)[0] == "!You follow all of these already."
    assert titles(say, member="anna")[0] == "Solar & wind"
    say("undo", member="anna", call="i")
    assert say("export", member="anna")[0] == "!You follow no feeds yet."


def test_an_outline_keeps_to_the_format() -> None:
    nested = (
        '<opml version="2.0"><body><outline text="Folder"><outline text="A" xmlUrl="https://a.example/"/></outline>'
    )
    assert read_outline(nested + "</body></opml>") == [("A", "https://a.example/")]
    assert read_outline(write_outline([("A", "https://a.example/?x=1&y=2")])) == [("A", "https://a.example/?x=1&y=2")]
    for bad in ("", "text", "<opml/>", '<opml><body><outline xmlUrl="file:///x"/></body></opml>'):
        with pytest.raises(Refusal):
            read_outline(bad)
