"""Copies of what the web answered: used while young, confirmed when old, given when asking fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.kit.pages import BYTES_LIMIT, COPY_LIMIT, FILE, Copy, Pages
from services.kit.transport import Transport
from services.kit.web import Web
from services.kit.webfault import WebFault
from tests.services.website import Answer, Website, straight, website

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
At = Callable[..., Web]


def test_a_young_copy_is_used_without_asking(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"first")
    at().get(site.url("/a"), fresh_for=HOUR)
    page = at(timedelta(minutes=59)).get(site.url("/a"), fresh_for=HOUR)
    assert (page.text, page.age, page.stale, len(site.asked)) == ("first", timedelta(minutes=59), False, 1)
    site.pages["/a"] = Answer(b"second")
    assert at(timedelta(minutes=61)).get(site.url("/a"), fresh_for=HOUR).text == "second"
    assert at().get(site.url("/a")).text == "second"
    assert len(site.asked) == 3


def test_an_old_copy_is_confirmed_by_the_server(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"first", headers={"ETag": '"1"', "Last-Modified": "Wed, 04 Mar 2026 08:00:00 GMT"})
    at().get(site.url("/a"), fresh_for=HOUR)
    site.pages["/a"] = Answer(status=304)
    page = at(2 * HOUR).get(site.url("/a"), fresh_for=HOUR)
    assert (page.text, page.age, page.status) == ("first", timedelta(0), 200)
    assert site.asked[1].headers["if-none-match"] == '"1"'
    assert site.asked[1].headers["if-modified-since"] == "Wed, 04 Mar 2026 08:00:00 GMT"
    assert at(2.5 * HOUR).get(site.url("/a"), fresh_for=HOUR).age == HOUR / 2


@pytest.mark.parametrize("trouble", [Answer(status=500), Answer(status=429), "hang", "gone"])
def test_when_asking_fails_an_old_copy_is_given_with_its_age(at: At, trouble: Answer | str) -> None:
    with website() as site:
        site.pages["/a"] = Answer(b"first")
        at().get(site.url("/a"), fresh_for=HOUR)
        site.pages["/a"] = getattr(site, trouble) if trouble == "hang" else Answer(status=500)
        if isinstance(trouble, Answer):
            site.pages["/a"] = trouble
        if trouble != "gone":
            page = at(3 * HOUR).get(site.url("/a"), fresh_for=HOUR, seconds=0.3)
    if trouble == "gone":
        page = at(3 * HOUR).get(site.url("/a"), fresh_for=HOUR)
    assert (page.text, page.stale, page.age) == ("first", True, 3 * HOUR)
    assert page.why.endswith(".")
    assert page.note == " (as of 3 hours ago; I can't reach it now)"


def test_a_page_that_is_gone_is_not_made_up_for_by_a_copy(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"first")
    at().get(site.url("/a"), fresh_for=HOUR)
    site.pages["/a"] = Answer(status=404)
    with pytest.raises(WebFault, match="nothing at that address"):
        at(2 * HOUR).get(site.url("/a"), fresh_for=HOUR)


def test_what_is_asked_with_another_password_is_another_page(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"anna's")
    at().get(site.url("/a"), headers={"Authorization": "Bearer anna"}, fresh_for=HOUR)
    site.pages["/a"] = Answer(b"bob's")
    assert at().get(site.url("/a"), headers={"Authorization": "Bearer bob"}, fresh_for=HOUR).text == "bob's"


def test_copies_make_room_for_those_used_later(tmp_path: Path) -> None:
    pages, size = Pages(tmp_path), COPY_LIMIT
    for number in range(BYTES_LIMIT // size + 1):
        body = bytes([number]) * size
        pages.put(str(number), Copy("u", 200, {}, body, False, NOW + timedelta(minutes=number)))
        assert pages.get("0", NOW + timedelta(minutes=number)) is not None
    assert pages.get("1", NOW) is None
    pages.put("large", Copy("u", 200, {}, b"x" * (size + 1), False, NOW))
    assert pages.get("large", NOW) is None


def test_a_broken_file_of_copies_costs_nothing_but_a_request(at: At, site: Website, tmp_path: Path) -> None:
    site.pages["/a"] = Answer(b"a")
    (tmp_path / FILE).write_bytes(b"this is no database" * 1_000)
    assert at().get(site.url("/a"), fresh_for=HOUR).text == "a"
    assert at().get(site.url("/a"), fresh_for=HOUR).text == "a"
    assert len(site.asked) == 1


def test_a_file_of_copies_that_can_not_be_written_costs_nothing_but_a_request(site: Website, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("in the way")
    site.pages["/a"] = Answer(b"a")
    via = Transport(straight)
    assert Web(tmp_path / "folder", NOW, "", via).get(site.url("/a"), fresh_for=HOUR).text == "a"
    via.close()
