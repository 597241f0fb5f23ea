"""Rooms and guests as people deal with them: over HTTP and from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest

from interface.tokens import Tokens
from tests.interface.conftest import Site

ANSWER = 60.0
"""Seconds for one answer on a busy machine."""
numbers = count()


@pytest.fixture
def person(site: Site) -> Callable[[str], httpx.Client]:
    """Opens the API as a member with a token of their own."""
    tokens = Tokens(site.hub.engine)

    def open_as(name: str) -> httpx.Client:
        bearer = {"Authorization": f"Bearer {tokens.make(name)}"}
        return httpx.Client(base_url=site.url, headers=bearer, timeout=ANSWER, trust_env=False)

    return open_as


@pytest.fixture
def room() -> str:
    """The name of a room of this test's own."""
    return f"room-{next(numbers)}"


def names(answer: httpx.Response) -> list[str]:
    return [one["name"] for one in answer.json()["members"]]


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 409
    return str(answer.json()["error"])


def test_what_is_said_in_a_room_is_for_those_who_are_in_it_from_joining_on(
    person: Callable[[str], httpx.Client], room: str
) -> None:
    with person("r-ann") as ann, person("r-bob") as bob, person("r-carl") as carl:
        made = ann.post("/api/rooms", json={"name": room, "members": ["r-bob"]})
        assert (made.json()["open"], names(made)) == (False, ["r-ann", "r-bob"])
        ann.post("/api/turns?stream=false", json={"text": "the heron nests on the chimney", "room": room})
        heard = {"query": "heron chimney", "room": room}
        assert len(bob.post("/api/recall", json=heard).json()) == 1
        assert carl.post("/api/recall", json=heard).json() == []
        assert names(bob.post(f"/api/rooms/{room}/join", json={"who": "r-carl"})) == ["r-ann", "r-bob", "r-carl"]
        assert carl.post("/api/recall", json=heard).json() == []
        ann.post("/api/turns?stream=false", json={"text": "the heron flew from the chimney", "room": room})
        assert len(carl.post("/api/recall", json=heard).json()) == 1
        assert names(bob.post(f"/api/rooms/{room}/leave", json={"who": "r-bob"})) == ["r-ann", "r-carl"]
        assert bob.post("/api/recall", json=heard).json() == []


def test_rooms_are_named_to_those_who_may_enter_them(person: Callable[[str], httpx.Client], room: str) -> None:
    with person("r-ann") as ann, person("r-dora") as dora:
        ann.post("/api/rooms", json={"name": room})
        assert room in ann.get("/api/rooms").text
        assert room not in dora.get("/api/rooms").text
        assert "r-dora is not in" in refused(dora.post(f"/api/rooms/{room}/join", json={"who": "r-dora"}))
        assert refused(dora.post("/api/rooms", json={"name": room})) == f"There is already a room called {room}."


def test_an_open_room_is_not_closed_against_those_who_spoke_there(
    person: Callable[[str], httpx.Client], room: str
) -> None:
    with person("r-ann") as ann, person("r-bob") as bob:
        ann.post("/api/turns?stream=false", json={"text": "the owl is awake", "room": room})
        assert "r-ann spoke in" in refused(bob.post("/api/rooms", json={"name": room}))
        assert names(bob.post("/api/rooms", json={"name": room, "members": ["r-ann"]})) == ["r-bob", "r-ann"]


def test_members_let_guests_in_and_guests_decide_nothing(person: Callable[[str], httpx.Client], room: str) -> None:
    with person("r-ann") as ann, person("r-gus") as gus, person("r-bob") as bob:
        bob.post("/api/remember", json={"text": "the ladder is mine"})
        ann.post("/api/rooms", json={"name": room})
        let_in = ann.post(f"/api/rooms/{room}/join", json={"who": "r-gus", "guest": True})
        assert [(one["name"], one["guest"]) for one in let_in.json()["members"]] == [("r-ann", False), ("r-gus", True)]
        assert "not a guest" in refused(ann.post(f"/api/rooms/{room}/join", json={"who": "r-bob", "guest": True}))
        assert "guest can't" in refused(gus.post("/api/rooms", json={"name": f"{room}-2"}))
        assert "guest can't" in refused(gus.post(f"/api/rooms/{room}/join", json={"who": "r-eve"}))
        assert "guest can't" in refused(gus.post(f"/api/rooms/{room}/leave", json={"who": "r-ann"}))
        assert "themselves" in refused(ann.post(f"/api/rooms/{room}/leave", json={"who": "r-bob"}))
        assert "Only the owner" in refused(ann.post("/api/guests", json={"name": "r-hans"}))
        assert [one["name"] for one in gus.get("/api/guests").json()["guests"]] == ["r-gus"]
        assert names(ann.post(f"/api/rooms/{room}/leave", json={"who": "r-gus"})) == ["r-ann"]


def test_the_owner_says_who_is_a_guest(site: Site) -> None:
    with httpx.Client(base_url=site.url, timeout=ANSWER, trust_env=False) as owner:
        until = datetime(2030, 1, 1, tzinfo=UTC).isoformat()
        assert owner.post("/api/guests", json={"name": "r-ida", "until": until}).json()["until"] == until
        assert "r-ida" in owner.get("/api/guests").text
        assert "no guest any more" in owner.post("/api/guests/r-ida/leave", json={}).text
        assert "of the household" in owner.post("/api/guests/r-ida/leave", json={"household": True}).text
        assert "no guest here" in refused(owner.post("/api/guests/r-ida/leave", json={}))
        assert "can't be a guest" in refused(owner.post("/api/guests", json={"name": site.hub.settings.member}))
        assert "means MuOS itself" in refused(owner.post("/api/guests", json={"name": "system"}))
