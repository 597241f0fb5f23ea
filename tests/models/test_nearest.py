"""A larger model is offered the tools that are nearest, with their kin."""

import pytest

from models.embed.encoder import Encoder
from models.guess import ToolSchema
from models.reflex.nearest import Nearest

TOOLS = [
    ToolSchema("reminders_add", "Set a reminder.", {}, ("remind me to call Ada at six",)),
    ToolSchema("reminders_list", "Say which reminders there are.", {}, ("what are my reminders?",)),
    ToolSchema("reminders_delete", "Delete a reminder.", {}, ("delete the reminder about the dentist",)),
    ToolSchema("lists_add", "Add things to a list.", {}, ("add milk to the shopping list",)),
    ToolSchema("clock_timer", "Start a timer.", {}, ("set a timer for ten minutes",)),
    ToolSchema("weather", "Say what the weather will be.", {}),
]
SERVICES = ["reminders", "reminders", "reminders", "lists", "clock", "weather"]


@pytest.fixture(scope="module")
def nearest() -> Nearest:
    return Nearest(Encoder())


def test_the_nearest_comes_first(nearest: Nearest) -> None:
    assert nearest.names("will it rain tomorrow?", TOOLS, SERVICES, 3)[0] == "weather"
    assert nearest.names("put bread on my shopping list", TOOLS, SERVICES, 1) == ["lists_add"]


def test_kin_of_the_nearest_come_before_what_is_merely_next(nearest: Nearest) -> None:
    assert set(nearest.names("remind me to water the plants", TOOLS, SERVICES, 4)) >= {
        "reminders_add",
        "reminders_list",
        "reminders_delete",
    }


@pytest.mark.parametrize("k", [0, 1, 3, 6, 100])
def test_never_more_than_asked_for_and_none_twice(nearest: Nearest, k: int) -> None:
    names = nearest.names("hello", TOOLS, SERVICES, k)
    assert len(names) == len(set(names)) == min(k, len(TOOLS))


def test_the_order_of_the_tools_does_not_matter(nearest: Nearest) -> None:
    there = nearest.names("delete my dentist reminder", TOOLS, SERVICES, 3)
    assert nearest.names("delete my dentist reminder", TOOLS[::-1], SERVICES[::-1], 3) == there


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "?" * 10_000])
def test_any_text_will_do(nearest: Nearest, text: str) -> None:
    assert len(nearest.names(text, TOOLS, SERVICES, 2)) == 2
    assert nearest.names(text, [], [], 2) == []
