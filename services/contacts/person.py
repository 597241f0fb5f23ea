"""A person in a member's address book, and finding one by a part of the name or by relation ("my sister").

Must stay true: every query is bound to the member who asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from services.kit import Context, Refusal, Thing

TABLES = """
CREATE TABLE IF NOT EXISTS contact(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, name TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
    birthday TEXT NOT NULL DEFAULT '', relation TEXT NOT NULL DEFAULT '', company TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS contact_member ON contact(member);
"""
FIELDS = ("phone", "email", "address", "birthday", "relation", "company", "notes")
SAME_RELATION = {
    "mother": ("mother", "mum", "mom", "mummy", "mommy", "mama", "mam"),
    "father": ("father", "dad", "daddy", "papa", "pa"),
    "sister": ("sister", "sis"),
    "brother": ("brother", "bro"),
    "grandmother": ("grandmother", "grandma", "granny", "nana", "gran"),
    "grandfather": ("grandfather", "grandpa", "granddad", "grandad"),
    "partner": ("partner", "other half"),
    "wife": ("wife", "missus"),
    "husband": ("husband", "hubby"),
    "doctor": ("doctor", "gp", "physician"),
    "boss": ("boss", "manager"),
    "aunt": ("aunt", "auntie", "aunty"),
}
ONE_WORD = {word: relation for relation, said in SAME_RELATION.items() for word in said}


class Person(NamedTuple):
    """One contact; empty is unknown."""

    id: int
    name: str
    phone: str
    email: str
    address: str
    birthday: str
    """ISO 8601: 1990-05-03, or --05-03 where the year is unknown."""
    relation: str
    """What the person is to the member: sister, dentist."""
    company: str
    notes: str

    def known(self) -> dict[str, str]:
        """The fields that are filled, by name."""
        return {field: value for field in FIELDS if (value := str(getattr(self, field)))}

    def as_data(self) -> dict[str, str]:
        """The contact for programs."""
        return {"id": str(self.id), "name": self.name, **self.known()}

    def as_thing(self) -> Thing:
        """The contact, so that "her" can mean it."""
        return Thing("contact", self.name, str(self.id))


def people(ctx: Context) -> list[Person]:
    """The member's contacts by name."""
    rows = ctx.db.execute(
        f"SELECT id, name, {', '.join(FIELDS)} FROM contact WHERE member=? ORDER BY name COLLATE NOCASE, id",
        (ctx.member,),
    )
    return [Person(*row) for row in rows]


def by_id(ctx: Context, number: int) -> Person | None:
    """The member's contact of that id."""
    row = ctx.db.execute(
        f"SELECT id, name, {', '.join(FIELDS)} FROM contact WHERE member=? AND id=?", (ctx.member, number)
    ).fetchone()
    return Person(*row) if row else None


def plain(said: str) -> str:
    """What was said without "my", "the" and an owner's s, in lower case."""
    bare = re.sub(r"['\u2019]s?$", "", " ".join(said.casefold().split()).strip(" ?.!,"))
    return re.sub(r"^(?:my|our|the)\s+", "", bare)


def plain_relation(said: str) -> str:
    """One word for one relation: mum is mother."""
    bare = plain(said)
    return ONE_WORD.get(bare, bare)


def fitting(ctx: Context, said: str) -> list[Person]:
    """Those who may be meant: by the whole name, else by relation, else by words, else by beginnings of words."""
    wanted, everybody = plain(said), people(ctx)
    words = re.findall(r"\w+", wanted)
    if not words:
        return []

    def all_in(person: Person, *, whole: bool) -> bool:
        has = re.findall(r"\w+", person.name.casefold())
        return all(any(word == name if whole else name.startswith(word) for name in has) for word in words)

    return (
        [person for person in everybody if person.name.casefold() == wanted]
        or [
            person
            for person in everybody
            if person.relation and plain_relation(person.relation) == plain_relation(wanted)
        ]
        or [person for person in everybody if all_in(person, whole=True)]
        or [person for person in everybody if all_in(person, whole=False)]
    )


def only(ctx: Context, said: str) -> Person:
    """The one who is meant; refuses where there is none or more than one."""
    found = fitting(ctx, said)
    if not found:
        raise Refusal(f"I know no contact called {said.strip()!r}.")
    if len(found) > 1:
        raise Refusal(f"Which one do you mean: {' or '.join(told_apart(found))}?")
    return found[0]


def told_apart(found: list[Person]) -> list[str]:
    """Names, with what tells people of one name apart."""
    names = [person.name.casefold() for person in found]
    return [
        person.name + (f" ({next(iter(person.known().values()), 'nothing known')})" if names.count(name) > 1 else "")
        for person, name in zip(found, names, strict=True)
    ]


def store(ctx: Context, person: Person | None, name: str, given: Mapping[str, str]) -> Person:
    """Make a contact, or change what is given of one that is there."""
    if person is None:
        new = ctx.db.execute("INSERT INTO contact(member, name) VALUES(?,?)", (ctx.member, name)).lastrowid
        person = Person(new or 0, name, "", "", "", "", "", "", "")
    after = Person(**{**person._asdict(), **given})
    ctx.db.execute(
        f"UPDATE contact SET name=?, {', '.join(f'{field}=?' for field in FIELDS)} WHERE id=? AND member=?",
        (after.name, *(getattr(after, field) for field in FIELDS), after.id, ctx.member),
    )
    return after


def checked_phone(said: str) -> str:
    """The number as it was said; refuses what is none."""
    number = " ".join(said.split())
    if not re.fullmatch(r"\+?[\d\s()./\-]{3,40}(?:\s*(?:x|ext\.?)\s*\d{1,6})?", number) or not re.search(
        r"(?:\d\D*){3}", number
    ):
        raise Refusal(f"{said!r} does not look like a phone number.")
    return number


def checked_email(said: str) -> str:
    """The address; refuses what is none."""
    address = said.strip()
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@.]+", address):
        raise Refusal(f"{said!r} does not look like an email address.")
    return address


def stored_birthday(day: date, today: date) -> str:
    """The birthday; this year's or a later date is the anniversary, as people say it, with the year unknown."""
    return f"--{day:%m-%d}" if day.year >= today.year else day.isoformat()


def born(birthday: str) -> tuple[int | None, int, int]:
    """Year (None: unknown), month and day."""
    if birthday.startswith("--"):
        return None, int(birthday[2:4]), int(birthday[5:7])
    day = date.fromisoformat(birthday)
    return day.year, day.month, day.day


def next_birthday(birthday: str, today: date) -> date:
    """The next one from today on; that of 29 February is kept on 1 March in other years."""
    _, month, day = born(birthday)
    for year in (today.year, today.year + 1):
        try:
            coming = date(year, month, day)
        except ValueError:
            coming = date(year, 3, 1)
        if coming >= today:
            return coming
    raise AssertionError(birthday)


def spoken_birthday(birthday: str) -> str:
    """3 May, or 3 May 1990."""
    year, month, day = born(birthday)
    text = f"{day} {date(2000, month, day):%B}"
    return f"{text} {year}" if year else text
