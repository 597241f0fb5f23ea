"""rooms, guests and tokens from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Muos = Callable[..., Any]
NOW = ("--now", "2026-03-04T09:00:00+01:00")


def test_rooms_are_made_joined_and_left(muos: Muos) -> None:
    assert "no rooms yet" in muos("rooms").out
    assert muos("rooms", "new", "kitchen", "bob", *NOW).out == "kitchen is for owner, bob alone.\n"
    muos("ask", "the heron nests on the chimney", "--room", "kitchen", "--member", "bob")
    assert "heron" in muos("recall", "heron", "--room", "kitchen").out
    assert "heron" not in muos("recall", "heron", "--room", "kitchen", "--member", "carl").out.partition(":")[2]
    assert muos("rooms", "join", "kitchen", "carl").out.startswith("carl is in kitchen")
    row = muos("rooms", "join", "kitchen", "gus", "--guest", "--json").json
    assert [one["name"] for one in row["members"] if one["guest"]] == ["gus"]
    assert muos("rooms", "list").out.split() == ["kitchen", "closed", "owner,", "bob,", "carl,", "gus", "(guest)"]
    assert muos("rooms", "leave", "kitchen", "--member", "bob").out == "bob left kitchen.\n"
    assert [row["name"] for row in muos("rooms", "--json", "--member", "bob").json["rooms"]] == []
    assert muos("rooms", "leave", "kitchen", "--member", "bob").sentence == "bob is not in kitchen."
    assert "already a room" in muos("rooms", "new", "kitchen").sentence
    assert "MuOS itself" in muos("rooms", "join", "kitchen", "agent").sentence


def test_guests_come_and_go(muos: Muos) -> None:
    assert "no guests" in muos("guests").out
    assert muos("guests", "add", "gus", "--until", "2030-01-01").out == "gus is a guest here.\n"
    assert "until 2030-01-01" in muos("guests").out
    assert "Only the owner" in muos("guests", "add", "eve", "--member", "bob").sentence
    assert muos("guests", "remove", "gus").out == "gus is no guest any more.\n"
    assert muos("guests", "remove", "gus", "--household", "--json").json == {"name": "gus", "household": True}
    assert muos("guests", "list", "--json").json == {"guests": []}


def test_tokens_are_shown_once_and_listed_without_themselves(muos: Muos) -> None:
    assert "no tokens yet" in muos("tokens").out
    token = muos("tokens", "new", "--member", "bob").out.strip()
    assert token.startswith("muos_")
    guest = muos("tokens", "new", "--member", "gus", "--guest", "--json").json
    assert guest["guest"]
    assert "gus" in muos("guests").out
    rows = muos("tokens", "--json").json["tokens"]
    assert [row["member"] for row in rows] == ["bob", "gus"]
    assert token not in muos("tokens", "list").out
    assert muos("tokens", "remove", rows[0]["name"]).out == f"The token {rows[0]['name']} is no longer good.\n"
    assert "There is no token" in muos("tokens", "remove", rows[0]["name"]).sentence
    assert "--member" in muos("tokens", "new", "--guest").sentence
    assert "MuOS itself" in muos("tokens", "new", "--member", "muos").sentence
    assert "MuOS itself" in muos("ask", "--member", "system", "hello").sentence
