"""How a contact and what is known of it are said."""

from __future__ import annotations

from datetime import date

from services.contacts.person import FIELDS, Person, born, spoken_birthday
from services.kit import Context
from services.kit.speech import spoken_day


def spoken_name(field: str) -> str:
    """The field's name in a sentence."""
    return {"phone": "number", "email": "email address", "relation": "relation to you"}.get(field, field)


def said_field(person: Person, field: str) -> str:
    """A detail in a row of details."""
    value = str(getattr(person, field))
    if field == "birthday":
        return f"birthday {spoken_birthday(value)}"
    return f"your {value}" if field == "relation" else value


def said_detail(person: Person, field: str) -> str:
    """One detail, in a sentence."""
    value = str(getattr(person, field))
    if not value:
        return f"I don't know {person.name}'s {spoken_name(field)}."
    if field == "birthday":
        return f"{person.name}'s birthday is {spoken_birthday(value)}."
    if field == "relation":
        return f"{person.name} is your {value}."
    return f"{person.name}'s {spoken_name(field)} {'are' if field == 'notes' else 'is'} {value}."


def said_person(person: Person) -> str:
    """All that is known, in a sentence."""
    details = [said_field(person, field) for field in FIELDS if getattr(person, field)]
    return f"{person.name}: {', '.join(details)}." if details else f"{person.name}: nothing else is known."


def said_birthday(ctx: Context, day: date, person: Person) -> str:
    """Anna turns 36 tomorrow."""
    year, _, _ = born(person.birthday)
    if year is None:
        return f"{person.name}'s birthday is {spoken_day(day, ctx.now)}"
    return f"{person.name} turns {day.year - year} {spoken_day(day, ctx.now)}"
