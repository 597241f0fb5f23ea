"""Which tool it is, if any: the signals of `retrieve.py` weighed together, none of them being a choice too.

The weights are trained by `train_choice.py` (multinomial logistic regression, "none" as one more class) and lie
in `choice.json`. What must stay true: chances of all tools and of none add up to one; any set of tools will do.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.embed.encoder import Vectors
from models.errors import Damaged
from models.reflex.filling.words import content_stems
from models.reflex.retrieve import SIGNALS, Matrix
from models.reflex.vectors import KeptVectors

HERE = Path(__file__).parent
NONE_SIGNALS = ("one", "tools", "length", "background", "background2")
"""What speaks for none: a constant, log of how many tools there are, log of how many telling words,
nearness to requests that assistants often hear but that are rarely a tool's (`background.txt`)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal weighs."""

    tool: tuple[float, ...]
    """As SIGNALS, then the same once more for tools without examples."""
    none: tuple[float, ...]
    """As NONE_SIGNALS."""


def load_weights(file: Path = HERE / "choice.json") -> Weights:
    """The trained weights; Damaged where the file is not what it should be."""
    try:
        row = json.loads(file.read_text())
        weights = Weights(tuple(map(float, row["tool"])), tuple(map(float, row["none"])))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Damaged(f"{str(file)!r} can't be read ({error}). Install MuOS again.") from error
    if len(weights.tool) != 2 * (len(SIGNALS) + 1) or len(weights.none) != len(NONE_SIGNALS):
        raise Damaged(f"{str(file)!r} does not fit this version. Install MuOS again.")
    return weights


class Background:
    """Requests that every assistant hears, against which a tool must stand out."""

    def __init__(self, vectors: KeptVectors) -> None:
        lines = (HERE / "background.txt").read_text().splitlines()
        self._rows = vectors.of([line for line in lines if line.strip()])

    def nearness(self, vector: Vectors) -> tuple[float, float]:
        """Cosine with the nearest of them, and the mean of the five nearest."""
        cosines = np.sort(self._rows @ vector)[::-1]
        return float(cosines[0]), float(cosines[:5].mean())


def widened(signals: Matrix, bare: Matrix) -> Matrix:
    """Signals with a constant, and all of them once more for tools without examples (`bare` is 1 there)."""
    rows = np.column_stack([signals, np.ones(len(signals))])
    return np.hstack([rows, rows * bare[:, None]])


def none_signals(text: str, tools: int, nearness: tuple[float, float]) -> tuple[float, ...]:
    """One value for each of NONE_SIGNALS."""
    return (1.0, math.log(1 + tools), math.log(1 + len(content_stems(text))), *nearness)


def chances(weights: Weights, signals: Matrix, bare: Matrix, none: tuple[float, ...]) -> tuple[Matrix, float]:
    """The chance of each tool, and that of none."""
    logits = widened(signals, bare) @ np.array(weights.tool)
    all_logits = np.append(logits, np.dot(weights.none, none))
    powers = np.exp(all_logits - all_logits.max())
    shares = powers / powers.sum()
    return shares[:-1], float(shares[-1])
