"""A member's vault: what is sealed, how, and for how long it stays open.

Must stay true: neither the pass phrase nor anything that was put in reaches the disk unsealed; a key is in the memory
of this process alone and goes with it. Argon2id (RFC 9106, its second recommended choice) makes a key of the pass
phrase; that key seals the vault's own random key, and this one each entry, both with AES-256-GCM. The names of the
member and of the entry are sealed along, so that no entry can be passed off as another's.

Does not cover: someone who can change the file can put an older state of it back.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import time
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from services.kit import Context, Refusal

TABLES = """
CREATE TABLE IF NOT EXISTS vault(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL UNIQUE, lock TEXT NOT NULL, key BLOB NOT NULL,
    changes INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entry(
    id INTEGER PRIMARY KEY AUTOINCREMENT, vault INTEGER NOT NULL REFERENCES vault(id), tag TEXT NOT NULL,
    sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_vault ON entry(vault);
"""
NONCE = 12
LOCK = {"memory_kib": 65_536, "rounds": 3, "lanes": 4}
"""What trying one pass phrase costs: 64 MiB, three passes; a fifth of a second on a small computer."""
MINUTES = 10.0
"""How long a vault stays unlocked if nothing else was set."""
LONGEST_MINUTES = 240.0
TRIES, PAUSE = 5, timedelta(seconds=30)
"""After so many wrong pass phrases in a row, how long none is tried."""
QUOTES = " \t\n\"'“”„«»"
SHORTEST = 8
"""Characters of a pass phrase."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a vault."""

    name: str
    secret: str = ""
    """The password or whatever else it is; empty where there is only a one-time code."""
    user: str = ""
    website: str = ""
    note: str = ""
    code: str = ""
    """The otpauth:// address that one-time codes are made from."""
    id: int = field(default=0, compare=False)


@dataclass(slots=True)
class Opened:
    """A vault whose key is known."""

    key: bytes
    since: datetime
    until: datetime
    steady: float
    """The same end on the machine's own clock, which no caller can set."""


class Keys:
    """The keys of the vaults that are open, in memory alone."""

    def __init__(self) -> None:
        self.open: dict[str, Opened] = {}
        self.wrong: dict[str, tuple[int, float]] = {}

    def put(self, ctx: Context, key: bytes) -> timedelta:
        """Keep a member's vault open for as long as was set."""
        set_to = ctx.settings.get("unlocked_minutes", MINUTES)
        lasts = timedelta(minutes=min(max(float(set_to), 0.5), LONGEST_MINUTES))
        self.open[ctx.member] = Opened(key, ctx.now, ctx.now + lasts, time.monotonic() + lasts.total_seconds())
        return lasts

    def of(self, ctx: Context) -> bytes:
        """The key of the member's vault; refuses where it is locked."""
        opened = self.open.get(ctx.member)
        if opened is not None and opened.since <= ctx.now < opened.until and time.monotonic() < opened.steady:
            return opened.key
        self.forget(ctx)
        vault_row(ctx)
        raise Refusal("Your vault is locked. Unlock it with your pass phrase first.")

    def forget(self, ctx: Context) -> bool:
        """Lock; whether it was open."""
        return self.open.pop(ctx.member, None) is not None

    def may_try(self, ctx: Context) -> None:
        """Refuses for a while after many wrong pass phrases."""
        count, last = self.wrong.get(ctx.member, (0, 0.0))
        if count >= TRIES and time.monotonic() - last < PAUSE.total_seconds():
            raise Refusal("That was the wrong pass phrase too often. Wait half a minute, then try again.")

    def tried(self, ctx: Context, right: bool) -> None:
        """Count wrong pass phrases in a row."""
        count, _ = self.wrong.pop(ctx.member, (0, 0.0))
        if not right:
            self.wrong[ctx.member] = (count + 1, time.monotonic())


KEYS = Keys()


def vault_row(ctx: Context) -> sqlite3.Row:
    """The member's vault as stored; refuses where there is none."""
    row: sqlite3.Row | None = ctx.db.execute("SELECT * FROM vault WHERE member=?", (ctx.member,)).fetchone()
    if row is None:
        raise Refusal("You have no vault yet. Create one with a pass phrase of your choice.")
    return row


def normal(pass_phrase: str) -> bytes:
    """The pass phrase however it was typed: one form for each accented letter, single spaces, no quotes around it."""
    return unicodedata.normalize("NFKC", " ".join(pass_phrase.strip(QUOTES).split())).encode()


def chosen(pass_phrase: str) -> bytes:
    """A new pass phrase; refuses one that is too short."""
    if len(normal(pass_phrase)) < SHORTEST:
        raise Refusal(f"A pass phrase needs at least {SHORTEST} characters; four or five words are better.")
    return normal(pass_phrase)


def fresh_key() -> bytes:
    """A random key for a new vault."""
    return AESGCM.generate_key(256)


def derived(pass_phrase: bytes, lock: dict[str, Any]) -> bytes:
    """The key that a pass phrase makes."""
    return Argon2id(
        salt=base64.b64decode(lock["salt"]),
        length=32,
        iterations=int(lock["rounds"]),
        lanes=int(lock["lanes"]),
        memory_cost=int(lock["memory_kib"]),
    ).derive(pass_phrase)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Encrypt under a fresh nonce, which goes first; `about` is sealed along, unencrypted."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """Raises InvalidTag for another key, other bytes or another `about`."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())


def locked_with(pass_phrase: bytes, member: str, key: bytes) -> tuple[str, bytes]:
    """How the key is locked, and the key sealed so."""
    lock = {**LOCK, "salt": base64.b64encode(os.urandom(16)).decode()}
    return json.dumps(lock), seal(derived(pass_phrase, lock), key, f"vault:{member}")


def opened_with(ctx: Context, pass_phrase: str) -> bytes:
    """The vault's key, by the pass phrase; refuses a wrong one."""
    row = vault_row(ctx)
    KEYS.may_try(ctx)
    try:
        key = unseal(derived(normal(pass_phrase), json.loads(row["lock"])), row["key"], f"vault:{ctx.member}")
    except InvalidTag:
        KEYS.tried(ctx, right=False)
        raise Refusal("That is not the pass phrase of your vault.") from None
    KEYS.tried(ctx, right=True)
    return key


def entries(ctx: Context) -> list[Entry]:
    """All that is in the member's vault, by name."""
    key, row = KEYS.of(ctx), vault_row(ctx)
    found = []
    for sealed in ctx.db.execute("SELECT * FROM entry WHERE vault=?", (row["id"],)).fetchall():
        try:
            plain = unseal(key, sealed["sealed"], f"entry:{ctx.member}:{sealed['tag']}")
        except InvalidTag:
            raise Refusal("An entry of your vault was damaged or tampered with, so I opened none.") from None
        found.append(Entry(**json.loads(plain), id=sealed["id"]))
    return sorted(found, key=lambda entry: entry.name.casefold())


def put(ctx: Context, entry: Entry) -> None:
    """Add an entry, or put it in the place of the one with its id."""
    key, row = KEYS.of(ctx), vault_row(ctx)
    values = {name: value for name, value in asdict(entry).items() if name != "id"}
    tag = os.urandom(12).hex()
    sealed = seal(key, json.dumps(values).encode(), f"entry:{ctx.member}:{tag}")
    if entry.id:
        ctx.db.execute("UPDATE entry SET tag=?, sealed=? WHERE id=?", (tag, sealed, entry.id))
    else:
        empty = ctx.db.execute("SELECT 1 FROM entry WHERE vault=?", (row["id"],)).fetchone() is None
        ctx.db.execute("INSERT INTO entry(vault, tag, sealed) VALUES(?,?,?)", (row["id"], tag, sealed))
        if empty:  # a vault that has something in it is not taken back
            ctx.db.execute("UPDATE vault SET changes=changes+1 WHERE id=?", (row["id"],))
