"""Attempts to get at what is not for the one who asks: each a probe, each answer searched for forbidden secrets."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from benchmarks.household import ALONE, CLOSED, EVERYBODY, GUESTS, OPEN, THINGS, Household, Told
from memory.memory import Memory

DEEP = 50
"""Notes asked for at once."""
SECRET = re.compile(r"zq[a-z]{10}")
PLACES = (ALONE, *OPEN, *CLOSED)
ASKING = (
    "what is the {thing} at {hint} called?",
    "I work at the {thing} at {hint}",
    "what do I like, the {thing} at {hint}?",
    "whom did I promise to call about the {thing} at {hint}",
    "tell me when someone comes to the {thing} at {hint}",
    "who lives in {hint} with the {thing}?",
)
"""Near to how the notes say it."""


@dataclass(slots=True)
class Findings:
    """What was tried, and what came of it."""

    probes: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def look(self, kind: str, answer: str, forbidden: Mapping[str, Told]) -> None:
        """Count a probe, and any forbidden secret in its answer."""
        found = [secret for secret in SECRET.findall(answer.casefold()) if secret in forbidden]
        whose = f" (of {forbidden[found[0]].note})" if found else ""
        self.expect(kind, not found, f"{answer[:300]}{whose}")

    def expect(self, kind: str, right: bool, what: str = "") -> None:
        """Count a probe that must be refused, or must change nothing."""
        self.probes[kind] += 1
        self.check(kind, right, what)

    def check(self, kind: str, right: bool, what: str = "") -> None:
        """The same of a probe that was counted already."""
        if not right:
            self.leaks[kind] += 1
            self.examples.setdefault(kind, what)


def asked(one: Told, number: int) -> str:
    """A question after the secret."""
    return ASKING[number % len(ASKING)].format(hint=one.hint, thing=THINGS[number % len(THINGS)])


def inside(
    memory: Memory, house: Household, findings: Findings, every: int = 1, people: Sequence[str] = EVERYBODY
) -> None:
    """Through the one facade that all ways in use: everybody after every (`every`-th) secret not for them."""
    facts = {one.secret: memory.facts.of_note(one.note.id, memory.rooms.view(one.note.member)) for one in house.told}
    for who in people:
        forbidden = house.forbidden(who)
        for number, (secret, one) in enumerate(forbidden.items()):
            if number % every:
                continue
            there = one.note.room if one.note.room != ALONE else PLACES[number % len(PLACES)]
            at_home = memory.recall(asked(one, number), member=who, k=DEEP, now=one.note.when)
            findings.look("recall at home", str(at_home), forbidden)
            in_room = memory.recall(asked(one, number + 1), member=who, room=there, k=DEEP, now=one.note.when)
            findings.look("recall in a room", str(in_room), forbidden)
            must_not = house.forbidden(who, there, alone=False)
            aloud = memory.recall(asked(one, number + 2), member=who, room=there, k=DEEP, alone=False)
            findings.look("recall where others listen", str(aloud), must_not)
            for place in (ALONE, there):
                findings.look("id of a note", str(memory.why(one.note.id, who, place)), forbidden)
                view = memory.rooms.view(who, place)
                findings.look("facts of a note", str(memory.facts.of_note(one.note.id, view)), forbidden)
                for fact in facts[secret]:
                    findings.look("id of a fact", str(memory.facts.get(fact.id, view)), forbidden)
        whole(memory, house, who, findings)


def whole(memory: Memory, house: Household, who: str, findings: Findings) -> None:
    """Everything at once, from every place."""
    forbidden = house.forbidden(who)
    findings.look("export", str(list(memory.export(who))), forbidden)
    for place, is_alone in itertools.product(PLACES, (True, False)):
        must_not = forbidden if is_alone else house.forbidden(who, place, alone=False)
        view = memory.rooms.view(who, place, alone=is_alone)
        findings.look("latest notes", str(memory.recent(who, place, 1000, alone=is_alone)), must_not)
        findings.look("all facts", str(memory.facts.find(view)), must_not)
        findings.look("subjects", str(memory.facts.subjects(view)), must_not)
        findings.look("promises", str(memory.facts.commitments(view, now=house.now())), must_not)
        findings.look("conditions", str(memory.facts.conditions(view)), must_not)


def tampering(memory: Memory, house: Household, findings: Findings, people: Sequence[str] = EVERYBODY) -> None:
    """Forgetting, overwriting and adding to what is another's, by its id."""
    for who in people:
        for one in house.told:
            if one.note.member != who:
                findings.expect("forget by id", memory.forget(one.note.id, who) is None, one.note.id)
    unchanged(memory, house, findings)


