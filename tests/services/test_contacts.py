"""The contacts service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.contacts.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(tool: str, id: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002 - a call's id
        meta = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


ANNA = {"name": "Anna", "phone": "+44 20 7946 0958", "relation": "sister"}
CARDS = """BEGIN:VCARD
VERSION:3.0
N:Bloggs;Joe;;;
FN:Joe Bloggs
TEL;TYPE=CELL:555 0142
TEL;TYPE=HOME:555 0143
EMAIL:joe@example.org
ADR;TYPE=HOME:;;12 Hill Road;Bath;;BA1 1AA;UK
BDAY:19900503
ORG:Acme;Sales
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Zoë Kravać
BDAY:--0229
END:VCARD
"""


@pytest.mark.parametrize("name", ["my sister", "sister", "Anna", "anna's", "my sister's", "ann", "sis"])
def test_a_number_is_found_by_name_part_and_relation(say: Say, name: str) -> None:
    say("save", **ANNA)
    say("save", name="Bob", phone="555 0100")
    assert say("find", name=name, field="phone")[0] == "Anna's number is +44 20 7946 0958."


def test_saving_again_changes_only_what_is_given(say: Say) -> None:
    assert say("save", **ANNA)[0] == "Saved Anna: +44 20 7946 0958, your sister."
    assert say("save", name="anna", email="anna@example.org")[0] == "Changed Anna: anna@example.org."
    assert say("find", name="Anna")[0] == "Anna: +44 20 7946 0958, anna@example.org, your sister."
    assert len(say("list")[1]["contacts"]) == 1


def test_saving_by_relation_changes_that_person(say: Say) -> None:
    say("save", **ANNA)
    assert say("save", name="my sister", address="12 Hill Road")[0] == "Changed Anna: 12 Hill Road."


def test_a_first_name_means_the_only_one_who_has_it_but_a_part_of_a_word_is_someone_new(say: Say) -> None:
    say("save", name="Anna Smith", phone="555 0100")
    assert say("save", name="Anna", email="anna@example.org")[0].startswith("Changed Anna Smith")
    assert say("save", name="Ann", phone="555 0101")[0].startswith("Saved Ann:")
    assert say("save", name="Anna Jones", phone="555 0102")[0].startswith("Saved Anna Jones:")
    assert say("save", name="Anna", phone="555 0103")[0] == "!Which one do you mean: Anna Jones or Anna Smith?"
    assert say("delete", name="Anna")[0].startswith("!Which one")
    assert (
        say("find", name="Anna", field="phone")[0]
        == "Anna Jones's number is 555 0102. Anna Smith's number is 555 0100."
    )


def test_mum_mom_and_mother_are_one(say: Say) -> None:
    say("save", name="Ruth", relation="mum", phone="555 0100")
    assert "555 0100" in say("find", name="my mother", field="phone")[0]
    assert say("save", name="my mom", email="ruth@example.org")[0].startswith("Changed Ruth")


def test_what_is_not_known_is_said(say: Say) -> None:
    say("save", **ANNA)
    assert say("find", name="Anna", field="email")[0] == "!I don't know Anna's email address."
    assert say("find", name="Zed")[0] == "!I know no contact called 'Zed'."


def test_an_address_book_belongs_to_one_member(say: Say) -> None:
    say("save", member="owner", **ANNA)
    assert say("find", member="bob", name="Anna")[0].startswith("!")
    assert say("list", member="bob")[0] == "You have no contacts yet."
    assert say("delete", member="bob", name="Anna")[0].startswith("!")
    assert say("save", member="bob", name="my sister", phone="555 0100")[0] == "Saved sister: 555 0100."


def test_a_detail_is_cleared_and_a_contact_deleted_and_both_come_back(say: Say) -> None:
    say("save", **ANNA)
    assert say("clear", id="c1", name="Anna", field="phone")[0] == "Removed Anna's number."
    assert say("find", name="Anna", field="phone")[0].startswith("!")
    assert not service.answer("undo", {"call": "c1"}, {"muos/call": "u1"}).is_error
    say("delete", id="d1", name="Anna")
    assert not service.answer("undo", {"call": "d1"}, {"muos/call": "u2"}).is_error
    assert "7946" in say("find", name="Anna", field="phone")[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "call me"), ("phone", "12"), ("email", "anna"), ("email", "a b@c.d"), ("birthday", "soon")],
)
def test_what_is_no_number_no_address_and_no_date_is_refused(say: Say, field: str, value: str) -> None:
    assert say("save", name="Anna", **{field: value})[0].startswith("!")
    assert say("list")[1]["contacts"] == []


def test_birthdays_come_in_order_with_the_age_where_the_year_is_known(say: Say) -> None:
    say("save", name="Anna", birthday="1990-03-05")
    say("save", name="Bob", birthday="2026-03-20")
    say("save", name="Cleo", birthday="1980-12-24")
    assert say("birthdays")[0] == "Anna turns 36 tomorrow; Bob's birthday is Friday 20 March."
    assert say("birthdays", days=0)[0] == "No birthdays in the next 0 days. The next is Anna's, tomorrow."
    assert say("find", name="Bob", field="birthday")[0] == "Bob's birthday is 20 March."
    assert say("find", name="Anna", field="birthday")[0] == "Anna's birthday is 5 March 1990."


def test_vcards_come_in_and_go_out_whole(say: Say) -> None:
    assert say("import", id="i1", content=CARDS)[0] == "Imported 2 contacts: 2 new."
    assert say("find", name="Joe")[0] == (
        "Joe Bloggs: 555 0142, joe@example.org, 12 Hill Road, Bath, BA1 1AA, UK, birthday 3 May 1990, Acme, Sales."
    )
    before = say("list")[1]["contacts"]
    exported = say("export")[1]["vcard"]
    assert say("import", content=exported)[0] == "Imported 2 contacts: 2 changed."
    assert say("list")[1]["contacts"] == before


def test_an_import_is_taken_back_as_one(say: Say) -> None:
    say("import", id="i1", content=CARDS)
    assert not service.answer("undo", {"call": "i1"}, {"muos/call": "u1"}).is_error
    assert say("list")[0] == "You have no contacts yet."


@pytest.mark.parametrize(
    "content", ["", "hello", "BEGIN:VCARD", "BEGIN:VCARD\nFN\nEND:VCARD", "BEGIN:VCALENDAR\nEND:VCALENDAR"]
)
def test_what_is_no_vcard_is_refused(say: Say, content: str) -> None:
    assert say("import", content=content)[0].startswith("!")


def test_a_birthday_on_29_february_is_kept_in_other_years(say: Say) -> None:
    say("import", content=CARDS)
    assert say("birthdays", days=366)[1]["birthdays"][-1] == {"name": "Zoë Kravać", "date": "2027-03-01"}


def test_names_and_relations_are_told(say: Say) -> None:
    result = service.answer("save", ANNA, {"muos/call": "n1"})
    assert result.meta is not None
    assert result.meta["muos/names"] == {"contact": ["Anna", "sister"]}
