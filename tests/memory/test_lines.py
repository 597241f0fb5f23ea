"""Notes as JSON lines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.facts.claim import Claim, Fact, Kind
from memory.lines import (
    BadLine,
    error_line,
    export_line,
    fact_line,
    read_line,
    read_query,
    recalled_fields,
    recalled_line,
    summary_line,
)
from memory.note import Note, Scope, Source
from memory.recall.recall import Recalled

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PARIS = timezone(timedelta(hours=1))
texts = st.text(min_size=1)


def read(line: str) -> Note:
    found = read_line(line, member="ann", room="home", now=MONDAY)
    assert found is not None
    return found.note


@given(
    st.builds(
        Note,
        text=texts,
        who=texts,
        when=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(PARIS)),
        member=texts,
        room=texts,
        turn=st.text(),
        source=st.sampled_from(list(Source)),
        scope=st.sampled_from(list(Scope)),
        asked=st.booleans(),
    )
)
def test_an_exported_note_is_read_back_the_same(note: Note) -> None:
    assert read(export_line(note)) == note


def test_what_a_line_leaves_out_takes_the_default() -> None:
    note = read('{"id": 7, "text": "hello", "extra": 1, "room": null}')
    assert note == Note(text="hello", who="ann", when=MONDAY, member="ann", room="home", id="7")


def test_a_time_without_an_offset_is_in_the_zone_of_now() -> None:
    line = '{"text": "x", "when": "2026-03-04T09:00"}'
    found = read_line(line, member="ann", room="home", now=MONDAY.astimezone(PARIS))
    assert found is not None
    assert found.note.when == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"id": "7"}', "'text' is missing"),
        ('{"id": "7", "text": 3}', "must be a text"),
        ('{"id": "7", "text": "x", "when": "soon"}', "ISO 8601"),
        ('{"id": "7", "text": "x", "when": "0001-01-01T00:00:00+14:00"}', "ISO 8601"),
        ('{"id": "7", "text": "x", "scope": "secret"}', "one of private, room, household"),
        ('{"id": "7", "text": "x", "asked": "yes"}', "true or false"),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_keeps_its_id(line: str, says: str) -> None:
    with pytest.raises(BadLine, match=says) as caught:
        read(line)
    assert caught.value.line_id == ("7" if '"7"' in line else None)


def test_an_export_tells_how_often_and_when_last_it_was_said() -> None:
    later = MONDAY + timedelta(days=3)
    line = read_line(export_line(read('{"text": "x"}'), 4, later), member="ann", room="home", now=MONDAY)
    assert line is not None
    assert (line.times, line.last) == (4, later)


def test_facts_in_an_export_are_passed_over_by_an_import() -> None:
    claim = Claim(Kind.FACT, "Ann", "lives_in", "Lyon", "Ann lives in Lyon", since=MONDAY)
    line = fact_line(Fact("0123456789abcdef", claim, ("n1",), MONDAY))
    assert json.loads(line)["text"] == "Ann lives in Lyon"
    assert read_line(line, member="ann", room="home", now=MONDAY) is None


def test_an_empty_name_is_none_at_all() -> None:
    note = read('{"text": "x", "member": "", "who": "", "room": ""}')
    assert (note.member, note.who, note.room) == ("ann", "ann", "home")


def test_bytes_that_are_no_utf_8_are_a_bad_line() -> None:
    with pytest.raises(BadLine, match="not JSON"):
        read_line(b'{"text": "\xff"}', member="ann", room="home", now=MONDAY)


@pytest.mark.parametrize("k", [0, -1, 1001, 2.5, "3", True])
def test_a_query_asks_for_a_sensible_number(k: object) -> None:
    with pytest.raises(BadLine, match="whole number"):
        read_query(json.dumps({"query": "x", "k": k}), member="ann", room="home", now=MONDAY)


def test_a_query_line_is_read() -> None:
    query = read_query('{"id": "q", "query": "keys", "k": 3, "room": "den"}', member="ann", room="home", now=MONDAY)
    assert (query.id, query.query, query.k, query.room, query.member) == ("q", "keys", 3, "den", "ann")
    assert read_query('{"id": 7, "query": "x"}', member="ann", room="home", now=MONDAY).id == 7


def test_what_goes_out_is_one_object_a_line() -> None:
    note = replace(read('{"text": "two\\nlines"}'), id="n")
    line = recalled_line("q", [recalled_fields(Recalled(note, 0.5, "words: two"))], 1.234)
    assert "\n" not in line
    assert json.loads(line)["notes"] == [
        {"id": "n", "text": "two\nlines", "who": "ann", "when": MONDAY.isoformat(), "score": 0.5, "why": "words: two"}
    ]
    assert json.loads(summary_line(3, 2, 2, 5.0)) == {"imported": 3, "merged": 2, "refused": 2, "ms": 5.0}
    assert json.loads(error_line(None, "no")) == {"id": None, "error": "no"}