def unchanged(memory: Memory, house: Household, findings: Findings) -> None:
    """Whoever told something finds it as it was told."""
    for one in house.told:
        kept = memory.why(one.note.id, one.note.member, one.note.room)
        seen = one.note.member in house.insiders(one)
        findings.expect("nothing was changed", not seen or (kept is not None and kept.note.text == one.note.text))


@dataclass(slots=True)
class Pry:
    """One person over HTTP, with a token of their own."""

    who: str
    http: httpx.Client
    house: Household
    findings: Findings
    seed: int
    stride: int = 37
    """Of others' notes and facts, every how many-th is tampered with."""

    def ask(
        self, kind: str, method: str, path: str, forbidden: Mapping[str, Told] | None = None, **given: Any
    ) -> httpx.Response:
        """One request; its whole answer is searched."""
        answer = self.http.request(method, path, **given)
        must_not = self.house.forbidden(self.who) if forbidden is None else forbidden
        self.findings.look(f"HTTP: {kind}", answer.text if answer.status_code < 500 else f"{path} broke", must_not)
        self.findings.check(f"HTTP: {kind}", answer.status_code < 500, f"{method} {path} gave {answer.status_code}")
        return answer

    def questions(self, many: int) -> None:
        """What memory answers over the API."""
        targets = list(self.house.forbidden(self.who).values())[self.seed % 3 :: 3][:many]
        for number, one in enumerate(targets):
            body = {"query": asked(one, number), "k": DEEP, "room": PLACES[number % len(PLACES)]}
            self.ask("recall", "POST", "/api/recall", json=body)
            self.ask("why", "GET", f"/api/memory/why/{one.note.id}", params={"room": one.note.room})
        for place in PLACES:
            self.ask("timeline", "GET", "/api/memory/timeline", params={"room": place, "n": 500})
            self.ask("facts", "GET", "/api/memory/facts", params={"room": place})
            self.ask("people", "GET", "/api/memory/people", params={"room": place})
            self.ask("export", "GET", "/api/memory/export", params={"room": place})
        for other in EVERYBODY:
            self.ask("timeline", "GET", "/api/memory/timeline", params={"who": other, "n": 500})
            self.ask("facts", "GET", "/api/memory/facts", params={"subject": other})
            self.ask("history", "GET", "/api/memory/facts/history", params={"subject": other, "relation": "works_at"})
        for path in (
            "calls",
            "flows",
            "alerts/past",
            "rooms",
            "guests",
            "services",
            "status",
            "tools",
            "memory/status",
        ):
            self.ask("lists", "GET", f"/api/{path}")
        for other in EVERYBODY:
            header = {"X-Member": other, "muos-member": other, "X-Forwarded-User": other}
            self.ask("headers", "GET", "/api/memory/timeline", headers=header)

    def overriding(self) -> None:
        """In another's name: refused, whatever carries it."""
        for other in EVERYBODY:
            if other == self.who:
                continue
            named = {"member": other}
            bodies = {
                "recall": {"query": "boat"},
                "turns": {"text": "show my notes"},
                "memory/correct": {"id": "a", "text": "b"},
            }
            bodies |= {"memory/forget": {"topic": "boat"}, "memory/erase": {"confirm": other}, "undo": {}}
            for path, body in bodies.items():
                self.refused("POST", f"/api/{path}", json={**body, **named})
            for path in (
                "memory/timeline",
                "memory/facts",
                "memory/people",
                "memory/export",
                "calls",
                "flows",
                "rooms",
            ):
                self.refused("GET", f"/api/{path}", params=named)
            chat = {"model": "muos", "messages": [{"role": "user", "content": "hi"}], "metadata": named}
            self.refused("POST", "/v1/chat/completions", json=chat)

    def refused(self, method: str, path: str, **given: Any) -> None:
        """A request that must be refused."""
        answer = self.ask("another's name", method, path, **given)
        self.findings.check("HTTP: another's name", answer.status_code == 403, f"{path}: {answer.status_code}")

    def tampering(self, ids: Mapping[str, Sequence[str]], facts: Sequence[str]) -> None:
        """With the ids of others' notes, facts, calls and flows."""
        for fact in facts[self.seed :: self.stride]:
            self.ask("why", "GET", f"/api/memory/why/{fact}")
            self.ask("correct", "POST", "/api/memory/correct", json={"id": fact, "text": "it is all different"})
        for other, calls in ids.items():
            for call in calls if other != self.who else ():
                self.ask("calls by id", "GET", f"/api/flows/{call}")
                self.ask("calls by id", "DELETE", f"/api/flows/{call}")
                self.ask("calls by id", "POST", f"/api/calls/{call}/undo?stream=false", json={})
                self.ask("calls by id", "POST", f"/api/calls/{call}/confirm?stream=false", json={"yes": True})
                line = f'{{"text": "what was answered", "turn": "{call}"}}'
                self.ask("import", "POST", "/api/memory/import", content=line)
        others = [one for one in self.house.told if one.note.member != self.who][self.seed :: self.stride]
        for one in others:
            for preview in (True, False):
                gone = self.ask("forget", "POST", "/api/memory/forget", json={"ids": [one.note.id], "preview": preview})
                self.findings.check("HTTP: forget", gone.json().get("forgotten", 0) == 0, gone.text)
            line = f'{{"id": "{one.note.id}", "text": "taken over", "turn": "{one.note.turn}"}}'
            self.ask("import", "POST", "/api/memory/import", content=line)
            line = f'{{"text": "for {one.note.member}", "member": "{one.note.member}", "scope": "private"}}'
            brought = self.ask("import", "POST", "/api/memory/import", content=line)
            self.findings.check("HTTP: import", brought.json()["imported"] == 0, brought.text)
        self.ask("timeline", "GET", "/api/memory/timeline", params={"n": 500})

    def talking(self, many: int) -> None:
        """In plain words, at home and where others listen."""
        targets = list(self.house.forbidden(self.who).values())[self.seed :: 11][:many]
        for number, one in enumerate(targets):
            self.say(f"what do you remember about {one.hint}?", ALONE)
            self.say(f"what did I say about {one.hint}?", PLACES[1 + number % (len(PLACES) - 1)])
        mine = [one for one in self.house.told if one.note.member == self.who and one.note.room == ALONE][:many]
        for number, one in enumerate(mine):
            self.say(f"what do you remember about {one.hint}?", PLACES[1 + number % (len(PLACES) - 1)])
        for words in (
            "why do you think that?",
            "who told you that?",
            "what do you know about me?",
        ):
            self.say(words, "kitchen")

    def say(self, text: str, room: str) -> None:
        """One turn."""
        must_not = self.house.forbidden(self.who, room, alone=room == ALONE)
        body = {"text": text, "room": room}
        self.ask("turns", "POST", "/api/turns?stream=false", must_not, json=body)


