"""Vectors of texts that stay the same from request to request: tools' descriptions and examples.

What must stay true: the cache file may be deleted or damaged at any time; it is then made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.embed.encoder import WIDTH, Encoder, Vectors

MOST_KEPT = 20_000
"""Vectors held: 30 MB. Beyond it the oldest half goes."""
FILE_NAME = "tools.npz"


class KeptVectors:
    """Encodes a text once and keeps the row: in memory and, given a folder, on disk."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self._file = folder / FILE_NAME if folder else None
        self._lock = threading.Lock()
        self._rows: dict[str, Vectors] = self._load()

    def of(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text, in order."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
        with self._lock:
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}
            if new:
                self._make_room(len(new))
                self._rows.update(zip(new, self._encoder.encode(list(new.values())), strict=True))
                self._save()
            rows = [self._rows[key] for key in keys if key in self._rows]
        if len(rows) < len(keys):
            return self._encoder.encode(list(texts))  # more at once than is ever kept
        return np.stack(rows) if rows else np.zeros((0, WIDTH), np.float32)

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
