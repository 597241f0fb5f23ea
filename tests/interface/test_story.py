"""The story of one morning: what a person says, line after line, in one home, and what comes of it.

Each line runs through the whole of MuOS: understanding, policy, journal, real service processes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.turn import Turn, in_zone
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    says: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """The tools called, each with arguments that it must have been given."""
    answers: str = ""
    """A part of the answer, case ignored."""
    path: str = "reflex"
    waits: str = ""
    """confirm or missing"""


MORNING = (
    Line("what time is it in Tokyo?", (("clock_time", {}),), "5"),
    Line(
        "set a timer for 12 minutes called pasta",
        (("clock_set_timer", {"name": "pasta", "duration": "PT12M"}),),
        "12 minutes",
    ),
    Line("how long is left on the pasta timer?", (("clock_timer_left", {}),), "12 minutes"),
    Line(
        "remind me to call mum tomorrow at 5pm",
        (("reminders_add", {"text": "call mum", "at": "2026-03-05T17:00:00+01:00"}),),
        "tomorrow",
    ),
    Line(
        "add milk, eggs and two avocados to the shopping list",
        (("lists_add", {"items": ["milk", "eggs", "two avocados"], "list": "shopping"}),),
    ),
    Line("what's on the shopping list?", (("lists_show", {"list": "shopping"}),), "eggs"),
    Line("take the eggs off", (("lists_remove", {"items": ["eggs"]}),), "eggs"),
    Line(
        "put dentist on my calendar next Tuesday at 3 for an hour",
        (("calendar_add", {"title": "dentist", "start": "2026-03-10T15:00:00+01:00"}),),
        "dentist",
    ),
    Line("move it to 4", (("calendar_move", {"start": "2026-03-10T16:00:00+01:00"}),), "4"),
    Line("what do I have on Tuesday?", (("calendar_agenda", {}),), "dentist"),
    Line("am I free Tuesday between 3 and 6?", (("calendar_free", {}),), "dentist"),
    Line(
        "every Monday at 8 remind me to water the plants", (("reminders_add", {"text": "water the plants"}),), "Monday"
    ),
    Line("note that the cabin wifi password is heron-42", (("notes_add", {}),)),
    Line("what's the wifi password at the cabin?", (("notes_find", {}),), "heron-42"),
    Line(
        "Anna's number is +44 20 7946 0958, she is my sister",
        (("contacts_save", {"name": "Anna", "relation": "sister"}),),
        "Anna",
    ),
    Line("what's my sister's number?", (("contacts_find", {}),), "7946 0958"),
    Line("convert 72 fahrenheit to celsius", (("convert_convert", {}),), "22.2"),
    Line("what is 18% of 64.50?", (("calculate_percent", {}),), "11.61"),
    Line("split 96.40 between four with a 10% tip", (("calculate_split", {}),), "26.51"),
    Line("how much disk space do I have left?", (("system_disk", {}),), "GB"),
    Line("remind me to pay the rent", waits="missing", answers="when"),
    Line(
        "on the first at nine",
        (("reminders_add", {"text": "pay the rent", "at": "2026-04-01T09:00:00+02:00"}),),
        "rent",
    ),
    Line(
        "book a run tomorrow at 7 for half an hour and remind me tonight at 9 to lay out my shoes",
        (
            ("calendar_add", {"title": "run", "start": "2026-03-05T07:00:00+01:00"}),
            ("reminders_add", {"text": "lay out my shoes", "at": "2026-03-04T21:00:00+01:00"}),
        ),
    ),
    Line("delete all my notes", waits="confirm", answers="undone"),
    Line("undo that", (("muos_undo", {}),)),
    Line("who won the world cup in 1998?", path="none"),
)


async def says(hub: Hub, text: str) -> Row:
    account = Account()
    now, zone = in_zone(NOW, "Europe/Paris")
    async for event in hub.answer(Turn(text, now, zone)):
        account.add(event)
    return account.row()


def faults(line: Line, row: Row) -> list[str]:
    """What is not as it should be, in words."""
    found = []
    made = [(call["tool"], call["arguments"]) for call in row["calls"] if call["status"] != "waiting"]
    if row["path"] != line.path:
        found.append(f"path {row['path']}")
    if [tool for tool, _ in made] != [tool for tool, _ in line.calls]:
        found.append(f"calls {made}")
    for (_, given), (_, wanted) in zip(made, line.calls, strict=False):
        found += [
            f"{name}={given.get(name)!r}, not {value!r}" for name, value in wanted.items() if given.get(name) != value
        ]
    if line.answers.lower() not in row["text"].lower():
        found.append(f"answer {row['text']!r}")
    if (row["waiting"] or {}).get("kind", "") != line.waits:
        found.append(f"waiting {row['waiting']}")
    found += [f"{call['tool']} ended as {call['status']}" for call in row["calls"] if call["status"] == "error"]
    return [f"{line.says!r}: {fault}" for fault in found]


async def test_a_morning_in_plain_words(tmp_path: Path) -> None:
    wrong: list[str] = []
    async with open_hub(Settings(home=tmp_path, zone="Europe/Paris")) as hub:
        for line in MORNING:
            wrong += faults(line, await says(hub, line.says))
    assert not wrong, "\n".join(wrong)
