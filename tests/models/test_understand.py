"""The JSON lines of `muos understand`."""

import json
from datetime import datetime
from typing import Any

import pytest

from models.guess import Guess, Reading, Request, ToolSchema
from models.reflex.understand import tools_of, understand_lines

NOW = datetime.fromisoformat("2026-03-04T09:00:00+01:00")
TOOLS = [ToolSchema("timer_set", "Set a timer.", {"type": "object", "properties": {"minutes": {"type": "integer"}}})]


PAST = {"name": "a", "arguments": '{"b": 1}', "touched": [{"kind": "k"}]}


class Echo:
    """A reader that guesses the first tool, and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[Request] = []

    def read(self, request: Request) -> Reading:
        self.heard.append(request)
        if request.text == "break":
            raise RuntimeError("broken\ninside")
        if not request.tools:
            return Reading(())
        return Reading((Guess(request.tools[0].name, {"minutes": 3}, 0.87654, ("name",)),))


def answers(*lines: str | bytes) -> tuple[list[dict[str, Any]], Echo]:
    echo = Echo()
    return list(understand_lines(lines, TOOLS, echo, NOW)), echo


def test_a_line_is_answered_with_calls_and_what_is_missing() -> None:
    (row,), _ = answers('{"id": 7, "text": "three minutes"}')
    assert row["calls"] == [{"name": "timer_set", "arguments": {"minutes": 3}, "confidence": 0.877}]
    assert row["missing"] == [{"name": "timer_set", "parameter": "name"}]
    assert row["id"] == 7
    assert row["ms"] >= 0


def test_no_call_means_that_no_tool_fits() -> None:
    (row,), _ = answers('{"id": "a", "text": "x", "tools": []}')
    assert (row["calls"], row["missing"]) == ([], [])


def test_a_line_brings_its_own_tools_clock_and_history() -> None:
    line = {
        "id": "a",
        "text": "x",
        "now": "2030-01-01T00:00:00",
        "locale": "fr",
        "tools": [
            {"name": "a", "description": "b", "inputSchema": {"type": "object"}, "_meta": {"muos/examples": ["c"]}},
            {"name": "d", "input_schema": {"properties": {"e": {}}}},
            {"name": "f"},
        ],
        "history": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": None, "calls": [PAST]},
        ],
    }
    _, echo = answers(json.dumps(line))
    (request,) = echo.heard
    assert request.now == datetime.fromisoformat("2030-01-01T00:00:00+01:00")
    assert [(tool.name, tool.examples) for tool in request.tools] == [("a", ("c",)), ("d", ()), ("f", ())]
    assert request.history[1].calls[0].arguments == {"b": 1}
    assert request.history[1].calls[0].touched == ({"kind": "k"},)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"id": "a", "text": "\xff"}', "UTF-8"),
        ("{", "JSON"),
        ("[1]", "object"),
        ("[" * 100_000, "JSON"),
        ('{"id": "a"}', "'text'"),
        ('{"id": "a", "text": 5}', "'text'"),
        ('{"id": "a", "text": "x", "tools": 5}', "'tools'"),
        ('{"id": "a", "text": "x", "tools": [5]}', "tool"),
        ('{"id": "a", "text": "x", "tools": [{"name": "t", "inputSchema": 5}]}', "inputSchema"),
        ('{"id": "a", "text": "x", "tools": [{"name": "t", "inputSchema": {"properties": []}}]}', "inputSchema"),
        ('{"id": "a", "text": "x", "history": "y"}', "'history'"),
        ('{"id": "a", "text": "x", "now": "soon"}', "'now'"),
        ('{"id": "a", "text": "x", "now": 5}', "'now'"),
        ('{"id": "a", "text": "break"}', "fault of ours"),
    ],
)
def test_a_bad_line_gets_one_line_of_error_and_harms_no_other(line: str | bytes, says: str) -> None:
    rows, _ = answers('{"id": 1, "text": "x"}', line, "   ", '{"id": 2, "text": "x"}')
    assert [row["id"] for row in rows if "calls" in row] == [1, 2]
    assert set(rows[1]) == {"id", "error"}
    assert says in rows[1]["error"]
    assert "\n" not in rows[1]["error"]


@pytest.mark.parametrize("calls", ["5", "[5]", '[{"name": 5, "arguments": 5}]', '[{"arguments": "no json"}]'])
def test_odd_calls_in_the_history_are_passed_over(calls: str) -> None:
    rows, _ = answers(f'{{"id": 1, "text": "x", "history": [{{"role": "assistant", "calls": {calls}}}]}}')
    assert "calls" in rows[0]


def test_tools_may_come_as_a_server_lists_them() -> None:
    assert [tool.name for tool in tools_of({"tools": [{"name": "a"}]})] == ["a"]


def test_a_thousand_lines_give_a_thousand_answers() -> None:
    rows, _ = answers(*(f'{{"id": {number}, "text": "x"}}' if number % 3 else "oops" for number in range(1_000)))
    assert len(rows) == 1_000
    assert sum("error" in row for row in rows) == 334
