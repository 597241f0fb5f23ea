"""What `kill -9` of the hub and of its services costs: nothing acknowledged may be lost, and nothing done twice.

python -m benchmarks.crashes [KILLS] [--quick]

A hub that writes without pause, with five tools and in flows of two steps (benchmarks/crash_writer.py), is struck at
random moments: either the hub itself is killed, and started again on the same home, or one of the processes of its
services, the one included from which the others are forked. In the end everything that had begun is counted.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.report import Row, report

TITLE = "kill -9 of the hub and of its services at random moments while they write"
KILLS = 200
QUICK_KILLS = 20
SEED = 4
MOST_LINES = 60
"""A process is killed after at most so many lines, and within `MOST_SECONDS` of the last of them."""
MOST_SECONDS = 0.03
CHILDREN = 0.5
"""Of the kills, how many strike a service."""
Writer = subprocess.Popen[str]
WRITER = (sys.executable, "-m", "benchmarks.crash_writer")


@dataclass
class Campaign:
    """What was seen over all kills, and what was found in the end."""

    hubs: int = 0
    """Kills of the hub."""
    children: int = 0
    """Kills of a service's process."""
    begun: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Id of the call by the name of what it wrote."""
    failed: list[str] = field(default_factory=list)
    left_running: int = 0
    told: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """How often each name is there."""
    alerts: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, str] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        """Take in a line of the writer's; one that was cut off by the kill says nothing."""
        match line.split():
            case ["begun", name]:
                self.begun.add(name)
            case ["acknowledged", name, call]:
                self.acknowledged[name] = call
            case ["running", number]:
                self.left_running += int(number)
            case ["told", alert]:
                self.told[alert] += 1
            case ["failed", *_]:
                self.failed.append(line)

    @property
    def lost(self) -> list[str]:
        """Acknowledged, and not there."""
        return [name for name in self.acknowledged if not self.found[name]]

    @property
    def doubled(self) -> list[str]:
        """There more than once."""
        return [name for name, times in self.found.items() if times > 1]

    @property
    def untold(self) -> list[str]:
        """Reminders that are there, were due, and were not told exactly once."""
        reminders = [name for name in self.found if name.startswith("reminders-")]
        return [name for name in reminders if self.alerts[name] != 1]

    @property
    def told_twice(self) -> list[str]:
        """Alerts that were told again."""
        return [alert for alert, times in self.told.items() if times > 1]

    @property
    def halved(self) -> list[str]:
        """Flows of which one step was done and the other not."""
        steps = Counter(name.partition("-")[2] for name in self.found if "-flow-" in name)
        return [flow for flow, times in steps.items() if times != 2]

    @property
    def unrecorded(self) -> list[str]:
        """Acknowledged calls that the journal does not have as done."""
        return [name for name, call in self.acknowledged.items() if self.statuses.get(call) != "done"]


def run_campaign(home: Path, kills: int, seed: int = SEED) -> Campaign:
    """Kill the writer so many times, then let it settle, and count."""
    chance, campaign = random.Random(seed), Campaign()
    writer: Writer | None = None
    for run in range(kills):
        writer = writer or subprocess.Popen([*WRITER, str(home), str(run)], stdout=subprocess.PIPE, text=True)
        for _ in range(chance.randint(0, MOST_LINES)):
            campaign.hear(line_of(writer))
        time.sleep(chance.uniform(0, MOST_SECONDS))  # the moment of the kill is to be a random one
        if chance.random() < CHILDREN and strike_child(writer, chance):
            campaign.children += 1
        else:
            end(writer, campaign)
            campaign.hubs += 1
            writer = None
    if writer is not None:
        end(writer, campaign)
    settled = subprocess.run([*WRITER, str(home), "settle"], capture_output=True, text=True, check=True)
    for line in settled.stdout.splitlines():
        campaign.hear(line)
    count(home, campaign)
    return campaign


def line_of(writer: Writer) -> str:
    """The next line."""
    assert writer.stdout is not None
    return writer.stdout.readline()


def strike_child(writer: Writer, chance: random.Random) -> bool:
    """Kill one of the processes that the hub has started; False if there is none."""
    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(writer.pid).children(recursive=True)
        if started:
            chance.choice(started).kill()
            return True
    return False


def end(writer: Writer, campaign: Campaign) -> None:
    """Kill the hub, and take in all that it said until then."""
    with writer:
        writer.kill()
        assert writer.stdout is not None
        for line in writer.stdout.read().splitlines(keepends=True):
            if line.endswith("\n"):
                campaign.hear(line)


def count(home: Path, campaign: Campaign) -> None:
    """What is really there."""
    tables = {
        "services/calendar": "SELECT title FROM event",
        "services/lists": "SELECT name FROM item",
        "services/reminders": "SELECT text FROM reminder",
    }
    for place, query in tables.items():
        campaign.found.update(rows(home / place / "data.sqlite", query))
    notes = (home / "services" / "notes").rglob("*.md")
    campaign.found.update(note.read_text().strip() for note in notes)
    hub = home / "hub.sqlite"
    campaign.found.update(rows(hub, "SELECT text FROM notes WHERE text LIKE 'memory-%'"))
    told = rows(hub, "SELECT text FROM alerts")
    campaign.alerts.update(text.removeprefix("Reminder: ").split()[0].strip(".,;") for text in told)
    with sqlite3.connect(hub) as db:
        campaign.statuses = dict(db.execute("SELECT id, status FROM calls").fetchall())


def rows(file: Path, query: str) -> list[str]:
    """The first column, where the file is there."""
    if not file.exists():
        return []
    with sqlite3.connect(file) as db:
        return [str(row[0]) for row in db.execute(query)]


def figures(campaign: Campaign, kills: int = KILLS) -> list[Row]:
    """A row for each claim."""

    def none(claim: str, names: list[str]) -> Row:
        return (claim, "0", str(len(names)), not names)

    running, killed = campaign.left_running, campaign.hubs + campaign.children
    return [
        ("kills during writes", str(kills), str(killed), killed == kills),
        ("of these, of the hub", "", str(campaign.hubs), None),
        ("of these, of services' processes", "", str(campaign.children), None),
        ("writes acknowledged", "", str(len(campaign.acknowledged)), None),
        ("begun and not acknowledged", "", str(len(campaign.begun) - len(campaign.acknowledged)), None),
        none("acknowledged and lost", campaign.lost),
        none("done twice", campaign.doubled),
        none("flows of which only one step was done", campaign.halved),
        none("acknowledged and not in the journal", campaign.unrecorded),
        none("due reminders not told exactly once", campaign.untold),
        none("alerts told twice", campaign.told_twice),
        ("calls left running after a restart", "0", str(running), running == 0),
        none("writes that failed", campaign.failed),
    ]


def run(quick: bool = False, kills: int | None = None) -> list[Row]:
    """Measure."""
    wanted = kills or (QUICK_KILLS if quick else KILLS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        return figures(run_campaign(Path(home), wanted), wanted)


def main() -> None:
    """Run it and print the figures."""
    kills = next((int(word) for word in sys.argv[1:] if word.isdigit()), None)
    report(TITLE, run(quick="--quick" in sys.argv[1:], kills=kills))


if __name__ == "__main__":
    main()
