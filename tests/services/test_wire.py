"""Whatever a service sends becomes well-typed values, safe to print; whatever it declares can't make us raise."""

from __future__ import annotations

import json
from typing import Any

import mcp_types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.arguments import check_arguments
from services.runtime.errors import Refused
from services.runtime.session import encode, mend
from services.runtime.wire import NAME_LIMIT, as_outcome, as_tool, clean, registry_name
from services.tool import Done, Effect, Failed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
RESULT = st.fixed_dictionaries(
    {},
    optional={
        "content": JSON | st.lists(st.fixed_dictionaries({"type": JSON, "text": JSON})),
        "structuredContent": JSON,
        "isError": JSON,
        "_meta": st.dictionaries(
            st.sampled_from(["muos/touched", "muos/undoable", "muos/names", "muos/due", "muos/hears"]),
            JSON | st.lists(st.fixed_dictionaries({"kind": st.text(), "name": st.text()}, optional={"at": JSON})),
        ),
    },
)


@given(RESULT)
def test_any_result_becomes_an_outcome(result: dict[str, Any]) -> None:
    assert isinstance(as_outcome(result), Done | Failed)


@given(
    st.text(min_size=1), st.dictionaries(st.sampled_from(["description", "inputSchema", "annotations", "_meta"]), JSON)
)
def test_any_tool_gets_a_name_that_the_registry_takes(name: str, rest: dict[str, Any]) -> None:
    tool = as_tool("mail", {"name": name, **rest}, frozenset())
    assert 0 < len(tool.name) <= NAME_LIMIT
    assert set(tool.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert tool.effect is Effect.IRREVERSIBLE or rest.get("annotations") or rest.get("_meta")


@given(JSON, st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_no_schema_makes_the_check_raise(properties: Any, arguments: dict[str, Any]) -> None:
    check_arguments({"type": "object", "properties": properties, "required": properties}, arguments)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    cleaned = clean(f"\x1b[31m{text}\x1b]8;;x\x07\x9b1m")
    assert not [char for char in cleaned if (ord(char) < 32 and char not in "\n\t") or 127 <= ord(char) < 160]


@given(JSON | st.text(alphabet=st.characters(categories=["Cs", "L"])))
def test_what_is_sent_is_valid_utf_8_and_one_line(value: Any) -> None:
    line = encode({"value": value})
    assert line.count(b"\n") == 1
    assert json.loads(line.decode()) == {"value": mend(value)}


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(Refused):
        encode({"value": float("inf")})
    with pytest.raises(Refused):
        encode({"value": object()})


def test_defaults_are_filled_in_at_every_depth() -> None:
    inner = {"type": "object", "properties": {"b": {"default": [1]}}}
    schema = {"type": "object", "properties": {"a": inner, "c": {"default": None}, "d": {}}}
    assert check_arguments(schema, {"a": {}}) == ({"a": {"b": [1]}, "c": None}, "")


def test_a_schema_that_refers_elsewhere_is_not_fetched() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/schema"}}}
    _, fault = check_arguments(schema, {"a": 1})
    assert "own schema can't be used" in fault


def test_long_names_stay_apart() -> None:
    names = {registry_name("service", "x" * 80 + end) for end in "ab"}
    assert len(names) == 2


def test_what_we_say_is_mcp() -> None:
    params = {"name": "a", "arguments": {}, "_meta": {"muos/call": "1"}}
    line = encode({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    message = mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False)
    assert isinstance(message, mcp_types.JSONRPCRequest)
    mcp_types.CallToolRequest.model_validate({"method": message.method, "params": message.params}, by_name=False)


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "never", 7])
def test_a_time_that_is_none_in_every_zone_is_none(far: object) -> None:
    outcome = as_outcome({"content": [], "_meta": {"muos/due": far}})
    assert isinstance(outcome, Done)
    assert outcome.due is None
