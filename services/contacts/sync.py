"""The address book in step with a CardDAV server, both ways.

Must stay true: of a card on the server only the fields that changed here are rewritten: photos, further numbers and
what we don't know stay. Contacts that were here before the first sync are the same as those there by their names.
"""

from __future__ import annotations

import hashlib
import os

from services.contacts import vcard
from services.contacts.card import lines_of, patched, value_of
from services.contacts.person import FIELDS, Person, by_id, people, store
from services.kit import Context, Refusal, Reply
from services.kit.account import Account
from services.kit.dav import ADDRESS_BOOKS
from services.kit.merging import Fields
from services.kit.outside import put_file

TABLES = """
CREATE TABLE IF NOT EXISTS card(
    id INTEGER PRIMARY KEY AUTOINCREMENT, contact INTEGER NOT NULL UNIQUE, uid TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS card_uid ON card(uid);
"""
"""Which card on the server a contact is."""
HOME_FILE = "home-id"
EXAMPLES = (
    "sync my contacts",
    "synchronise the address book with the server",
    "fetch new people from my CardDAV address book",
    "bring my contacts in step with my phone's",
    "send my contacts to Nextcloud",
    "pull in the numbers that changed in my online address book",
    "refresh the contacts from the cloud",
    "update the address book over CardDAV please",
)


ACCOUNT = Account("contacts", "carddav", "carddav_book", "address book", ADDRESS_BOOKS)


def sync(ctx: Context) -> Reply:
    """Bring the contacts in step with the address book server that was set, both ways: fetch and send what changed."""
    return ACCOUNT.sync(ctx, Cards)


class Cards:
    """The member's contacts, as the mirror wants them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._home = home_id(ctx)

    def all(self) -> dict[str, Fields]:
        """Every contact; one that is new here gets a UID that is the same each time it is asked."""
        known = self._known()
        found: dict[str, Fields] = {}
        for person in people(self._ctx):
            uid = known.get(person.id) or f"muos-{self._home}-{person.id}"
            found[uid] = as_fields(person)
        return found

    def _known(self) -> dict[int, str]:
        rows = self._ctx.db.execute(
            "SELECT k.contact, k.uid FROM card k JOIN contact c ON c.id=k.contact WHERE c.member=?", (self._ctx.member,)
        )
        return {row["contact"]: row["uid"] for row in rows}

    def read(self, raw: str) -> tuple[str, Fields] | None:
        """A card of the server's; None for groups, and what has neither UID nor name."""
        lines = lines_of(raw)
        kind = value_of(lines, "KIND") or value_of(lines, "X-ADDRESSBOOKSERVER-KIND")
        uid = value_of(lines, "UID").strip()
        if not uid or kind.strip().lower() == "group":
            return None
        try:
            name, fields = next(iter(vcard.read(raw)))
        except (Refusal, StopIteration):
            return None
        return uid, {"name": name[:120], **{field: fields.get(field, "") for field in FIELDS}}

    def match(self, fields: Fields) -> str | None:
        """The only contact of the same name, if it is no card on the server yet."""
        known = self._known()
        alike = [p for p in people(self._ctx) if p.name.casefold() == str(fields["name"]).casefold()]
        if len(alike) != 1 or alike[0].id in known:
            return None
        return f"muos-{self._home}-{alike[0].id}"

    def rename(self, uid: str, other: str) -> None:
        """The contact is that card on the server."""
        self._bind(int(uid.rpartition("-")[2]), other)

    def _bind(self, contact: int, uid: str) -> None:
        self._ctx.db.execute("DELETE FROM card WHERE contact=?", (contact,))
        self._ctx.db.execute("INSERT INTO card(contact, uid) VALUES(?,?)", (contact, uid))

    def keep(self, uid: str, fields: Fields) -> None:
        """Make the contact, or change it."""
        there = self._person(uid)
        given = {field: str(fields[field]) for field in FIELDS}
        person = store(self._ctx, there, str(fields["name"]), {"name": str(fields["name"]), **given})
        if there is None:
            self._bind(person.id, uid)

    def drop(self, uid: str) -> None:
        """Delete the contact."""
        person = self._person(uid)
        if person is not None:
            self._ctx.db.execute("DELETE FROM card WHERE contact=?", (person.id,))
            self._ctx.db.execute("DELETE FROM contact WHERE id=? AND member=?", (person.id, self._ctx.member))

    def _person(self, uid: str) -> Person | None:
        row = self._ctx.db.execute(
            "SELECT c.id FROM card k JOIN contact c ON c.id=k.contact WHERE k.uid=? AND c.member=?",
            (uid, self._ctx.member),
        ).fetchone()
        own, _, number = uid.rpartition("-")
        if row is not None:
            return by_id(self._ctx, row["id"])
        return by_id(self._ctx, int(number)) if own == f"muos-{self._home}" and number.isdecimal() else None

    def named(self, fields: Fields) -> str:
        """The name."""
        return str(fields.get("name", ""))

    def written(self, uid: str, fields: Fields, raw: str, base: Fields) -> str:
        """The server's card with what changed here."""
        changed = {field for field in ("name", *FIELDS) if fields[field] != base.get(field, "")}
        return patched(raw, uid, {field: str(fields[field]) for field in ("name", *FIELDS)}, changed)


def as_fields(person: Person) -> dict[str, str]:
    """A contact's fields."""
    return {"name": person.name, **{field: str(getattr(person, field)) for field in FIELDS}}


def home_id(ctx: Context) -> str:
    """What tells this home's new cards from those of another; written at once, so that a second try has the same."""
    file = ctx.folder / HOME_FILE
    if not file.is_file():
        put_file(file, hashlib.sha256(os.urandom(32)).hexdigest()[:16].encode())
    return file.read_text()
