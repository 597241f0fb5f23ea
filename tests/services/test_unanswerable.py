"""Messages of a service that break those who read them end that service's child, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.runtime.session import NESTED
from services.tool import Call, Done, Failed

MakeService = Callable[..., Path]
MakeCall = Callable[..., Call]
Supervise = Callable[..., Any]

HOSTILE = '''
"""Speaks MCP by hand, and says something before its answer."""
import json, sys

SAID = {said!r}

def answer(number, result):
    print(json.dumps({{"jsonrpc": "2.0", "id": number, "result": result}}), flush=True)

for line in sys.stdin:
    asked = json.loads(line)
    match asked["method"]:
        case "initialize":
            answer(asked["id"], {{"protocolVersion": "2025-11-25", "capabilities": {{"tools": {{}}}},
                                 "serverInfo": {{"name": "hostile", "version": "1"}}}})
        case "tools/list":
            answer(asked["id"], {{"tools": [{{"name": "go", "description": "Go.", "inputSchema": {{"type": "object"}},
                                            "annotations": {{"readOnlyHint": True}}}}]}})
        case "tools/call":
            print(SAID, flush=True)
            answer(asked["id"], {{"content": [{{"type": "text", "text": "There."}}]}})
'''
DEEP = 5 * NESTED
SAID = {
    "asks under a number that is none": '{"jsonrpc": "2.0", "id": NaN, "method": "ping"}',
    "asks under an id that can't be sent back": f'{{"id": {"[" * DEEP}{"]" * DEEP}, "method": "ping"}}',
    "half a pair in the depth": f'{{"id": -1, "x": {"[" * DEEP}"\\ud800"{"]" * DEEP}}}',
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
async def test_a_message_that_breaks_its_reader_ends_the_child_and_not_the_hub(
    said: str, make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service("hostile", HOSTILE.format(said=said))
    make_service()
    async with supervise() as supervisor:
        assert isinstance(await supervisor.call(call("hostile_go")), Failed)
        assert isinstance(await supervisor.call(call("sample_marks")), Done)


async def test_many_levels_less_than_the_bound_are_read(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    deep = NESTED - 5
    make_service("hostile", HOSTILE.format(said=f'{{"id": -1, "x": {"[" * deep}"\\ud800"{"]" * deep}}}'))
    async with supervise() as supervisor:
        assert isinstance(await supervisor.call(call("hostile_go")), Done)
