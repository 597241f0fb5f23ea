"""Whether anybody is ever told what is not theirs: `python -m benchmarks.memory_leaks [--quick]`.

A real hub with its real services, over HTTP with members' tokens, over MCP, from the command line and inside: members,
rooms that they come to and leave, guests, and a secret in every note. Each probe is one attempt of one person to get at
what is not for them, and one look for any forbidden secret in the answer. The target is none.

So that "none" means something: the same probes are run once more over views that hold everybody's audiences, and must
find leaks then; and whoever a note is for must be told it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import anyio
import httpx
import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import select

from benchmarks.household import ALONE, EVERYBODY, MEMBERS, MONDAY, Household, settled
from benchmarks.process import environment, fresh_home, muos
from benchmarks.prying import Findings, Pry, assistants, files, guests_are_told, inside, owners, tampering
from benchmarks.report import Row, alone
from interface.http.app import build_app
from interface.http.server import Server, take_address
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.tokens import Tokens
from memory.note import Note, View
from memory.rooms import Rooms
from memory.tables import notes

TITLE = "Leaks of memory"
PROBES = 20_000
OVER_THE_WIRE = 2_000
SECONDS = 60.0
"""For one answer on a busy machine, and for the hub to come up."""
EACH = {False: 7, True: 1}
"""Notes that somebody tells at a time, in all and quick."""
REPEATS = 5


@contextmanager
def served(home: Path) -> Iterator[tuple[Hub, str, BlockingPortal]]:
    """A real hub behind a real socket of this machine."""
    settings = Settings(home=home, port=0, zone="Europe/Paris", member=MEMBERS[0])
    with (
        take_address(settings.host, settings.port) as listener,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(open_hub(settings)) as hub,
    ):
        portal.call(hub.keep_watch)
        server = Server(build_app(hub))
        serving = portal.start_task_soon(server.serve, [listener])
        portal.call(_ready, server)
        yield hub, f"http://127.0.0.1:{listener.getsockname()[1]}", portal
        server.should_exit = True
        serving.result()


async def _ready(server: Server) -> None:
    with anyio.fail_after(SECONDS):
        await server.ready.wait()


class BrokenRooms(Rooms):
    """Rooms as they must never be: everybody sees everything."""

    def view(self, member: str, room: str = ALONE, *, alone: bool = True) -> View:
        """Every audience there is."""
        with self._engine.connect() as connection:
            return View(member, room, tuple(connection.execute(select(notes.c.audience).distinct()).scalars()))


def run(quick: bool = False) -> list[Row]:
    """Pry, and say what came of it."""
    findings, broken = Findings(), Findings()
    with fresh_home() as home, served(home) as (hub, url, portal):
        house = settled(hub.memory, EACH[quick])
        hub.memory.catch_up()
        tokens = Tokens(hub.engine)
        held = {who: tokens.make(who) for who in EVERYBODY}
        ids = conversations(house, url, held)
        house.settle()
        counted_apart(hub, findings)
        inside(hub.memory, house, findings)
        tampering(hub.memory, house, findings)
        over_http(hub, house, findings, url, held, ids, quick)
        for who in EVERYBODY:
            calls = [call for other, theirs in ids.items() if other != who for call in theirs][:: 1 if not quick else 4]
            portal.call(over_mcp, url, held[who], who, house, findings, calls)
        from_the_command_line(home, house, findings)
        files(home, house, findings)
        told, all_of_them = owners(hub.memory, house)
        with patch.object(Rooms, "view", BrokenRooms.view):
            inside(hub.memory, house, broken, every=1 if quick else 9)
            with client(url, held["bob"]) as http:
                Pry("bob", http, house, broken, 1).questions(10)
    return rows(findings, broken, (told, all_of_them), house, quick)


def client(url: str, token: str) -> httpx.Client:
    """HTTP with a token."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS, trust_env=False)


