"""The address book against a real CardDAV server: both ways, and nothing lost that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.card import folded, lines_of, patched
from services.contacts.server import service
from tests.services.davserver import PASSWORD, USER, DavServer, answering, dav_server
from tests.services.direct import direct

Say = Callable[..., tuple[str, dict[str, Any]]]
PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 40
JOE = f"""BEGIN:VCARD
VERSION:3.0
UID:joe-1
N:Bloggs;Joe;;Dr;
FN:Joe Bloggs
item1.TEL;TYPE=CELL:555 0142
item1.X-ABLABEL:Boat
TEL;TYPE=HOME:555 0143
EMAIL:joe@example.org
X-OTHER-THING:kept
{PHOTO}
END:VCARD
"""
ZOE = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:zoe-1
FN:Zoë Kravać
TEL;VALUE=uri:tel:+33-1-99-00-12-34
BDAY:--0229
END:VCARD
"""
IN_STEP = "Your address book is in step with 127.0.0.1: "


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DavServer]:
    """A CardDAV server with one address book."""
    with dav_server(tmp_path / "dav") as served:
        served.make("people", "addressbook", "People")
        yield served


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: DavServer) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(service, "_store", None)
    settings = {"carddav_address": server.url, "carddav_user": USER, "carddav_password": PASSWORD}

    def call(tool: str, id: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002 - a call's id
        meta = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris", "muos/settings": settings})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    with direct(monkeypatch):
        yield call
    service._opened().db.close()


def test_people_come_and_go_both_ways(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    server.put("people/zoe.vcf", ZOE)
    say("save", name="Anna", phone="555 0100", relation="sister")
    assert say("sync")[0] == f"{IN_STEP}2 new here, 1 new on the server."
    assert say("find", name="Joe", field="phone")[0] == "Joe Bloggs's number is 555 0142."
    assert say("find", name="Zoë", field="birthday")[0] == "Zoë Kravać's birthday is 29 February."
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."
    (anna,) = [text for text in server.entries("people").values() if "FN:Anna" in text]
    assert "TEL:555 0100" in anna
    assert "ROLE:sister" in anna


def test_a_changed_number_leaves_photo_further_numbers_and_unknown_things(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    say("sync")
    say("save", name="Joe", phone="555 0199", address="3 Quay Street; left, door")
    assert say("sync")[0] == f"{IN_STEP}1 changed on the server."
    text = server.get("people/joe.vcf").replace("\n ", "")
    assert "TEL;TYPE=CELL:555 0199" in text
    assert "TEL;TYPE=HOME:555 0143" in text
    assert "X-OTHER-THING:kept" in text
    assert "QUJD" * 40 in text
    assert "N:Bloggs;Joe;;Dr;" in text
    say("sync")
    assert "3 Quay Street; left, door" in say("find", name="Joe")[0]


def test_who_is_on_both_sides_by_name_stays_one(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    say("save", name="joe bloggs", relation="neighbour", phone="555 0142")
    say("sync")
    (one,) = say("list")[1]["contacts"]
    assert (one["email"], one["relation"]) == ("joe@example.org", "neighbour")
    assert len(server.entries("people")) == 1
    assert "ROLE:neighbour" in server.get("people/joe.vcf")
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."


def test_deletions_go_both_ways_and_a_change_wins(say: Say, server: DavServer) -> None:
    for number in range(4):
        server.put(f"people/p{number}.vcf", JOE.replace("joe-1", f"p-{number}").replace("Joe", f"P{number}"))
    say("sync")
    say("delete", name="P0")
    server.delete("people/p1.vcf")
    say("save", name="P2", phone="555 0777")
    server.delete("people/p2.vcf")
    text, data = say("sync")
    assert data["notes"] == ["P2 Bloggs was deleted on the server and changed here, so I kept it."], text
    assert {row["name"] for row in say("list")[1]["contacts"]} == {"P2 Bloggs", "P3 Bloggs"}
    assert len(server.entries("people")) == 2


def test_the_same_field_changed_on_both_sides_is_the_servers(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    say("sync")
    say("save", name="Joe", email="mine@example.org", company="Acme")
    server.put("people/joe.vcf", JOE.replace("joe@example.org", "theirs@example.org"))
    assert say("sync")[1]["notes"] == [
        "Joe Bloggs was changed on both sides; I kept the server's, yours had email mine@example.org."
    ]
    assert "Acme" in server.get("people/joe.vcf")
    assert "theirs@example.org" in say("find", name="Joe")[0]


def test_an_interrupted_sync_doubles_nobody(say: Say, server: DavServer) -> None:
    for name in ("Anna", "Bob", "Cleo"):
        say("save", name=name, phone="555 0100")
    db = service._opened().db
    db.execute("CREATE TEMP TRIGGER lost BEFORE INSERT ON dav_item BEGIN SELECT RAISE(ABORT, 'killed'); END")
    assert say("sync")[0].startswith("!")
    db.execute("DROP TRIGGER lost")
    assert len(server.entries("people")) == 1
    say("sync")
    assert len(server.entries("people")) == 3
    assert say("sync")[0] == f"{IN_STEP}nothing had changed."
    assert len(say("list")[1]["contacts"]) == 3


def test_groups_and_cards_without_a_name_stay_on_the_server(say: Say, server: DavServer) -> None:
    group = "BEGIN:VCARD\nVERSION:3.0\nUID:g-1\nFN:Family\nN:;;;;\nX-ADDRESSBOOKSERVER-KIND:group\nEND:VCARD\n"
    server.put("people/g.vcf", group)
    assert "1 on the server can't be kept here" in say("sync")[0]
    assert say("list")[1]["contacts"] == []
    assert len(server.entries("people")) == 1


def test_fetching_is_taken_back(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    say("sync", id="s1")
    say("undo", call="s1", id="u1")
    assert say("list")[1]["contacts"] == []
    assert say("sync")[1]["here"]["new"] == 1


def test_a_refused_card_is_named_and_a_faulty_server_too(say: Say, server: DavServer) -> None:
    say("save", name="Anna", phone="555 0100")
    server.fault = answering("507 Insufficient Storage", "PUT")
    assert say("sync")[0].startswith("!127.0.0.1 has a problem of its own")
    server.fault = answering("409 Conflict", "PUT")
    assert "Anna was not taken by the server (status 409); it stays here only." in say("sync")[0]
    server.fault = answering("401 Unauthorized")
    assert say("sync")[0] == "!127.0.0.1 does not accept the user name or the password."


def test_an_address_book_of_another_member_is_not_touched(say: Say, server: DavServer) -> None:
    server.put("people/joe.vcf", JOE)
    say("sync", member="anna")
    assert say("list", member="bob")[1]["contacts"] == []
    say("sync", member="bob")
    say("delete", member="anna", name="Joe")
    assert len(say("list", member="bob")[1]["contacts"]) == 1


def test_a_tel_uri_stays_one_and_what_is_empty_goes() -> None:
    card = patched(ZOE, "", {"phone": "+33 1 99 00 99 99", "birthday": ""}, {"phone", "birthday"})
    assert "TEL;VALUE=uri:tel:+33199009999" in card
    assert "BDAY" not in card
    assert "FN:Zoë Kravać" in card


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_folded_line_unfolds_to_itself(text: str) -> None:
    line = f"NOTE:{text}x"
    assert lines_of(folded(line)) == [line.strip()]
    assert all(len(piece.encode()) <= 75 for piece in folded(line).split("\r\n"))
