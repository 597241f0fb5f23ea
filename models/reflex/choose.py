"""Which tool it is, if any: the signals of `retrieve.py` weighed together, none of them being a choice too.

The weights are trained by `train_choice.py` (multinomial logistic regression, "none" as one more class) and lie
in `choice.json`. What must stay true: chances of all tools and of none add up to one; any set of tools will do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.embed.encoder import Vectors
from models.errors import Damaged
from models.guess import Guess, ToolSchema
from models.reflex.filling.words import content_stems
from models.reflex.retrieve import SIGNALS, Matrix, makes
from models.reflex.vectors import KeptVectors

HERE = Path(__file__).parent
NONE_SIGNALS = ("one", "tools", "length", "background", "background2", "foreign", "told")
"""What speaks for none: a constant, log of how many tools there are, log of how many telling words,
nearness to requests that assistants often hear but that are rarely a tool's (`background.txt`), the regression's
score for such ones; against it: that all words lie in the name of a known thing."""


EVIDENCE = ("likely", "explained", "missing", "typed", "formal", "known", "free", "unknown")
"""Of a tool whose arguments were filled: its log chance so far, the filling's own confidence, required arguments
missing, arguments of a definite type, of a form of their own (a
sum, a unit, a repeat), arguments that name something that exists, free text, and required arguments that should name
something that exists and don't (at most two each).
Against them for none: a constant and the log chance of none."""
TYPED = frozenset({"date-time", "date", "time", "duration", "email", "phone", "uri"})
FORMAL = frozenset({"rrule", "unit", "expression"})
MOST_COUNTED = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal weighs."""

    tool: tuple[float, ...]
    """As SIGNALS, then the same once more for tools without examples."""
    none: tuple[float, ...]
    """As NONE_SIGNALS."""
    filled: tuple[float, ...]
    """As EVIDENCE."""
    nothing: tuple[float, ...]
    """The constant and the log chance of none."""


def load_weights(file: Path = HERE / "choice.json") -> Weights:
    """The trained weights; Damaged where the file is not what it should be."""
    try:
        row = json.loads(file.read_text())
        weights = Weights(*(tuple(map(float, row[key])) for key in ("tool", "none", "filled", "nothing")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Damaged(f"{str(file)!r} can't be read ({error}). Install MuOS again.") from error
    sizes = (2 * (len(SIGNALS) + 1), len(NONE_SIGNALS), len(EVIDENCE), 2)
    if tuple(map(len, (weights.tool, weights.none, weights.filled, weights.nothing))) != sizes:
        raise Damaged(f"{str(file)!r} does not fit this version. Install MuOS again.")
    return weights


class Background:
    """Requests that every assistant hears, against which a tool must stand out."""

    def __init__(self, vectors: KeptVectors) -> None:
        lines = (HERE / "background.txt").read_text().splitlines()
        self.texts = [line for line in lines if line.strip()]
        self._rows = vectors.of(self.texts)

    def nearness(self, vector: Vectors) -> tuple[float, float]:
        """Cosine with the nearest of them, and the mean of the five nearest."""
        cosines = np.sort(self._rows @ vector)[::-1]
        return float(cosines[0]), float(cosines[:5].mean())


def widened(signals: Matrix, bare: Matrix) -> Matrix:
    """Signals with a constant, and all of them once more for tools without examples (`bare` is 1 there)."""
    rows = np.column_stack([signals, np.ones(len(signals))])
    return np.hstack([rows, rows * bare[:, None]])


def none_signals(
    text: str, tools: int, nearness: tuple[float, float], foreign: float = 0.0, told: bool = False
) -> tuple[float, ...]:
    """One value for each of NONE_SIGNALS."""
    return (1.0, math.log(1 + tools), math.log(1 + len(content_stems(text))), *nearness, foreign, float(told))


def chances(weights: Weights, signals: Matrix, bare: Matrix, none: tuple[float, ...]) -> tuple[Matrix, float]:
    """The chance of each tool, and that of none."""
    logits = widened(signals, bare) @ np.array(weights.tool)
    all_logits = np.append(logits, np.dot(weights.none, none))
    powers = np.exp(all_logits - all_logits.max())
    shares = powers / powers.sum()
    return shares[:-1], float(shares[-1])


def evidence(guess: Guess, tool: ToolSchema, names: Mapping[str, Sequence[str]], chance: float) -> tuple[float, ...]:
    """One value for each of EVIDENCE."""
    typed = formal = known = free = unknown = 0
    properties = tool.schema.get("properties", {})
    for name, value in guess.arguments.items():
        schema = properties.get(name)
        if not isinstance(schema, Mapping) or value == schema.get("default"):
            continue
        if schema.get("x-fill") in FORMAL:
            formal += 1
        elif is_typed(schema):
            typed += 1
        elif is_known(value, names.get(str(schema.get("x-kind")), ())):
            known += 1
        elif must_exist(tool, name) and schema.get("x-kind") in names and isinstance(value, str):
            unknown += 1
        else:
            free += 1
    counts = (min(MOST_COUNTED, count) for count in (len(guess.missing), typed, formal, known, free, unknown))
    return (math.log(chance + 1e-6), guess.confidence, *counts)


def must_exist(tool: ToolSchema, name: str) -> bool:
    """The parameter is required and the tool does not make what it names."""
    return name in tool.schema.get("required", ()) and not makes(tool)


def is_typed(schema: Mapping[str, Any]) -> bool:
    """The parameter takes only words of a definite form."""
    forms = [schema, *(one for one in schema.get("anyOf", ()) if isinstance(one, Mapping))]
    return any(
        form.get("format") in TYPED or form.get("type") in ("number", "integer") or "enum" in form for form in forms
    )


def is_known(value: object, names: Sequence[str]) -> bool:
    """The value, or each of its entries, is the name of something that exists."""
    said = value if isinstance(value, list) else [value]
    known = {name.lower() for name in names}
    return bool(said) and all(isinstance(one, str) and one.lower() in known for one in said)


def settle(weights: Weights, rows: Sequence[tuple[float, ...]], nothing: float) -> tuple[Matrix, float]:
    """The chance of each tool with its evidence, and that of none; `nothing` is the chance of none so far."""
    logits = np.array([*(np.dot(weights.filled, row) for row in rows), 0.0])
    logits[-1] = np.dot(weights.nothing, (1.0, math.log(nothing + 1e-6)))
    powers = np.exp(logits - logits.max())
    shares = powers / powers.sum()
    return shares[:-1], float(shares[-1])
