"""Memory over HTTP: what is remembered is read, corrected, taken out, brought in and forgotten; secrets stay out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from interface.tokens import Tokens
from tests.interface.conftest import Site

NOW = "2026-03-04T09:00:00+01:00"
PATIENCE = 60.0
CARD = "5555 5555 5555 4444"
Row = dict[str, Any]


class Person:
    """Someone with a memory of their own."""

    def __init__(self, site: Site, token: str | None = None, name: str = "") -> None:
        self.name = name or f"m{uuid4().hex[:8]}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=site.url, timeout=PATIENCE, headers=headers)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"/api/memory/{path}", params={"member": self.name, "now": NOW, **params})

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/api/{path}", json={"member": self.name, "now": NOW, "zone": "Europe/Paris", **body})

    def ask(self, text: str, **body: Any) -> Row:
        return dict(self.post("turns?stream=false", text=text, **body).json())

    def bring(self, *rows: Row | str) -> Row:
        lines = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        answer = self.http.post("/api/memory/import", params={"member": self.name, "now": NOW}, content=lines.encode())
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def notes(self, **params: Any) -> list[Row]:
        return list(self.get("timeline", **params).json()["notes"])

    def recalls(self, query: str) -> list[str]:
        return [row["text"] for row in self.post("recall", query=query).json()]


@pytest.fixture
def ann(site: Site) -> Iterator[Person]:
    person = Person(site)
    with person.http:
        yield person


@pytest.fixture
def bob(site: Site) -> Iterator[Person]:
    person = Person(site)
    with person.http:
        yield person


def note_at(hour: int, text: str, **more: Any) -> Row:
    return {"id": uuid4().hex, "text": text, "when": f"2026-03-01T{hour:02}:00:00+01:00", **more}


def test_the_timeline_holds_turns_with_their_answers_newest_first(ann: Person) -> None:
    ann.ask("add rye flour to the shopping list")
    ann.bring(note_at(8, "The heron stood on the roof"))
    first, second = ann.notes()
    assert (first["text"], first["answer"]) == (
        "add rye flour to the shopping list",
        "Added rye flour to the shopping list.",
    )
    assert first["when"] == NOW
    assert (second["text"], "answer" in second) == ("The heron stood on the roof", False)
    assert {"id", "who", "member", "room", "scope", "source", "asked", "times", "turn"} <= second.keys()


def test_the_timeline_is_read_page_by_page(ann: Person) -> None:
    ann.bring(*(note_at(hour, f"It struck {hour}", who="bell" if hour % 2 else "clock") for hour in range(8, 14)))
    page = ann.get("timeline", n=2).json()
    assert ([row["text"] for row in page["notes"]], page["more"]) == (["It struck 13", "It struck 12"], True)
    rest = ann.get("timeline", before=page["notes"][-1]["when"], n=50).json()
    assert ([row["text"] for row in rest["notes"]][:2], rest["more"]) == (["It struck 12", "It struck 11"], False)
    assert [row["text"] for row in ann.notes(who="Bell")] == ["It struck 13", "It struck 11", "It struck 9"]
    assert ann.get("timeline", n=0).status_code == 422
    assert ann.get("timeline", kind="secret").status_code == 422


def test_a_preview_and_a_question_to_memory_are_not_remembered(ann: Person) -> None:
    ann.ask("add oats to the shopping list", preview=True)
    ann.ask("remember that the ladder is at the neighbours'")
    ann.ask("what did I say about the ladder?")
    ann.ask("what did I say about the ladder?")
    assert [(row["text"], row["asked"]) for row in ann.notes()] == [("the ladder is at the neighbours'", True)]


def test_facts_are_read_with_their_sources_and_corrected(ann: Person) -> None:
    ann.bring(note_at(9, "I live in Lyon", id=f"{ann.name}-1"))
    [fact] = ann.get("facts", subject=ann.name).json()["facts"]
    assert (fact["relation"], fact["value"], fact["sources"]) == ("lives_in", "Lyon", [f"{ann.name}-1"])
    why = ann.get(f"why/{fact['id']}").json()
    assert "I live in Lyon" in why["text"]
    assert [row["id"] for row in why["sources"]] == [f"{ann.name}-1"]
    assert [row["text"] for row in ann.notes(kind="fact")] == ["I live in Lyon"]
    people = ann.get("people").json()["subjects"]
    assert ann.name in [one["name"] for one in people]
    done = ann.post("memory/correct", id=fact["id"], text="I live in Nice")
    assert done.status_code == 200, done.text
    assert [one["value"] for one in ann.get("facts", subject=ann.name).json()["facts"]] == ["Nice"]
    past = ann.get("facts/history", subject=ann.name, relation="lives_in").json()["facts"]
    assert [one["value"] for one in past] == ["Lyon", "Nice"]
    assert ann.get("why/nothing").status_code == 404
    assert ann.post("memory/correct", id="nothing", text="x").status_code == 404


def test_what_one_member_holds_no_other_reads(ann: Person, bob: Person) -> None:
    ann.bring(note_at(9, "I live in Lyon", id=f"{ann.name}-1"))
    [fact] = ann.get("facts").json()["facts"]
    assert (bob.notes(), bob.get("facts").json()["facts"], bob.get("people").json()["subjects"]) == ([], [], [])
    for known in (fact["id"], f"{ann.name}-1"):
        assert bob.get(f"why/{known}").status_code == 404
        assert bob.post("memory/correct", id=known, text="I live in Rome").status_code == 404
        assert bob.post("memory/forget", ids=[known]).json()["forgotten"] == 0
    assert bob.get("export").text == ""
    assert len(ann.notes()) == 1


def test_an_import_tells_of_each_line_that_it_refuses(ann: Person, bob: Person) -> None:
    mine = note_at(9, "The heron stood on the roof")
    done = ann.bring(
        mine, mine, "{", '{"id": 7}', note_at(9, f"my card is {CARD}"), {"kind": "fact", "text": "x"}, "", mine
    )
    assert (done["imported"], done["merged"], done["refused"]) == (1, 2, 3)
    assert [error["id"] for error in done["errors"]][:2] == [None, 7]
    assert "card number" in done["errors"][2]["error"]
    assert ann.notes()[0]["times"] == 1
    taken = bob.bring(mine | {"text": "Another text"})
    assert (taken["imported"], taken["refused"]) == (1, 0)  # under an id of its own: whose the other is stays untold
    assert ann.name not in json.dumps(taken)


def test_what_is_taken_out_comes_back_the_same(ann: Person) -> None:
    ann.bring(
        note_at(8, "I live in Lyon"), note_at(9, "The heron is on the roof", times=3, last=NOW), note_at(9, "Tea")
    )
    before = (ann.notes(), ann.recalls("where is the heron?"), ann.get("facts").json())
    out = ann.get("export")
    assert out.headers["content-type"] == "application/x-ndjson"
    assert "attachment" in out.headers["content-disposition"]
    erased = ann.post("memory/erase", confirm=ann.name)
    assert erased.status_code == 200, erased.text
    assert erased.json()["removed"]["notes"] == 3
    assert ann.notes() == []
    back = ann.bring(*out.text.splitlines())
    assert (back["imported"], back["merged"], back["refused"]) == (3, 0, 0)
    assert (ann.notes(), ann.recalls("where is the heron?"), ann.get("facts").json()) == before


def test_forgetting_shows_first_and_then_forgets(ann: Person) -> None:
    ann.bring(note_at(8, "The heron stood on the roof"), note_at(9, "Bob likes rye bread"), note_at(10, "Tea is gone"))
    shown = ann.post("memory/forget", topic="the heron", preview=True).json()
    assert ([row["text"] for row in shown["notes"]], shown["forgotten"]) == (["The heron stood on the roof"], 1)
    assert len(ann.notes()) == 3
    gone = ann.post("memory/forget", topic="the heron").json()
    assert (gone["forgotten"], gone["verified"], gone["notes"]) == (1, True, [shown["notes"][0]["id"]])
    assert ann.post("memory/forget", since="2026-03-01T09:30:00").json()["forgotten"] == 1
    assert [row["text"] for row in ann.notes()] == ["Bob likes rye bread"]
    assert ann.post("memory/forget").status_code == 422
    assert ann.post("memory/erase", confirm="").status_code == 422


def test_a_member_brings_takes_and_erases_their_own_alone(site: Site, ann: Person) -> None:
    token = Tokens(site.hub.engine).make("carla")
    carla = Person(site, token, "carla")
    with carla.http:
        done = carla.bring(
            note_at(9, "mine"),
            note_at(9, "not mine", member=ann.name),
            note_at(9, "I owe everybody money", who=ann.name, scope="household"),
        )
        assert (done["imported"], done["refused"]) == (2, 1)
        assert [row["source"] for row in carla.notes(who=ann.name)] == ["untrusted"]
        for path in ("timeline", "facts", "export", "people", "status"):
            assert carla.get(path, member=ann.name).status_code == 403
        assert carla.post("memory/erase", member=ann.name, confirm=ann.name).status_code == 403
        carla.post("memory/erase", confirm="carla")


def test_a_body_of_many_megabytes_is_read_line_by_line(ann: Person) -> None:
    rows = [note_at(9, f"number {each} " + "long " * 20_000) for each in range(30)]
    assert ann.bring(*rows)["imported"] == 30
    status = ann.get("status").json()
    assert (status["member"], status["notes"], status["indexed"]) == (ann.name, 30, 30)


def test_a_secret_said_in_a_turn_is_told_of_and_kept_in_no_file(site: Site, ann: Person) -> None:
    said = {
        "my bank PIN is 739155": "PIN",
        "remember that my netflix password is Zw0ub4dor&3": "password",
        f"my card number is {CARD}": "card number",
        "the wifi password is “heron-42-blau”": "password",
    }
    secrets = ("739155", "Zw0ub4dor", CARD, "heron-42-blau", "river7stone9")
    for text, kind in said.items():
        assert f"{kind}" in ann.ask(text)["text"]
        assert "nowhere" in ann.ask(text)["text"]
    refused = ann.post("remember", text=f"the card of the club is {CARD}").json()
    assert (refused["status"], "nowhere" in refused["text"]) == ("error", True)
    ann.post("calls", tool="memory_remember", arguments={"text": f"card {CARD}"})
    ann.post("recall", query="my password is Zw0ub4dor&3")
    assert ann.bring(note_at(9, f"pay with {CARD}"))["refused"] == 1
    kept = json.dumps([ann.notes(), ann.http.get("/api/flows", params={"member": ann.name}).json()])
    assert "my card number is [card number]" in kept
    for file in site.hub.settings.home.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert [secret for secret in secrets if secret.encode() in content] == [], file


def test_a_request_that_needs_a_secret_still_works_and_only_its_words_are_masked(ann: Person) -> None:
    done = ann.ask("make a wifi QR code for the network Heron with the password river7stone")
    assert [call["status"] for call in done["calls"]] == ["done"]
    assert "without the password" in done["text"]
    assert ann.notes()[0]["text"] == "make a wifi QR code for the network Heron with the password [password]"


def test_what_is_for_the_vault_goes_there_untouched(ann: Person) -> None:
    ann.ask("create a vault with the pass phrase “green lamps over quiet water”")
    saved = ann.ask("save the password “q9-Otter-77” for the router")
    assert saved["text"] == "Saved router in your vault."
    shown = ann.ask("what's the password for the router?")
    assert shown["calls"][0]["result"]["data"]["shown"]["secret"] == "q9-Otter-77"
    assert ann.notes() == []
