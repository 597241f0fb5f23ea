"""How the tools are told what is meant: their parameters, and the entry that a name stands for."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Thing
from services.kit.speech import one_line
from services.secrets import vault
from services.secrets.vault import Entry

SECRET = {"x-secret": True}
PassPhrase = Annotated[
    str,
    Field(
        description="The pass phrase of the vault, several words",
        min_length=1,
        max_length=1_000,
        json_schema_extra=SECRET,
    ),
]
Name = Annotated[
    str,
    Field(
        description="The company, device or website that it is for, such as router, bank or e-mail",
        min_length=1,
        max_length=200,
    ),
]
Password = Annotated[
    str | None,
    Field(description="The password itself, as it is", max_length=10_000, json_schema_extra=SECRET),
]
User = Annotated[str | None, Field(description="The user name of the login", max_length=500)]
Website = Annotated[str | None, Field(description="The website where it is used", max_length=2_000)]
NamePart = Annotated[str | None, Field(description="Only entries whose name has this in it", max_length=200)]
LED = re.compile(
    r"^(?:.*\b(?:passwords?|login|codes?|pin|key)\s+(?:for|of|to)|(?:i )?(?:forgot|lost)|what'?s|what is)\s+", re.I
)
"""What leads to a name without being of it: "password for", "I forgot"."""


def find(ctx: Context, said: str) -> Entry:
    """The entry that is meant: by its whole name, else by the one that has the words in it."""
    there = vault.entries(ctx)
    wanted = plain_name(said).casefold()
    exact = [entry for entry in there if plain_name(entry.name).casefold() == wanted]
    within = [entry for entry in there if set(wanted.split()) <= set(entry.name.casefold().split())]
    found = exact or within
    if not found:
        raise Refusal(f"There is nothing called {said.strip()!r} in your vault.")
    if len(found) > 1:
        raise Refusal(f"Which one do you mean: {' or '.join(entry.name for entry in found[:5])}?")
    return found[0]


def plain_name(said: str) -> str:
    """A name in one line without what only leads to it: the, my, login, password."""
    words = LED.sub("", one_line(said)).split()
    while len(words) > 1 and words[0].casefold() in {"the", "my", "our", "a", "an", "for"}:
        words = words[1:]
    while len(words) > 1 and words[-1].casefold() in {"password", "login", "entry", "account"}:
        words = words[:-1]
    if not words:
        raise Refusal("What is it for? Give it a name.")
    return " ".join(words)


def with_code(entry: Entry) -> Entry:
    """The entry, if it has a key of one-time codes."""
    if not entry.code:
        raise Refusal(f"{entry.name} has no one-time code.")
    return entry


def thing(entry: Entry) -> Thing:
    """What "it" may mean next; the name is told to no one but the caller."""
    return Thing("secret", entry.name)
