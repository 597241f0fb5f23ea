"""What `kill -9` of the hub costs: nothing that was acknowledged may be lost, and nothing done twice.

python -m benchmarks.crashes [KILLS]

A hub that writes without pause (benchmarks/crash_writer.py) is killed at random moments and started again on
the same home; in the end everything that it had begun is counted.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import Row, report

TITLE = "kill -9 of the hub at random moments while it writes"
KILLS = 50
QUICK_KILLS = 8
SEED = 4
MOST_LINES = 60
"""A hub is killed after at most so many lines, and within `MOST_SECONDS` of the last of them."""
MOST_SECONDS = 0.03
WRITER = (sys.executable, "-m", "benchmarks.crash_writer")


@dataclass
class Campaign:
    """What was seen over all kills, and what was found in the end."""

    kills: int = 0
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
        twice = [alert for alert, times in self.told.items() if times > 1]
        return [name for name in reminders if self.alerts[name] != 1] + twice

    @property
    def unrecorded(self) -> list[str]:
        """Acknowledged calls that the journal does not have as done."""
        return [name for name, call in self.acknowledged.items() if self.statuses.get(call) != "done"]


def run_campaign(home: Path, kills: int, seed: int = SEED) -> Campaign:
    """Kill the writer so many times, then let it settle, and count."""
    chance, campaign = random.Random(seed), Campaign()
    for run in range(kills):
        kill_one(home, run, chance, campaign)
    settled = subprocess.run([*WRITER, str(home), "settle"], capture_output=True, text=True, check=True)
    for line in settled.stdout.splitlines():
        campaign.hear(line)
    count(home, campaign)
    return campaign


def kill_one(home: Path, run: int, chance: random.Random, campaign: Campaign) -> None:
    """Start the writer, kill it at a random moment, and take in all that it said until then."""
    with subprocess.Popen([*WRITER, str(home), str(run)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(chance.randint(0, MOST_LINES)):
            campaign.hear(writer.stdout.readline())
        time.sleep(chance.uniform(0, MOST_SECONDS))  # the moment of the kill is to be a random one
        writer.kill()
        campaign.kills += 1
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

    running = campaign.left_running
    return [
        ("kills of the hub during writes", str(kills), str(campaign.kills), campaign.kills == kills),
        ("writes acknowledged", "", str(len(campaign.acknowledged)), None),
        ("begun when the hub was killed", "", str(len(campaign.begun) - len(campaign.acknowledged)), None),
        none("acknowledged and lost", campaign.lost),
        none("done twice", campaign.doubled),
        none("acknowledged and not in the journal", campaign.unrecorded),
        none("due reminders not told exactly once", campaign.untold),
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
    report(TITLE, run(kills=int(sys.argv[1]) if len(sys.argv) > 1 else None))


if __name__ == "__main__":
    main()
