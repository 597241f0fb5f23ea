"""Whether anybody is ever told what is not theirs: `python -m benchmarks.memory_leaks [--quick]`.

A real hub with its real services, over HTTP with members' tokens, over MCP, from the command line and inside: members,
rooms that they come to and leave, guests, and a secret in every note. Each probe is one attempt of one person to get at
what is not for them, and one look for any forbidden secret in the answer. The target is none.

So that "none" means something: the same probes are run in a second home where each filter is broken on purpose
(benchmarks/breaking.py), and each kind of them must find leaks there; and whoever a note is for must be told it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import anyio
import httpx
import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from benchmarks import breaking
from benchmarks.household import EVERYBODY, MEMBERS, MONDAY, Household, settled
from benchmarks.process import environment, fresh_home, muos
from benchmarks.prying import (
    Findings,
    Pry,
    assistants,
    files,
    guests_are_told,
    inside,
    owners,
    tampering,
    unchanged,
    whole,
)
from benchmarks.report import Row, alone
from interface.http.app import build_app
from interface.http.server import Server, take_address
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.tokens import Tokens
from memory.note import Note

TITLE = "Leaks of memory"
PROBES = 20_000
OVER_THE_WIRE = 2_000
SECONDS = 60.0
"""For one answer on a busy machine, and for the hub to come up."""
EACH = {False: 7, True: 1}
"""Notes that somebody tells at a time, in all and quick."""
REPEATS = 5
CONTROLLED = 5
"""Notes where filters are broken: the victim has one of nearly each wording."""
SOME = ("ann", "bob", "gus")
SNOOP = "bob"
"""Who pries where filters are broken."""


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


def run(quick: bool = False) -> list[Row]:
    """Pry, and say what came of it."""
    findings, people = Findings(), SOME if quick else EVERYBODY
    with fresh_home() as home, served(home) as (hub, url, portal):
        house = settled(hub.memory, EACH[quick])
        hub.memory.catch_up()
        tokens = Tokens(hub.engine)
        held = {who: tokens.make(who) for who in EVERYBODY}
        ids = conversations(house, url, held)
        house.settle()
        counted_apart(hub, findings)
        inside(hub.memory, house, findings, every=2, people=people)
        tampering(hub.memory, house, findings)
        over_http(hub, house, findings, url, held, ids, quick, people)
        for who in people:
            calls = [call for other, theirs in ids.items() if other != who for call in theirs][:: 1 if not quick else 4]
            portal.call(over_mcp, url, held[who], who, house, findings, calls)
        unchanged(hub.memory, house, findings)
        from_the_command_line(home, house, findings, {who: who for who in people})
        files(home, house, findings)
        told = owners(hub.memory, house)
    return rows(findings, control(), told, house, quick)


def control() -> Findings:
    """The same probes where the filters are broken: what they find there."""
    broken = Findings()
    with fresh_home() as home, served(home) as (hub, url, portal):
        house = settled(hub.memory, CONTROLLED)
        hub.memory.catch_up()
        tokens = Tokens(hub.engine)
        held = {who: tokens.make(who) for who in (breaking.VICTIM, SNOOP)}
        ids = conversations(house, url, held, tuple(held))
        house.settle()
        with breaking.views():
            inside(hub.memory, house, broken, 9, (SNOOP,))
            with client(url, held[SNOOP]) as http:
                Pry(SNOOP, http, house, broken, 1).questions(10)
        with breaking.tokens():
            portal.call(over_mcp, url, held[SNOOP], SNOOP, house, broken, ids[breaking.VICTIM])
        ids[breaking.VICTIM] += conversations(house, url, held, (breaking.VICTIM,))[breaking.VICTIM]
        house.settle()
        with breaking.tokens():
            over_http(hub, house, broken, url, held, ids, quick=True, people=(SNOOP,), stride=5)
        with breaking.owners():
            whole(hub.memory, house, SNOOP, broken)
            counted_apart(hub, broken)
            tampering(hub.memory, house, broken, (SNOOP,))
        from_the_command_line(home, house, broken, {SNOOP: breaking.VICTIM})
        (home / "planted").write_text(house.told[0].secret)
        files(home, house, broken)
    return broken


def client(url: str, token: str) -> httpx.Client:
    """HTTP with a token."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS, trust_env=False)


def conversations(
    house: Household, url: str, held: Mapping[str, str], people: Sequence[str] = EVERYBODY
) -> dict[str, list[str]]:
    """Each has MuOS remember something: ids of calls and flows to be guessed, and a dialogue to refer to."""
    ids: dict[str, list[str]] = {}
    for who in people:
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
    people: Sequence[str] = EVERYBODY,
    stride: int = 37,
) -> None:
    """Everybody tries everything with a token of their own; those that take come last."""
    facts = {
        one.note.member: [fact.id for fact in hub.memory.facts.find(hub.memory.rooms.view(one.note.member))]
        for one in house.told
    }
    for seed, who in enumerate(people):
        others = [fact for other, theirs in facts.items() if other != who for fact in theirs]
        with client(url, held[who]) as http:
            pry = Pry(who, http, house, findings, seed, stride)
            pry.talking(2 if quick else 8)
            pry.questions(5 if quick else 40)
            pry.tampering(ids, others)
            pry.overriding()


async def over_mcp(url: str, token: str, who: str, house: Household, findings: Findings, calls: Sequence[str]) -> None:
    """As an assistant that one person has connected."""
    async with httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS, trust_env=False
    ) as http:
        await assistants(url, who, http, house, findings, calls)


def from_the_command_line(home: Path, house: Household, findings: Findings, exports: Mapping[str, str]) -> None:
    """What `muos memory export` writes for one member is theirs; `exports`: whose is looked at for each."""
    for who, member in exports.items():
        command = [muos(), "memory", "export", "--member", member]
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
    blind = [kind for kind in findings.probes if not broken.leaks[kind]]
    table += [
        ("told to those it is for", "all", f"{told[0]:,} of {told[1]:,}", controlled),
        ("leaks found where filters are broken", "> 0", f"{broken.leaks.total():,}", broken.leaks.total() > 0),
        ("kinds of probes that found none there", "none", ", ".join(blind) or "none", not blind),
    ]
    return table


if __name__ == "__main__":
    alone(TITLE, run)
