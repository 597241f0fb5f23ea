"""The routes service in process, against a server of OSRM's protocol whose roads are straight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.routes.osrm import Step
from services.routes.saying import far, turn
from services.routes.server import service
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.outage import OUTAGES, happens
from tests.services.stage.routes import furnish
from tests.services.website import Answer, Website, website

TO_LONDON = "/route/v1/driving/2.33330,48.86670;-0.12530,51.50830"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        furnish(site)
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Website) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say, direct(monkeypatch):
        monkeypatch.setattr("services.routes.osrm.SECONDS", 0.5)
        say.settings = {f"{mode}_server": site.url() for mode in ("car", "foot", "bike")}
        yield say


def test_a_way_has_its_time_and_its_length(say: Door, site: Website) -> None:
    answer = say("route", destination="London")
    assert answer == "From Paris to London it is 3 hours and 48 minutes by car, 342 km."
    assert say.data["minutes"] == 228
    assert site.asked[0].path.startswith(TO_LONDON)


def test_walking_and_cycling_ask_their_own_servers(say: Door, site: Website) -> None:
    say.settings |= {"foot_server": site.url("/walk"), "bike_server": site.url("/ride")}
    say("route", destination="London", by="foot")
    say("route", destination="London", by="bike")
    assert [one.path.partition("/v1/")[0] for one in site.asked] == ["/walk/route", "/ride/route"]


def test_directions_name_each_turn(say: Door) -> None:
    assert say("directions", destination="Versailles", origin="London").startswith(
        "!I don't know where 'Versailles' is"
    )
    assert say("directions", destination="London") == (
        "To London by car, 3 hours and 48 minutes, 342 km: start on High Street, 171 km;"
        " turn left onto Mill Lane, 171 km; arrive on Mill Lane."
    )


def test_the_time_to_leave_is_told(say: Door) -> None:
    answer = say("leave", destination="London", at="2026-03-04T18:00:00+01:00")
    assert answer == "Leave Paris today at 2:12 pm: it is 3 hours and 48 minutes by car to London."
    assert say("leave", destination="London", at="2026-03-04T10:00:00+01:00").endswith("That has already passed.")
    assert say("leave", destination="London", at="2026-03-04T08:00:00+01:00").startswith("!Today at 8 am has already")


def test_several_places_are_compared_the_quickest_first(say: Door) -> None:
    answer = say("compare", destinations=["Rome", "London or Brussels"])
    assert answer.startswith("From Paris by car: Brussels 2 hours")
    assert [row["name"] for row in say.data["destinations"]] == ["Brussels", "London", "Rome"]


def test_miles_are_told_where_they_are_wanted(say: Door) -> None:
    say.settings |= {"units": "imperial"}
    assert say("route", destination="London").endswith("212 miles.")


def test_the_start_may_be_set(say: Door) -> None:
    say.settings |= {"place": "Brussels"}
    assert say("route", destination="London").startswith("From Brussels to London")
    assert say("route", destination="Brussels").startswith("!You would start and arrive in Brussels")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"code": "NoRoute", "message": "Impossible route"}'),
        Answer(b'{"code": "NoSegment"}', 400),
    ],
)
def test_where_there_is_no_way_that_is_said(say: Door, site: Website, answer: Answer) -> None:
    site.pages[TO_LONDON] = answer
    assert say("route", destination="London") == "!I find no way between these places."


@pytest.mark.parametrize("name", sorted(OUTAGES))
def test_every_outage_is_said_plainly_and_known_ways_serve(say: Door, site: Website, name: str) -> None:
    heard = happens(site, TO_LONDON, name)
    answer = say("route", destination="London")
    assert answer.startswith("!")
    assert heard in answer
    del site.pages[TO_LONDON]
    say.now = "2026-03-05T09:00:00+01:00"
    assert say("route", destination="London").startswith("From Paris to London")
    if name in {"limited", "broken", "slow"}:
        happens(site, TO_LONDON, name)
        say.now = "2026-03-06T09:00:00+01:00"
        assert "(as of 1 day ago; I can't reach it now)" in say("route", destination="London")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            Step("roundabout", "right", "Ring Road", 400, 3),
            "at the roundabout take the third exit onto Ring Road, 400 m",
        ),
        (Step("rotary", "right", "", 0, 0), "at the roundabout take your exit"),
        (Step("turn", "uturn", "", 50, 0), "make a U-turn, 50 m"),
        (Step("turn", "slight left", "A1", 1500, 0), "turn slightly left onto A1, 1.5 km"),
        (Step("fork", "sharp right", "", 20_000, 0), "keep sharply right, 20 km"),
        (Step("continue", "straight", "Main Street", 90, 0), "go straight on onto Main Street, 90 m"),
        (Step("new name", "straight", "Elm Street", 90, 0), "go on onto Elm Street, 90 m"),
        (Step("off ramp", "", "", 300, 0), "take the exit, 300 m"),
        (Step("arrive", "", "", 0, 0), "arrive"),
    ],
)
def test_turns_are_said_as_people_say_them(step: Step, said: str) -> None:
    assert turn(step, "metric") == said


def test_short_ways_are_told_in_feet() -> None:
    assert far(100, "imperial") == "330 feet"
