"""Tokens: what lets someone in when MuOS listens beyond this machine, and says for whom they may speak.

Must stay true: a token is shown once, when it is made; only its SHA-256 is kept. A token is 256 random bits, so
a plain hash is enough: there is nothing to guess. One that names a member is good for that member alone; one that
names nobody is the owner's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from interface.holder import OWNER, Holder, member_name

TOKEN_BYTES = 32
PREFIX = "muos_"
"""So that a token found somewhere can be recognised for what it is."""
SHOWN = 8
"""Digits of a token's hash by which it is called."""

metadata = sa.MetaData()
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("hash", sa.String, primary_key=True),
    sa.Column("made", sa.String, nullable=False),
    sa.Column("member", sa.String),  # none: the owner's
)


@dataclass(frozen=True, slots=True)
class Made:
    """A token as it is listed."""

    name: str
    """The first digits of its hash."""
    made: datetime
    member: str | None


class Tokens:
    """The tokens that are good, in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.local = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        """Good for as long as this object lives: for the command line of the hub's own machine."""
        metadata.create_all(engine)
        if "member" not in {column["name"] for column in sa.inspect(engine).get_columns(tokens.name)}:
            with engine.begin() as db:
                db.execute(sa.text("ALTER TABLE tokens ADD COLUMN member VARCHAR"))

    def first(self) -> str | None:
        """A new token of the owner's if there is none yet: to be shown once. None where there is one already."""
        with self.engine.connect() as db:
            known = db.execute(sa.select(tokens.c.hash).where(tokens.c.member.is_(None)).limit(1)).first()
        return None if known else self.make()

    def make(self, member: str | None = None) -> str:
        """A new token, of a member or of the owner; the earlier ones stay good. Raises ValueError for a bad name."""
        whose = member_name(member) if member is not None else None
        token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        with self.engine.begin() as db:
            db.execute(sa.insert(tokens).values(hash=digest(token), made=datetime.now(UTC).isoformat(), member=whose))
        return token

    def all(self) -> list[Made]:
        """The tokens that are good, oldest first."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(tokens).order_by(tokens.c.made)).all()
        return [Made(row.hash[:SHOWN], datetime.fromisoformat(row.made), row.member) for row in rows]

    def remove(self, name: str) -> Made:
        """Make the token bad whose hash begins like this. Raises ValueError where there is none, or more than one."""
        found = [made for made in self.all() if name and made.name == name[:SHOWN].lower()]
        if len(found) != 1:
            raise ValueError(f"There is no token {name!r:.70}; `muos tokens` lists them.")
        with self.engine.begin() as db:
            db.execute(sa.delete(tokens).where(tokens.c.hash.startswith(found[0].name, autoescape=True)))
        return found[0]

    def forget(self, member: str | None = None) -> None:
        """Make every token bad, or all of a member."""
        with self.engine.begin() as db:
            db.execute(sa.delete(tokens) if member is None else sa.delete(tokens).where(tokens.c.member == member))

    def holder(self, token: str) -> Holder | None:
        """Who holds this token; None: it is none of ours. Takes as long for a near miss as for a far one."""
        given, found = digest(token), None
        with self.engine.connect() as db:
            known = db.execute(sa.select(tokens.c.hash, tokens.c.member)).all()
        for each, member in [(digest(self.local), None), *known]:
            if hmac.compare_digest(given, each):
                found = OWNER if member is None else Holder(member)
        return found

    def good(self, token: str) -> bool:
        """Whether the token is one of ours."""
        return self.holder(token) is not None


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
