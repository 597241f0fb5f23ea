"""The system service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.system.server import service, size

Say = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(tool: str, id: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002 - a call's id
        meta = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


def test_the_free_space_is_that_of_the_disk_with_our_data(say: Say, tmp_path: Path) -> None:
    text, data = say("disk")
    assert data["total"] == psutil.disk_usage(str(tmp_path)).total
    assert "free on the disk where I keep my data" in text
    assert all(0 <= other["free"] <= other["total"] for other in data["others"])


def test_memory_is_what_the_machine_has(say: Say) -> None:
    text, data = say("memory")
    assert data["total"] == psutil.virtual_memory().total
    assert text.startswith(size(data["available"]))


def test_a_machine_without_a_battery_says_so(say: Say) -> None:
    text, data = say("battery")
    assert (text == "This machine has no battery.") == (data["battery"] is None)


def test_load_is_a_share_of_all_cores(say: Say) -> None:
    _, data = say("load")
    assert 0 <= data["percent"] <= 100
    assert data["cores"] >= 1


def test_uptime_grows_from_the_start_of_the_machine(say: Say) -> None:
    text, data = say("uptime")
    assert data["seconds"] >= 0
    assert text.startswith("The machine has been running for ")


@pytest.mark.parametrize("by", ["memory", "cpu"])
def test_the_biggest_processes_come_first(say: Say, by: str) -> None:
    _, data = say("processes", by=by, count=3)
    used = [row[by] for row in data["processes"]]
    assert 1 <= len(used) <= 3
    assert used == sorted(used, reverse=True)


def test_no_loopback_address_is_given(say: Say) -> None:
    _, data = say("addresses")
    assert not {"127.0.0.1", "::1"} & {row["address"] for row in data["addresses"]}


def test_bad_input_is_refused(say: Say) -> None:
    assert say("processes", by="colour")[0].startswith("!")
    assert say("processes", count=0)[0].startswith("!")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (123_400_000, "123 MB"), (2.5e12, "2.5 TB")],
)
def test_sizes_are_said_in_powers_of_ten(count: float, said: str) -> None:
    assert size(count) == said
