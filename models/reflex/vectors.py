"""Vectors of texts that stay the same from request to request: tools' descriptions and examples.

Those of the services that MuOS brings are shipped with it, a byte a number, so that a new home need not encode some
thousands of sentences at its first request: `make vectors` makes them.

What must stay true: the cache file may be deleted or damaged at any time; it is then made again. What is shipped counts
only for the encoder that it was made with.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embed.encoder import WIDTH, Encoder, Vectors

MOST_KEPT = 20_000
"""Vectors held: 30 MB. Beyond it the oldest half goes."""
FILE_NAME = "tools.npz"
SHIPPED = Path(__file__).with_name("shipped.npz")
STEPS = 127
"""A shipped row is stored as whole numbers from -127 to 127 of its largest part: cosines are off by less than 0.002."""
KEY_DIGITS = 24


class KeptVectors:
    """Encodes a text once and keeps the row: in memory and, given a folder, on disk."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self._file = folder / FILE_NAME if folder else None
        self._lock = threading.Lock()
        self._shipped = read_shipped(encoder.digest)
        self._rows: dict[str, Vectors] = self._load()

    def of(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text, in order."""
        keys = [key_of(text) for text in texts]
        with self._lock:
            new = {key: text for key, text in zip(keys, texts, strict=True) if not self._has(key)}
            if new:
                self._make_room(len(new))
                self._rows.update(zip(new, self._encoder.encode(list(new.values())), strict=True))
                self._save()
            rows = [self._rows[key] if key in self._rows else self._shipped.row(key) for key in keys if self._has(key)]
        if len(rows) < len(keys):
            return self._encoder.encode(list(texts))  # more at once than is ever kept
        return np.stack(rows) if rows else np.zeros((0, WIDTH), np.float32)

    def _has(self, key: str) -> bool:
        return key in self._rows or key in self._shipped.places

    def rows(self) -> Mapping[str, Vectors]:
        """All that are held, by key."""
        return {**{key: self._shipped.row(key) for key in self._shipped.places}, **self._rows}

    def _make_room(self, wanted: int) -> None:
        if len(self._rows) + wanted > MOST_KEPT:
            self._rows = dict(list(self._rows.items())[len(self._rows) // 2 :])

    def _load(self) -> dict[str, Vectors]:
        if self._file is None:
            return {}
        try:
            with np.load(io.BytesIO(self._file.read_bytes()), allow_pickle=False) as stored:
                keys, rows, digest = stored["keys"], stored["rows"], stored["digest"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}
        if str(digest) != self._encoder.digest or rows.shape != (len(keys), WIDTH) or rows.dtype != np.float32:
            return {}
        if not np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3):
            return {}
        return {str(key): row for key, row in zip(keys, rows, strict=True)}

    def _save(self) -> None:
        """A full disk or a read-only folder costs the cache, nothing else."""
        if self._file is None:
            return
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            draft.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as stream:
                np.savez(
                    stream,
                    keys=np.array(list(self._rows), dtype="U24"),
                    rows=np.stack(list(self._rows.values())),
                    digest=np.array(self._encoder.digest),
                )
            draft.replace(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()


def key_of(text: str) -> str:
    """The beginning of the text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:KEY_DIGITS]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipped rows, a byte a number until they are wanted."""

    places: Mapping[str, int]
    """Where each key's row stands."""
    steps: NDArray[np.int8]

    def row(self, key: str) -> Vectors:
        """The unit row of a key."""
        row = self.steps[self.places[key]].astype(np.float32)
        return np.asarray(row / np.linalg.norm(row), np.float32)


NONE_SHIPPED = Shipped({}, np.zeros((0, WIDTH), np.int8))


def read_shipped(digest: str, file: Path = SHIPPED) -> Shipped:
    """The shipped rows; none where the file is missing, damaged or another encoder's."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            keys, steps, made_with = stored["keys"], stored["steps"], str(stored["digest"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return NONE_SHIPPED
    if made_with != digest or steps.shape != (len(keys), WIDTH) or not steps.any(axis=1).all():
        return NONE_SHIPPED
    return Shipped({bytes(key).hex(): place for place, key in enumerate(keys)}, steps)


def write_shipped(rows: Mapping[str, Vectors], digest: str, file: Path = SHIPPED) -> None:
    """Store the rows, a byte a number."""
    table = np.stack(list(rows.values()))
    steps = np.rint(table / np.abs(table).max(axis=1, keepdims=True) * STEPS).astype(np.int8)
    keys = np.array([list(bytes.fromhex(key)) for key in rows], np.uint8)
    np.savez(file, keys=keys, steps=steps, digest=np.array(digest))