def conversations(house: Household, url: str, held: Mapping[str, str]) -> dict[str, list[str]]:
    """Everybody has MuOS remember something: ids of calls and flows to be guessed, and a dialogue to refer to."""
    ids: dict[str, list[str]] = {}
    for who in EVERYBODY:
        one = house.thought(who)
        with client(url, held[who]) as http:
            said = http.post("/api/turns?stream=false", json={"text": f"remember that {one.note.text}"}).json()
            flows = http.get("/api/flows").json()
            found = http.post("/api/recall", json={"query": one.hint}).json()
        one.note = replace(one.note, id=found[0]["id"], text=found[0]["text"])
        ids[who] = [*(call["id"] for call in said["calls"]), *(flow["id"] for flow in flows)]
        house.told.append(one)
    return ids


def counted_apart(hub: Hub, findings: Findings) -> None:
    """The same words of two people are two notes: how often one says it is nothing to the other."""
    for number, (who, other) in enumerate(pairwise(MEMBERS)):
        said = Note(f"the parrot {number} is called Polly", who, MONDAY, who)
        for _ in range(REPEATS):
            hub.memory.remember(said)
        same = hub.memory.remember(replace(said, id=f"same{number}", who=other, member=other))
        kept = hub.memory.why(same.id, other)
        findings.expect("counts of repeats", kept is not None and kept.times == 1 and same.id == f"same{number}")


def over_http(
    hub: Hub,
    house: Household,
    findings: Findings,
    url: str,
    held: Mapping[str, str],
    ids: dict[str, list[str]],
    quick: bool,
) -> None:
    """Everybody tries everything with a token of their own; those that tell and take come last."""
    facts = {
        one.note.member: [fact.id for fact in hub.memory.facts.find(hub.memory.rooms.view(one.note.member))]
        for one in house.told
    }
    for seed, who in enumerate(EVERYBODY):
        others = [fact for other, theirs in facts.items() if other != who for fact in theirs]
        with client(url, held[who]) as http:
            pry = Pry(who, http, house, findings, seed)
            pry.talking(2 if quick else 8)
            pry.questions(5 if quick else 40)
            pry.overriding()
            pry.tampering(ids, others)


async def over_mcp(url: str, token: str, who: str, house: Household, findings: Findings, calls: Sequence[str]) -> None:
    """As an assistant that one person has connected."""
    async with httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS, trust_env=False
    ) as http:
        await assistants(url, who, http, house, findings, calls)


def from_the_command_line(home: Path, house: Household, findings: Findings) -> None:
    """What `muos memory export` writes for one member is theirs."""
    for who in EVERYBODY:
        command = [muos(), "memory", "export", "--member", who]
        done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
        findings.look("command line: export", done.stdout, house.forbidden(who))
        whose = {json.loads(line).get("member", who) for line in done.stdout.splitlines()}
        findings.check("command line: export", done.returncode == 0 and whose <= {who}, done.stderr or str(whose))


def rows(findings: Findings, broken: Findings, told: tuple[int, int], house: Household, quick: bool) -> list[Row]:
    """The table."""
    probes, leaks = findings.probes.total(), findings.leaks.total()
    wire = sum(count for kind, count in findings.probes.items() if kind.startswith(("HTTP", "MCP")))
    least, wired = (None, None) if quick else (probes >= PROBES, wire >= OVER_THE_WIRE)
    table: list[Row] = [
        ("probes", f"{PROBES:,}", f"{probes:,}", least),
        ("of them over HTTP and MCP", f"{OVER_THE_WIRE:,}", f"{wire:,}", wired),
        (f"leaks, {len(house.told)} notes, {len(EVERYBODY)} people", "0", str(leaks), leaks == 0),
    ]
    table += [
        (f"  {kind}: {count:,} probes", "", str(findings.leaks[kind]), None) for kind, count in findings.probes.items()
    ]
    table += [(f"  found by {kind}: {what}", "", "leak", False) for kind, what in findings.examples.items()]
    controlled = told[0] == told[1] and guests_are_told(house)
    blind = [kind for kind in broken.probes if not broken.leaks[kind]]
    table += [
        ("told to those it is for", "all", f"{told[0]:,} of {told[1]:,}", controlled),
        ("leaks found where every view is broken", "> 0", f"{broken.leaks.total():,}", broken.leaks.total() > 0),
        ("kinds of probes that would find none", "", ", ".join(blind) or "none", None),
    ]
    return table


if __name__ == "__main__":
    alone(TITLE, run)
