"""Vectors of texts that stay the same: kept, shipped, and never trusted when they are damaged or another encoder's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.embed.encoder import Encoder
from models.reflex.vectors import FILE_NAME, KeptVectors, key_of, read_shipped, write_shipped

TEXTS = ("what time is it in Rome", "add milk to the list", "turn off the lamp in the hall")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_what_is_shipped_is_nearly_what_the_encoder_gives(encoder: Encoder, tmp_path: Path) -> None:
    file = tmp_path / "shipped.npz"
    true = encoder.encode(TEXTS)
    write_shipped(dict(zip(map(key_of, TEXTS), true, strict=True)), encoder.digest, file)
    shipped = read_shipped(encoder.digest, file)
    rows = np.stack([shipped.row(key_of(text)) for text in TEXTS])
    assert np.abs(rows @ true.T - true @ true.T).max() < 0.004
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def spoil(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:200])


@pytest.mark.parametrize("harm", [spoil, Path.unlink, lambda file: file.write_text("no numbers")])
def test_damaged_or_missing_shipped_vectors_are_passed_over(
    encoder: Encoder, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    file = tmp_path / "shipped.npz"
    write_shipped({key_of(TEXTS[0]): encoder.encode(TEXTS[:1])[0]}, encoder.digest, file)
    harm(file)
    assert not read_shipped(encoder.digest, file).places


def test_shipped_vectors_of_another_encoder_are_passed_over(encoder: Encoder, tmp_path: Path) -> None:
    file = tmp_path / "shipped.npz"
    write_shipped({key_of(TEXTS[0]): encoder.encode(TEXTS[:1])[0]}, "another", file)
    assert not read_shipped(encoder.digest, file).places


def test_a_text_is_encoded_once_for_a_folder(tmp_path: Path) -> None:
    first = Encoder()
    rows = KeptVectors(first, tmp_path).of(TEXTS)
    assert first.runs == len(TEXTS)
    second = Encoder()
    assert np.array_equal(KeptVectors(second, tmp_path).of(TEXTS), rows)
    assert second.runs == 0


def test_a_damaged_cache_is_made_again(tmp_path: Path, encoder: Encoder) -> None:
    rows = KeptVectors(encoder, tmp_path).of(TEXTS)
    (tmp_path / FILE_NAME).write_bytes(b"PK nonsense")
    assert np.allclose(KeptVectors(encoder, tmp_path).of(TEXTS), rows)