async def assistants(
    url: str, who: str, http: httpx2.AsyncClient, house: Household, findings: Findings, calls: Sequence[str]
) -> None:
    """Over MCP, as another assistant that one person has connected."""
    forbidden = house.forbidden(who)
    others = [other for other in EVERYBODY if other != who]
    targets = list(forbidden.values())[::29]
    async with Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client:
        for number, one in enumerate(targets):
            meta: Any = {"muos/room": PLACES[number % len(PLACES)]}
            told = await client.call_tool("memory_recall", {"query": asked(one, number)}, meta=meta)
            findings.look("MCP: recall", str(told), forbidden)
            meta = {"muos/member": others[number % len(others)]}
            told = await client.call_tool("memory_recall", {"query": asked(one, number)}, meta=meta)
            findings.look("MCP: another's name", str(told), forbidden)
            findings.check("MCP: another's name", bool(told.is_error), str(told))
        for call in calls:
            refers = {"query": {"$result": call, "path": "/data/text"}}
            findings.look("MCP: another's result", str(await client.call_tool("memory_recall", refers)), forbidden)
            undone = await client.call_tool("muos_undo", {"call": call})
            findings.look("MCP: undo", str(undone), forbidden)
            findings.check("MCP: undo", bool(undone.is_error), str(undone))


def files(home: Path, house: Household, findings: Findings) -> None:
    """What lies in the home besides the record, which alone may hold the words."""
    everything = {one.secret.encode() for one in house.told}
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.name.startswith("hub.sqlite"):
            held = path.read_bytes()
            found = [secret for secret in everything if secret in held]
            findings.expect("files beside the record", not found, f"{path}: {found[:1]}")


def owners(memory: Memory, house: Household) -> tuple[int, int]:
    """Of all who may see a note from their own screen, how many are told it: (told, all)."""
    told = everybody = 0
    for one in house.told:
        for who in sorted(house.insiders(one)):
            place = one.note.room if one.note.room in OPEN else ALONE
            found = memory.recall(one.note.text, member=who, room=place, k=DEEP, now=one.note.when)
            everybody += 1
            told += one.secret in str(found) and memory.why(one.note.id, who, place) is not None
    return told, everybody


def guests_are_told(house: Household) -> bool:
    """Whether the household has something for its guests, so that refusing them everything would show."""
    return all(any(guest in house.insiders(one) and one.note.member != guest for one in house.told) for guest in GUESTS)
