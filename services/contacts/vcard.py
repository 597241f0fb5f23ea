"""Contacts as vCards (RFC 6350, RFC 2426), the format that every address book reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import vobject

from services.contacts.person import Person
from services.kit import Refusal

TEXTS = {"phone": "tel", "email": "email", "relation": "role", "company": "org", "notes": "note"}
"""Our fields by vCard property; `role` is the nearest to a relation that other programs keep."""


def written(people: list[Person]) -> str:
    """One vCard after the other."""
    return "".join(written_one(person) for person in people)


def written_one(person: Person) -> str:
    """A vCard 3.0."""
    card = vobject.vCard()
    card.add("fn").value = person.name
    first, _, last = person.name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=last if first else "", given=first or last)
    for field, key in TEXTS.items():
        value = getattr(person, field)
        if value:
            card.add(key).value = [value] if key == "org" else value
    if person.address:
        card.add("adr").value = vobject.vcard.Address(street=person.address)
    if person.birthday:
        card.add("bday").value = person.birthday
    return str(card.serialize())


def read(content: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and fields of each vCard; refuses text that is none."""
    found = 0
    try:
        for card in vobject.readComponents(content, ignoreUnreadable=True):
            name = first_text(card, "fn") or first_text(card, "n") or first_text(card, "org")
            if card.name == "VCARD" and name:
                found += 1
                yield name, fields(card)
    except (vobject.base.ParseError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise Refusal(f"That is not a readable vCard: {str(error)[:120]}.") from error
    if not found:
        raise Refusal("There is no vCard in that text.")


def fields(card: Any) -> dict[str, str]:
    """What of a vCard we keep."""
    values = {field: first_text(card, key) for field, key in TEXTS.items()}
    values["address"] = first_text(card, "adr")
    values["birthday"] = birthday(first_text(card, "bday"))
    return {field: value for field, value in values.items() if value}


def first_text(card: Any, key: str) -> str:
    """The first value of a property, in one line."""
    values = card.contents.get(key, [])
    value = values[0].value if values else ""
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    parts = re.split(r"[\n,]", str(value).strip().removeprefix("tel:"))
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())


def birthday(text: str) -> str:
    """1990-05-03, 19900503, --05-03 or --0503 as we keep it; nothing where it can't be read."""
    match = re.match(r"(\d{4}|--)-?(\d\d)-?(\d\d)", text)
    if match is None:
        return ""
    year, month, day = match.groups()
    try:
        date(2000 if year == "--" else int(year), int(month), int(day))
    except ValueError:
        return ""
    return f"--{month}-{day}" if year == "--" else f"{year}-{month}-{day}"
