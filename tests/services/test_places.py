"""The places service in process, against a small map behind Nominatim's protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.places.nominatim import Pace
from services.places.server import service
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.outage import OUTAGES, happens
from tests.services.stage.places import furnish
from tests.services.website import Website, website


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        furnish(site)
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Website) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say, direct(monkeypatch):
        monkeypatch.setattr("services.places.nominatim.SECONDS", 0.5)
        say.settings = {"server": site.url(), "language": "en"}
        yield say


def test_a_place_is_found_with_its_address_and_position(say: Door, site: Website) -> None:
    assert say("find", query="the Louvre") == "Louvre: Louvre, Rue de Rivoli, 75001 Paris, France (48.8606, 2.3376)."
    assert say.data["places"][0]["country_code"] == "FR"
    assert "accept-language=en" in site.asked[0].path
    assert site.asked[0].headers["user-agent"].startswith("MuOS/")


def test_several_of_one_name_are_said(say: Door) -> None:
    assert say("find", query="Springfield").endswith("1 other place of that name.")
    assert len(say.data["places"]) == 2


def test_what_is_not_on_the_map_is_refused(say: Door) -> None:
    assert say("find", query="Xyzzyville") == "!I find no place called 'Xyzzyville'."
    assert say("nearby", what="volcano nearby") == "!I find no volcano near Paris."
    assert say("reverse", position="0, 0") == "!There is no address at that position."


def test_a_position_has_an_address(say: Door) -> None:
    assert say("reverse", position="48.8606, 2.3376").startswith("Louvre, Rue de Rivoli")
    assert say("find", query="48.8606, 2.3376").startswith("Louvre")
    assert say("reverse", position="91, 0").startswith("!A latitude lies between")
    assert say("reverse", position="here").startswith("!Give latitude and longitude")


def test_what_is_near_is_told_by_distance(say: Door) -> None:
    assert say("nearby", what="pharmacy", place="Louvre") == (
        "Near Louvre: Pharmacie du Palais, 240 m and Pharmacie Rivoli, 990 m."
    )
    assert [row["name"] for row in say.data["places"]] == ["Pharmacie du Palais", "Pharmacie Rivoli"]


def test_large_cities_need_no_map(say: Door, site: Website) -> None:
    assert say("distance", origin="London", destination="Rome") == "Rome is 1,433 km from London in a straight line."
    assert not site.asked


def test_the_same_is_not_asked_twice_in_a_month(say: Door, site: Website) -> None:
    say("find", query="Louvre")
    say.now = "2026-03-30T09:00:00+01:00"
    say("find", query="Louvre")
    assert len(site.asked) == 1


def test_a_saved_place_is_found_by_its_name_and_by_its_member_only(say: Door, site: Website) -> None:
    assert say("save", name="my work", place="4 Mill Lane") == "Saved as work: 4 Mill Lane, Cambridge, United Kingdom."
    assert say("find", query="work").startswith("work: 4 Mill Lane")
    assert say.data["places"][0]["saved"] is True
    asked = len(site.asked)
    assert say("find", query="work", member="anna").startswith("!You have saved no place called 'work'.")
    assert say("list", member="anna") == "You have saved no places yet."
    assert len(site.asked) == asked


def test_saving_changing_and_forgetting_can_be_undone(say: Door) -> None:
    say("save", name="grandma's", place="4 Mill Lane")
    assert say("save", name="Grandma's", place="Louvre").startswith("Saved as grandma's: Louvre")
    say.undo()
    assert "4 Mill Lane" in say("list")
    assert say("forget", name="grandma's") == "Forgot the place grandma's."
    say.undo()
    assert "4 Mill Lane" in say("list")
    assert say("forget", name="attic") == "!You have saved no place called 'attic'. There is grandma's."


def test_a_preview_saves_nothing(say: Door) -> None:
    assert say("save", name="work", place="Louvre", preview=True).startswith("Saved as work")
    assert say("list") == "You have saved no places yet."


def test_the_saved_home_is_where_near_begins(say: Door) -> None:
    say("save", name="home", place="Louvre")
    assert say("nearby", what="pharmacy").startswith("Near home: Pharmacie du Palais, 240 m")


@pytest.mark.parametrize("name", sorted(OUTAGES))
def test_every_outage_is_said_plainly_and_known_places_serve(say: Door, site: Website, name: str) -> None:
    say("find", query="Louvre")
    heard = happens(site, "/search", name)
    answer = say("find", query="Springfield")
    assert answer.startswith("!")
    assert heard in answer
    say.now = "2026-06-04T09:00:00+01:00"
    if name not in {"forbidden", "moved to nowhere", "too large", "no such format", "nothing", "another format"}:
        assert say("find", query="Louvre").startswith("Louvre")


def test_nonsense_is_not_kept(say: Door, site: Website) -> None:
    happens(site, "/search", "no such format")
    assert say("find", query="Louvre").startswith("!")
    furnish(site)
    assert say("find", query="Louvre").startswith("Louvre")


def test_the_public_server_is_asked_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr("services.places.nominatim.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("services.places.nominatim.time.sleep", sleep)
    pace = Pace()
    pace.wait()
    clock[0] += 0.25
    pace.wait()
    clock[0] += 5
    pace.wait()
    assert slept == [0.75]
