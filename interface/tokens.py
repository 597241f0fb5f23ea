"""Tokens: what lets someone in when MuOS listens beyond this machine.

Must stay true: a token is shown once, when it is made; only its SHA-256 is kept. A token is 256 random bits, so
a plain hash is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa

TOKEN_BYTES = 32
PREFIX = "muos_"
"""So that a token found somewhere can be recognised for what it is."""

metadata = sa.MetaData()
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("hash", sa.String, primary_key=True),
    sa.Column("made", sa.String, nullable=False),
)


class Tokens:
    """The tokens that are good, in the hub's database. Methods block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.local = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        """Good for as long as this object lives: for the command line of the hub's own machine."""
        metadata.create_all(engine)

    def first(self) -> str | None:
        """A new token if there is none yet: to be shown once. None where there is one already."""
        with self.engine.connect() as db:
            known = db.execute(sa.select(tokens.c.hash).limit(1)).first()
        return None if known else self.make()

    def make(self) -> str:
        """A new token; the earlier ones stay good."""
        token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        with self.engine.begin() as db:
            db.execute(sa.insert(tokens).values(hash=digest(token), made=datetime.now(UTC).isoformat()))
        return token

    def forget(self) -> None:
        """Make every token bad."""
        with self.engine.begin() as db:
            db.execute(sa.delete(tokens))

    def good(self, token: str) -> bool:
        """Whether the token is one of ours; takes as long for a near miss as for a far one."""
        given = digest(token)
        with self.engine.connect() as db:
            known = db.execute(sa.select(tokens.c.hash)).scalars().all()
        return sum(hmac.compare_digest(given, each) for each in [digest(self.local), *known]) > 0


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
