"""Sentences to unit vectors, with the shipped all-MiniLM-L6-v2 (ONNX, int8).

What must stay true: the rows are unit vectors, and the weights are the ones whose digest lies beside them.
Not covered here: what the vectors are used for, and how the weights were made (`models/embed/export.py`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.errors import Damaged

HERE = Path(__file__).parent
WIDTH = 384
TOKEN_LIMIT = 256
"""The length that the original was trained for; what is longer is cut."""
CHARACTER_LIMIT = 4_000
"""More than 256 tokens of any sentence: a megabyte need not be tokenised to be cut."""
REMEMBERED = 2_048
"""Single sentences whose vectors are kept: 3 MB."""

Vectors = NDArray[np.float32]


class Encoder:
    """Encodes sentences; safe to use from several threads."""

    def __init__(self, folder: Path = HERE, threads: int = 1) -> None:
        weights = read_checked(folder)
        self.digest = hashlib.sha256(weights).hexdigest()[:16]
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(weights, session_options(threads), ["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise Damaged(f"The encoder in {str(folder)!r} can't be loaded ({error}). Install MuOS again.") from error
        self._tokenizer.enable_truncation(TOKEN_LIMIT)
        self._tokenizer.no_padding()
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.runs = 0
        """Sentences that the model was run on: how it is seen that an idle hub runs none."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row of 384 for each text, in order."""
        rows = [self._row(text[:CHARACTER_LIMIT]) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, WIDTH), np.float32)

    def _row(self, text: str) -> Vectors:
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        row: Vectors = self._run(text)
        with self._lock:
            self.runs += 1
            self._kept[text] = row
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return row

    def _run(self, text: str) -> Vectors:
        """One sentence at a time: on processors a batch is no faster (1.35 against 1.47 ms a sentence, measured),
        and as int8 activations share one scale, a row of a batch would depend on its neighbours.
        """
        ids = np.array([self._tokenizer.encode(clean(text)).ids], np.int64)
        out: list[Vectors]
        out = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        row: Vectors = out[0][0]
        return row


def clean(text: str) -> str:
    """Without lone surrogates, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def session_options(threads: int) -> onnxruntime.SessionOptions:
    """No spinning: a thread that waits must not cost a core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def read_checked(folder: Path) -> bytes:
    """The weights, if both files are exactly the ones whose digests were written down; else Damaged."""
    try:
        digests = json.loads((folder / "digests.json").read_text())
        contents = {name: (folder / name).read_bytes() for name in ("model.onnx", "tokenizer.json")}
    except (OSError, ValueError) as error:
        raise Damaged(f"The encoder in {str(folder)!r} can't be read ({error}). Install MuOS again.") from error
    for name, content in contents.items():
        if not isinstance(digests, dict) or hashlib.sha256(content).hexdigest() != digests.get(name):
            raise Damaged(f"{str(folder / name)!r} is not the file that was shipped. Install MuOS again.")
    return contents["model.onnx"]
