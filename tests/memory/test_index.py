"""One suite over the plain index and Chroma."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from memory.vectors.chroma import ChromaIndex
from memory.vectors.index import Entry, Index, Vectors
from memory.vectors.plain import PlainIndex


def directions(count: int, width: int = 16) -> Vectors:
    rows = np.random.default_rng(7).normal(size=(count, width)).astype(np.float32)
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def test_the_nearest_come_first_with_their_cosine(index: Index) -> None:
    rows = directions(200)
    index.add([Entry(seq, "ann", row) for seq, row in enumerate(rows)])
    found = index.search(rows[17], ["ann"], 5)
    expected = np.argsort(-(rows @ rows[17]))[:5].tolist()
    assert [seq for seq, _ in found] == expected
    assert np.allclose([likeness for _, likeness in found], (rows @ rows[17])[expected], atol=1e-5)


def test_no_other_audience_is_looked_at(index: Index) -> None:
    rows = directions(30)
    index.add([Entry(seq, "ann" if seq % 2 else "bob", row) for seq, row in enumerate(rows)])
    assert {seq % 2 for seq, _ in index.search(rows[0], ["ann"], 30)} == {1}
    assert len(index.search(rows[0], ["ann", "bob", "nobody", "ann"], 40)) == 30
    assert index.search(rows[0], ["nobody"], 3) == []
    assert index.search(rows[0], [], 3) == []


def test_putting_in_again_replaces(index: Index) -> None:
    one, two = directions(2)
    index.add([Entry(1, "ann", one)])
    index.add([Entry(1, "ann", two)])
    assert len(index) == 1
    assert index.search(two, ["ann"], 5)[0][1] > 0.999


def test_what_was_removed_is_not_found(index: Index) -> None:
    rows = directions(20)
    index.add([Entry(seq, "ann", row) for seq, row in enumerate(rows)])
    index.remove([3, 19, 777], "ann")
    index.remove([4], "nobody")
    assert len(index) == 18
    assert {seq for seq, _ in index.search(rows[3], ["ann"], 20)} == set(range(19)) - {3}


def test_after_a_reset_nothing_is_there_and_the_stamp_is_new(index: Index) -> None:
    rows, before = directions(3), index.stamp
    index.add([Entry(seq, "ann", row) for seq, row in enumerate(rows)])
    index.reset()
    assert len(index) == 0
    assert index.search(rows[0], ["ann"], 3) == []
    assert before is None or index.stamp != before
    index.add([Entry(9, "ann", rows[0])])
    assert [seq for seq, _ in index.search(rows[0], ["ann"], 3)] == [9]


def test_both_agree_on_a_thousand_vectors(index: Index) -> None:
    rows, plain = directions(1000), PlainIndex()
    entries = [Entry(seq, f"room{seq % 3}", row) for seq, row in enumerate(rows)]
    index.add(entries)
    plain.add(entries)
    for row in rows[:20]:
        exact = {seq for seq, _ in plain.search(row, ["room0", "room2"], 10)}
        assert len(exact & {seq for seq, _ in index.search(row, ["room0", "room2"], 10)}) >= 9


def test_a_new_graph_holds_nothing_of_one_that_was_dropped(tmp_path: Path) -> None:
    # Chroma writes its graph with room for more vectors, filled with whatever its memory held before.
    index = ChromaIndex(tmp_path / "chroma")
    for seed in range(100, 112):
        gone = np.random.default_rng(seed).normal(size=(600, 64)).astype(np.float32)
        gone /= np.linalg.norm(gone, axis=1, keepdims=True)
        index.add([Entry(seq, "ann", row) for seq, row in enumerate(gone)])
        index.drop("ann")
        index.scrub(["ann"])
        index.add([Entry(1, "ann", directions(1, 64)[0])])
        assert index.search(gone[0], ["ann"], 3)
        files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert not any(row.tobytes() in files for row in gone)
        index.drop("ann")
    index.close()


def test_many_vectors_come_in_at_once_beside_those_that_are_there() -> None:
    rows, index = directions(300), PlainIndex()
    index.add([Entry(5, "ann", rows[0])])
    index.add([Entry(seq, "ann", row) for seq, row in enumerate(rows)] + [Entry(7, "ann", rows[8])])
    assert len(index) == 300
    assert {seq for seq, _ in index.search(rows[8], ["ann"], 2)} == {7, 8}
    assert index.search(rows[5], ["ann"], 1)[0][0] == 5
    assert index.search(rows[299], ["ann"], 1)[0][0] == 299
