"""Signals of tools for a request, and the vectors kept for them."""

from pathlib import Path

import numpy as np
import pytest

from models.embed.encoder import Encoder
from models.errors import Damaged
from models.guess import ToolSchema
from models.reflex.choose import chances, load_weights, none_signals
from models.reflex.retrieve import SIGNALS, Index, Matrix, masked
from models.reflex.vectors import FILE_NAME, KeptVectors


def tool(name: str, description: str, *examples: str) -> ToolSchema:
    return ToolSchema(name, description, {"type": "object", "properties": {}}, examples)


TOOLS = (
    tool("timer_set", "Set a timer that rings after a while.", "set a timer for 10 minutes", "count down 90 seconds"),
    tool("timer_cancel", "Cancel a timer before it rings.", "cancel the tea timer", "stop the timer"),
    tool("list_add", "Add things to a list.", "add milk to the shopping list", "we need eggs"),
    tool("book_flight", "Book a one-way flight between two airports."),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def signals(index: Index, encoder: Encoder, text: str) -> Matrix:
    vector, shape = encoder.encode([text, index.shape(text)])
    return index.signals(text, vector, shape)


def best(encoder: Encoder, tools: tuple[ToolSchema, ...], text: str) -> str:
    index = Index(tools, KeptVectors(encoder))
    none = none_signals(text, len(tools), (0.0, 0.0))
    shares, _ = chances(load_weights(), signals(index, encoder, text), index.bare, none)
    return tools[int(np.argmax(shares))].name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("start a timer of 7 minutes", "timer_set"),
        ("please cancel my pasta timer", "timer_cancel"),
        ("put olives and bread on the shopping list", "list_add"),
        ("I'd like to book a flight from Oslo to Rome", "book_flight"),
    ],
)
def test_the_tool_that_is_meant_comes_first_with_examples_and_without(encoder: Encoder, text: str, name: str) -> None:
    assert best(encoder, TOOLS, text) == name
    assert best(encoder, TOOLS[::-1], text) == name


def test_there_is_one_row_of_signals_for_each_tool_and_none_for_none(encoder: Encoder) -> None:
    kept = KeptVectors(encoder)
    assert signals(Index(TOOLS, kept), encoder, "stop").shape == (len(TOOLS), len(SIGNALS))
    assert signals(Index((), kept), encoder, "stop").shape == (0, len(SIGNALS))


def test_values_are_masked_so_that_only_the_frame_of_a_request_remains() -> None:
    frame = frozenset({"timer", "list", "shopp"})
    assert masked("please set the carbonara timer to 25 minutes", frame) == "set the something timer to 5 something"


def test_chances_add_up_to_one(encoder: Encoder) -> None:
    index = Index(TOOLS, KeptVectors(encoder))
    none = none_signals("stop the timer", len(TOOLS), (0.3, 0.2))
    shares, nothing = chances(load_weights(), signals(index, encoder, "stop the timer"), index.bare, none)
    assert shares.sum() + nothing == pytest.approx(1)


def test_kept_vectors_survive_on_disk(encoder: Encoder, tmp_path: Path) -> None:
    rows = KeptVectors(encoder, tmp_path).of(["one", "two"])

    class Unused:
        digest = encoder.digest

        def encode(self, texts: list[str]) -> None:
            raise AssertionError(f"{texts} should be known")

    again = KeptVectors(Unused(), tmp_path)  # type: ignore[arg-type]  # stands in to show that nothing is encoded
    assert np.array_equal(again.of(["two", "one"]), rows[::-1])


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_damaged_cache_is_made_again(encoder: Encoder, tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    rows = KeptVectors(encoder, tmp_path).of(["one"])
    assert np.array_equal(rows, encoder.encode(["one"]))
    assert np.array_equal(KeptVectors(encoder, tmp_path).of(["one"]), rows)


def test_a_cache_of_other_weights_is_not_believed(encoder: Encoder, tmp_path: Path) -> None:
    row = encoder.encode(["two"])
    key = "7692c3ad3540bb803c020b3a"  # of "one"
    np.savez(tmp_path / FILE_NAME.removesuffix(".npz"), keys=np.array([key]), rows=row, digest=np.array("other"))
    assert np.array_equal(KeptVectors(encoder, tmp_path).of(["one"]), encoder.encode(["one"]))


def test_a_folder_that_cannot_be_written_costs_only_the_cache(encoder: Encoder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert KeptVectors(encoder, tmp_path / "file").of(["one"]).shape == (1, 384)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tool": [1], "none": [1], "filled": [1], "nothing": [1]}'])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "choice.json").write_text(content)
    with pytest.raises(Damaged, match="Install MuOS again"):
        load_weights(tmp_path / "choice.json")
