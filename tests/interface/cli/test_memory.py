"""muos memory: in bulk as JSON lines, and for a person to read, correct and forget."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interface.running import Running, announced

NOW = ("--now", "2026-03-04T09:00:00+01:00")
Muos = Callable[..., Any]
Row = dict[str, Any]


def lines(*rows: Row | str) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def said(number: int, text: str, **more: Any) -> Row:
    return {"id": f"n{number}", "text": text, "who": "bob", "when": f"2026-02-{number % 28 + 1:02}T09:00:00", **more}


def answers(given: Any) -> list[Row]:
    assert (given.code, given.err) == (0, "")
    return [json.loads(line) for line in given.out.splitlines()]


HERON = said(1, "The heron stood on the roof of the barn", room="den")
LYON = said(2, "I live in Lyon", who="owner")
TEA = said(3, "Green tea is in the blue tin", asked=True)


def test_notes_come_in_and_questions_are_answered_one_object_a_line(muos: Muos) -> None:
    [summary] = answers(muos("memory", "import", "-", stdin=lines(HERON, LYON, TEA)))
    assert {key: summary[key] for key in ("imported", "merged", "refused")} == {
        "imported": 3,
        "merged": 0,
        "refused": 0,
    }
    assert summary.keys() == {"imported", "merged", "refused", "ms"}
    asked = lines({"id": "q1", "query": "where is the tea?", "k": 1}, {"id": 2, "query": "bird", "room": "den"})
    first, second = answers(muos("memory", "recall", "-", "--json", *NOW, stdin=asked))
    assert (first["id"], [note["id"] for note in first["notes"]]) == ("q1", ["n3"])
    assert first["notes"][0].keys() == {"id", "text", "who", "when", "score", "why"}
    assert (second["id"], second["notes"][0]["id"]) == (2, "n1")
    assert first["ms"] >= 0


def test_a_bad_line_is_told_of_and_the_rest_goes_on(muos: Muos) -> None:
    given = lines("{", said(1, "a"), {"id": "x"}, said(2, "my PIN is 4821"), said(3, "c", when="soon"))
    *errors, summary = answers(muos("memory", "import", stdin=given))
    assert [error["id"] for error in errors] == [None, "x", "n3", "n2"]
    assert (summary["imported"], summary["refused"]) == (1, 4)
    assert "a PIN" in errors[3]["error"]
    asked = lines({"id": 1}, "nonsense", {"id": "k", "query": "a", "k": 0}, {"id": "good", "query": "a"})
    rows = answers(muos("memory", "recall", "--json", stdin=asked))
    assert [row["id"] for row in rows] == [1, None, "k", "good"]
    assert ["error" in row for row in rows] == [True, True, True, False]


def test_an_id_that_is_taken_is_refused_and_anothers_is_not_told_of(muos: Muos) -> None:
    muos("memory", "import", "--member", "ann", stdin=lines(HERON))
    error, summary = answers(muos("memory", "import", "--member", "ann", stdin=lines(said(1, "something else"))))
    assert (error["id"], summary["refused"]) == ("n1", 1)
    [summary] = answers(muos("memory", "import", "--member", "bob", stdin=lines(said(1, "something else"))))
    assert (summary["imported"], summary["refused"]) == (1, 0)
    again = answers(muos("memory", "import", "--member", "ann", stdin=lines(HERON)))
    assert again[0]["merged"] == 1
    assert muos("memory", "recall", "--json", "--member", "ann", stdin=lines({"query": "heron"})).json["notes"]


def test_every_note_of_a_large_import_is_found_by_its_meaning_without_a_hub(muos: Muos, tmp_path: Path) -> None:
    things = ("lamp", "river", "piano", "letter", "winter", "train", "garden", "candle")
    rows = [said(each, f"{things[each % 8]} {things[each // 8 % 8]} number {each}") for each in range(700)]
    rows.insert(0, said(999, "My sister adopted a kitten from the shelter"))
    (tmp_path / "notes.jsonl").write_bytes(lines(*rows))
    [summary] = answers(muos("memory", "import", str(tmp_path / "notes.jsonl")))
    assert summary["imported"] == 701
    [row] = answers(muos("memory", "recall", "--json", stdin=lines({"query": "who got a young cat?", "k": 1})))
    assert [note["id"] for note in row["notes"]] == ["n999"]
    assert "meaning" in row["notes"][0]["why"]


def test_what_is_exported_erased_and_imported_is_recalled_as_before(muos: Muos, tmp_path: Path) -> None:
    muos("memory", "import", "-m", "ann", stdin=lines(HERON, LYON | {"who": "ann"}, TEA, TEA | {"times": 4}))
    asked = lines({"id": 1, "query": "where is the tea?"}, {"id": 2, "query": "where does ann live?"})

    def recalled() -> list[list[str]]:
        rows = answers(muos("memory", "recall", "-m", "ann", "--json", *NOW, stdin=asked))
        return [[note["id"] for note in row["notes"]] for row in rows]

    before, facts = recalled(), muos("memory", "facts", "-m", "ann", "--json", *NOW).json
    assert facts["facts"]
    out = tmp_path / "ann.jsonl"
    assert muos("memory", "export", "-m", "ann", str(out)).err == f"Wrote 3 notes to {out}.\n"
    assert out.stat().st_mode & 0o077 == 0
    assert out.read_text() == muos("memory", "export", "-m", "ann").out
    assert muos("memory", "erase", "ann", "--yes").code == 0
    assert muos("memory", "export", "-m", "ann").out == ""
    assert recalled() == [[], []]
    assert answers(muos("memory", "import", str(out)))[0]["imported"] == 3
    assert recalled() == before
    assert muos("memory", "facts", "-m", "ann", "--json", *NOW).json == facts


def test_a_person_reads_what_is_remembered(muos: Muos) -> None:
    muos("memory", "import", stdin=lines(HERON, LYON, TEA, said(9, "I'll call mum on Friday", who="owner")))
    shown = muos("memory", "timeline", *NOW).out
    assert shown.index("2 February 2026") < shown.index("4 February 2026")
    assert "bob in den: The heron stood on the roof of the barn" in shown
    assert "Lyon" not in muos("memory", "timeline", "--who", "bob").out
    assert "Lyon" in muos("memory", "facts", *NOW).out
    [fact] = muos("memory", "facts", "owner", "--json", *NOW).json["facts"][-1:]
    assert "I live in Lyon" in muos("memory", "why", fact["id"]).out
    assert "3 February 2026" in muos("memory", "why", "n2").out
    assert "owner" in muos("memory", "people").out
    assert "mum" in muos("memory", "promises", *NOW).out
    assert "bob: Green tea" in muos("memory", "recall", stdin=lines({"query": "tea"})).out
    assert muos("memory").out.count("Usage: muos memory") == 1


def test_a_fact_is_put_right_and_its_past_is_kept(muos: Muos) -> None:
    muos("memory", "import", stdin=lines(LYON))
    [fact] = muos("memory", "facts", "--json", *NOW).json["facts"]
    assert "I live in Nice" in muos("memory", "correct", fact["id"], "I", "live", "in", "Nice", *NOW).out
    assert [one["value"] for one in muos("memory", "facts", "--json", *NOW).json["facts"]] == ["Nice"]
    past = muos("memory", "facts", "--history", "--json", *NOW).json["facts"]
    assert [one["value"] for one in past] == ["Lyon", "Nice"]
    then = muos("memory", "facts", "--at", "2026-02-10", "--json", *NOW).json["facts"]
    assert [one["value"] for one in then] == ["Lyon"]


def test_what_is_forgotten_by_its_id_goes_and_the_rest_is_asked_for(muos: Muos) -> None:
    muos("memory", "import", stdin=lines(HERON, LYON, TEA))
    assert muos("memory", "forget", "n1").out == "Forgotten: 1 note.\n"
    assert muos("memory", "why", "n1").code == 2
    shown = muos("memory", "forget", "green", "tea", "--dry-run").out
    assert "Green tea is in the blue tin" in shown
    refused = muos("memory", "forget", "green", "tea")
    assert (refused.code, "--yes" in refused.sentence) == (2, True)
    assert muos("memory", "forget", "green", "tea", "--yes", "--json").json["verified"] is True
    assert muos("memory", "forget", "-", stdin=b'n2\n{"id": "n7"}\n').out == "Forgotten: 1 note.\n"
    assert '"id": "n' not in muos("memory", "export").out


def test_a_time_without_an_offset_is_in_the_persons_zone_in_summer_too(muos: Muos) -> None:
    muos("memory", "import", *NOW, stdin=lines({"id": "n1", "text": "x", "when": "2026-07-01T09:00"}))
    assert '"when": "2026-07-01T09:00:00+02:00"' in muos("memory", "export").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "/nowhere/notes.jsonl"),
        ("recall", "/nowhere/questions.jsonl"),
        ("recall", "-k", "0"),
        ("forget",),
        ("forget", "--since", "soon"),
        ("why", "nothing"),
        ("correct", "nothing", "x"),
        ("erase", "ann"),
        ("facts", "--at", "soon"),
        ("timeline", "--kind", "secret"),
        ("import", "--member", "a" * 65),
    ],
)
def test_a_slip_is_one_sentence(muos: Muos, arguments: tuple[str, ...]) -> None:
    given = muos("memory", *arguments)
    assert given.code == 2
    assert given.sentence


def test_a_hub_that_runs_gives_the_same_answers(muos: Muos, home: Path, site: Any) -> None:
    zenobia = ("--member", "zenobia", *NOW)
    rows = (HERON | {"id": "zenobia-1"}, LYON | {"id": "zenobia-2", "who": "zenobia"}, "{", TEA | {"id": "zenobia-3"})
    asked = lines({"id": 1, "query": "where is the tea?"}, {"id": 2, "query": "x" * 20, "room": "a\u0007b"})

    def everything() -> list[Any]:
        imported = answers(muos("memory", "import", *zenobia, stdin=lines(*rows)))
        first, *rest = answers(muos("memory", "recall", "--json", *zenobia, stdin=asked))
        shown = [muos("memory", what, *zenobia).out for what in ("timeline", "facts", "promises")]
        return [
            [{key: row[key] for key in row if key != "ms"} for row in imported],
            [note["id"] for note in first["notes"]],
            [row["id"] for row in rest],
            shown,
            muos("memory", "why", "zenobia-2", *zenobia).out,
            muos("memory", "export", "-m", "zenobia").out.count('"id": "zenobia-'),
            muos("memory", "forget", "zenobia-1", *zenobia).out,
            muos("memory", "forget", "tea", *zenobia).code,
            muos("memory", "why", "zenobia-1", *zenobia).code,
            muos("memory", "erase", "zenobia", "--yes").code,
        ]

    alone = everything()
    with announced(home, Running("127.0.0.1", int(site.url.rsplit(":", 1)[1]), os.getpid())):
        assert everything() == alone


def test_how_much_is_remembered_is_told_to_people_and_programs(muos: Muos) -> None:
    muos("memory", "import", "--member", "cyd", stdin=lines(LYON, TEA))
    told = muos("memory", "status", "--member", "cyd").out
    assert told.startswith("2 notes in sqlite for cyd, 2 of them found by meaning")
    assert muos("memory", "status", "--json", "--member", "cyd").json["notes"] == 2
    assert muos("memory", "status", "--json", "--member", "dan").json["notes"] == 0


def test_facts_are_told_to_who_asks(muos: Muos) -> None:
    muos("memory", "import", stdin=lines(LYON))
    assert "You live in Lyon" in muos("memory", "facts").out
    fact = muos("memory", "facts", "--json").json["facts"][0]
    assert muos("memory", "why", fact["id"]).out.startswith("You live in Lyon. You said on 3 February 2026")


def test_what_makes_no_sense_is_said_in_a_sentence(muos: Muos, tmp_path: Path) -> None:
    assert muos("memory", "forget", "unicorns").out == "There is nothing of that to forget.\n"
    assert (muos("memory", "erase", "", "--yes").code, muos("memory", "erase", " ", "--yes").code) == (2, 2)
    nowhere = muos("memory", "export", str(tmp_path / "no" / "x.jsonl"))
    assert (nowhere.code, "can't be written" in nowhere.err) == (2, True)
    assert muos("remember", stdin=b"").err.startswith("muos: Say what to remember.")
