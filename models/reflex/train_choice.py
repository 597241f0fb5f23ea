"""Train the weights of `choose.py`: `python -m models.reflex.train_choice DATA --tools FILE --dev FOLDER`.

DATA is a folder with the unpacked public sets clinc150 (clinc/oos-eval, CC BY 3.0), hwu64
(xliuhw/NLU-Evaluation-Data, CC BY 4.0), seal_tools (fairyshine/Seal-Tools, Apache-2.0) and sgd
(google-research-datasets/dstc8-schema-guided-dialogue, CC BY-SA 4.0), training parts only. From them come small
worlds: some intents become tools with a few examples or none, requests for the others fit none of the tools.
Two thirds of the intents are trained on, the rest judge. To these come our own tools (FILE: MCP tool objects), each
example once as a request while it is taken out of its tool, and our dev set but for its held-out part. Only a few
dozen weights are kept.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from models.embed.encoder import Encoder
from models.guess import Request, ToolSchema
from models.reflex.action import acts_of
from models.reflex.choose import (
    HERE,
    Background,
    Weights,
    chances,
    evidence,
    none_signals,
    widened,
)
from models.reflex.fill import fill
from models.reflex.filling.words import STOP, content_stems
from models.reflex.pointing import kinds_pointed, kinds_told
from models.reflex.retrieve import Index, Matrix, kinds_beside, kinds_of
from models.reflex.training_sets import Kind, clinc, hwu, own, seal, sgd
from models.reflex.understand import tool_of
from models.reflex.vectors import KeptVectors

Names = Mapping[str, Sequence[str]]
STEPS, RATE, DECAY = 800, 0.05, 1e-3
WORLDS = 10
"""Per set of data and side."""
FEW = 3
"""Requests for each example; of a tool with few requests, one is asked and the rest are examples."""
OWN = 1
"""How often our own tools are gone through, for one time through each other set."""
OURS = 3
"""How often each of our own requests counts."""
FOLDS = 4
TRIED = 5
"""Tools whose arguments are filled, as in `plain.py`."""
AWAY_ASKED = 300
"""Requests of public sets that none of our tools serves."""
QUERIES = 30
"""Per world; a third of them fits none of its tools."""


@dataclass(frozen=True)
class Case:
    """One request in a world: a row for each tool, signals of none, and the index of what is right (-1: none)."""

    tools: Matrix
    none: tuple[float, ...]
    right: int


def halves(kinds: Sequence[Kind], chance: random.Random) -> tuple[list[Kind], list[Kind]]:
    """Two thirds to train on, a third to judge by."""
    shuffled = sorted(kinds, key=lambda kind: kind.name)
    chance.shuffle(shuffled)
    cut = len(shuffled) * 2 // 3
    return shuffled[:cut], shuffled[cut:]


def tool_for(kind: Kind, chance: random.Random) -> tuple[ToolSchema, set[str]]:
    """The kind as a tool; also the requests used up as its examples."""
    none = chance.random() < 0.2
    many = 0 if none else chance.randint(2, 6)
    short = [text for text in kind.requests if len(text) < 80]
    if len(short) < 10:
        many = 0 if none else max(0, len(short) - 1)
    examples = chance.sample(short, many) if len(short) >= FEW * many or len(short) < 10 else []
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", kind.name).lower()
    schema = {"type": "object", "properties": {name: {} for name in kind.parameters}}
    return ToolSchema(kind.name, kind.description or words, schema, tuple(examples)), set(examples)


def cases(
    kinds: Sequence[Kind], chat: Sequence[str], kept: KeptVectors, encoder: Encoder, chance: random.Random
) -> Iterator[Case]:
    """Worlds of 5 to 80 of the kinds with requests for them and for others."""
    background = Background(kept)
    asked = [kind for kind in kinds if kind.requests]
    for _ in range(WORLDS):
        size = min(len(kinds) * 2 // 3, chance.choice((5, 10, 20, 40, 80)))
        chosen = chance.sample(asked, min(size, len(asked) * 2 // 3))
        chosen += chance.sample([k for k in kinds if not k.requests], size - len(chosen)) if size > len(chosen) else []
        made = [tool_for(kind, chance) for kind in chosen]
        index = Index([tool for tool, _ in made], kept, background.texts)
        groups = {kind.group for kind in chosen} - {""}
        others = [kind for kind in asked if kind not in chosen and kind.group not in groups]
        for number in range(QUERIES):
            right, text = pick(number, chosen, made, others, chat, chance)
            vector, shape = encoder.encode([text, index.shape(text)])
            signals = index.signals(text, vector, shape)
            foreign = float(index.contrast(text, vector, shape)[-1])
            none = none_signals(text, len(made), background.nearness(vector), foreign)
            yield Case(widened(signals, index.bare), none, right)


@dataclass(frozen=True)
class Asked:
    """One request for which all our tools are known, and the name of the right one ("" for none)."""

    text: str
    right: str
    index: Index


def folded(tools: Sequence[ToolSchema], kept: KeptVectors, others: Sequence[str]) -> Iterator[Asked]:
    """Each example of each tool as a request, while a fifth of the examples is taken out of the tools."""
    for fold in range(FOLDS):
        less = [
            replace(tool, examples=tuple(e for i, e in enumerate(tool.examples) if i % FOLDS != fold)) for tool in tools
        ]
        index = Index(less, kept, others)
        for tool in tools:
            for example in tool.examples[fold::FOLDS]:
                yield Asked(example, tool.name, index)


def dev_asked(folder: Path, tools: Sequence[ToolSchema], kept: KeptVectors, others: Sequence[str]) -> Iterator[Asked]:
    """Requests of the dev set (never of its held-out part) for one tool, without a dialogue before, or for none."""
    index = Index(tools, kept, others)
    known = {tool.name for tool in tools}
    for name in ("requests", "none", "catalogue"):
        for line in (folder / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            right = [row["tool"]] if "tool" in row else [call["name"] for call in row["calls"]]
            unclear = "history" in row or "or" in row or any("or" in call for call in row.get("calls", ()))
            if not unclear and len(right) < 2 and known.issuperset(right):
                yield Asked(row["text"], right[0] if right else "", index)


def named(tools: Sequence[ToolSchema], names: Names, now: datetime) -> Names:
    """The names of the home and, as far as they can be read, of what the examples speak of as existing."""
    found = {kind: list(some) for kind, some in names.items()}
    for tool in tools:
        kinds = {
            name: schema["x-kind"] for name, schema in tool.schema.get("properties", {}).items() if "x-kind" in schema
        }
        for example in tool.examples if kinds else ():
            if "make" in acts_of(example):
                continue
            for name, value in fill(example, tool, Request(example, tools, now)).arguments.items():
                if name in kinds:
                    found.setdefault(kinds[name], []).extend(value if isinstance(value, list) else [str(value)])
    return found


def told(asked: Asked, names: Names, chance: random.Random) -> Names:
    """The names, and now and then one in which lies all that a question says that its tool has no name for."""
    beside_each = kinds_beside(asked.index.tools)
    tools = {t.name: (t, beside) for t, beside in zip(asked.index.tools, beside_each, strict=True)}
    if not asked.right or "ask" not in acts_of(asked.text) or chance.random() < 0.5:
        return names
    tool, beside = tools[asked.right]
    if len(beside) != 1 or kinds_of(tool) or not tool.schema.get("required"):
        return names
    (kind,) = beside
    return {**names, kind: [*names.get(kind, ()), f"{' '.join(content_stems(asked.text) - STOP)} so and so"]}


def requests_of(
    asked: Sequence[Asked], examples: int, tools: Sequence[ToolSchema], home: Mapping[str, Any], chance: random.Random
) -> list[Request]:
    """What is asked, in the home; in the first so many, which are examples, what they speak of exists too."""
    now = datetime.fromisoformat(home["now"])
    known = named(tools, home["names"], now)
    return [
        Request(one.text, tools, now, names=told(one, known if place < examples else home["names"], chance))
        for place, one in enumerate(asked)
    ]


def case_of(asked: Asked, request: Request, background: Background, encoder: Encoder) -> Case:
    """The request among all the tools."""
    index = asked.index
    vector, shape = encoder.encode([asked.text, index.shape(asked.text)])
    told = kinds_told(asked.text, request)
    signals = index.signals(asked.text, vector, shape, kinds_pointed(asked.text, request), told)
    foreign = float(index.contrast(asked.text, vector, shape)[-1])
    none = none_signals(asked.text, len(index.tools), background.nearness(vector), foreign, bool(told))
    names = [tool.name for tool in index.tools]
    return Case(widened(signals, index.bare), none, names.index(asked.right) if asked.right else -1)


def filled_case(asked: Asked, case: Case, request: Request, weights: Weights) -> Case | None:
    """The same with the best few tools' arguments filled, for the second weighing; None where the right one is lost."""
    signals = case.tools[:, : case.tools.shape[1] // 2 - 1]
    tools, nothing = chances(weights, signals, asked.index.bare, case.none)
    best = [int(number) for number in tools.argsort()[::-1][:TRIED]]
    if case.right >= 0 and case.right not in best:
        return None
    rows = []
    for number in best:
        tool = asked.index.tools[number]
        rows.append(evidence(fill(asked.text, tool, request), tool, request.names, float(tools[number])))
    return Case(np.array(rows), (1.0, math.log(nothing + 1e-6)), best.index(case.right) if case.right >= 0 else -1)


def pick(
    number: int,
    chosen: Sequence[Kind],
    made: Sequence[tuple[ToolSchema, set[str]]],
    others: Sequence[Kind],
    chat: Sequence[str],
    chance: random.Random,
) -> tuple[int, str]:
    """A request and the index of its tool; every third fits none."""
    if number % 3 == 0 and (chat or others):
        if chat and (number % 2 or not others):
            return -1, chance.choice(chat)
        return -1, chance.choice(chance.choice(others).requests)
    right = chance.choice([i for i, kind in enumerate(chosen) if set(kind.requests) - made[i][1]])
    return right, chance.choice([text for text in chosen[right].requests if text not in made[right][1]])


def fit(all_cases: Sequence[Case]) -> tuple[Matrix, Matrix]:
    """Adam on the mean log loss."""
    size = all_cases[0].tools.shape[1]
    weights = np.zeros(size + len(all_cases[0].none))
    moment, square = np.zeros_like(weights), np.zeros_like(weights)
    rows = np.vstack([block(case) for case in all_cases])
    owner = np.repeat(np.arange(len(all_cases)), [len(case.tools) + 1 for case in all_cases])
    starts = np.searchsorted(owner, np.arange(len(all_cases)))
    ends = np.append(starts[1:], len(rows))
    right = np.array(
        [end - 1 if c.right < 0 else start + c.right for c, start, end in zip(all_cases, starts, ends, strict=True)]
    )
    target = rows[right].sum(axis=0)
    for step in range(1, STEPS + 1):
        logits = rows @ weights
        powers = np.exp(logits - np.maximum.reduceat(logits, starts)[owner])
        shares = powers / np.add.reduceat(powers, starts)[owner]
        gradient = (rows.T @ shares - target) / len(all_cases) + DECAY * weights
        moment = 0.9 * moment + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights -= RATE * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights[:size], weights[size:]


def block(case: Case) -> Matrix:
    """The case's tools and, last, none, over one common set of columns."""
    wide = np.zeros((len(case.tools) + 1, case.tools.shape[1] + len(case.none)))
    wide[:-1, : case.tools.shape[1]] = case.tools
    wide[-1, case.tools.shape[1] :] = case.none
    return wide


def judge(tool: Matrix, none: Matrix, held: Sequence[Case]) -> str:
    """Right tool among requests that have one, none recall at 5 % false refusals, and at the even threshold."""
    tops, shares = [], []
    for case in held:
        logits = np.append(case.tools @ tool, np.dot(case.none, none))
        powers = np.exp(logits - logits.max())
        tops.append(int(np.argmax(logits[:-1])) == case.right)
        shares.append(float(powers[-1] / powers.sum()))
    fits = np.array([case.right >= 0 for case in held])
    share = np.array(shares)
    edge = np.quantile(share[fits], 0.95)
    return (
        f"right tool {np.mean(np.array(tops)[fits]):.3f}; none recall {np.mean(share[~fits] > edge):.3f} at 5 % false"
        f" refusals (edge {edge:.2f}); at 0.5: recall {np.mean(share[~fits] > 0.5):.3f},"
        f" refusals {np.mean(share[fits] > 0.5):.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, judge on intents never trained on, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m models.reflex.train_choice")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "choice.json")
    parser.add_argument("--tools", type=Path, required=True, help="our own tools, as MCP tool objects in a JSON list")
    parser.add_argument(
        "--dev", type=Path, required=True, help="our own dev set's folder: its requests for these tools"
    )
    given = parser.parse_args(arguments)
    encoder = Encoder()
    kept = KeptVectors(encoder)
    chance = random.Random(20260304)
    train: list[Case] = []
    held: dict[str, list[Case]] = {}
    for source in (clinc, hwu, seal, sgd):
        kinds, chat = source(given.data)
        ours, theirs = halves(kinds, chance)
        train += cases(ours, chat[::2], kept, encoder, chance)
        held[source.__name__] = list(cases(theirs, chat[1::2], kept, encoder, chance))
    home = json.loads((given.dev / "home.json").read_text())
    tools = [tool_of(row) for row in json.loads(given.tools.read_text())]
    kinds, chat = own(given.data, given.tools)
    train += OWN * list(cases(kinds, chat[::2], kept, encoder, chance))
    held["own"] = list(cases(kinds, chat[1::2], kept, encoder, chance))
    background = Background(kept)
    others = background.texts
    asked = list(folded(tools, kept, others))
    many = len(asked)
    asked += dev_asked(given.dev, tools, kept, others)
    asked += [Asked(text, "", asked[-1].index) for text in chance.sample(chat[::2], AWAY_ASKED)]
    requests = requests_of(asked, many, tools, home, chance)
    cases_of_ours = [case_of(one, request, background, encoder) for one, request in zip(asked, requests, strict=True)]
    tool, none = fit([*train, *cases_of_ours * OURS])
    weights = Weights(tuple(tool), tuple(none), (), ())
    filled = [
        filled_case(one, case, request, weights)
        for one, case, request in zip(asked, cases_of_ours, requests, strict=True)
    ]
    second, nothing = fit([case for case in filled if case is not None])
    sys.stdout.write(f"filled: {judge(second, nothing, [case for case in filled if case is not None])}\n")
    for name, some in held.items():
        sys.stdout.write(f"{name}: {judge(tool, none, some)}\n")
    result = {"tool": tool, "none": none, "filled": second, "nothing": nothing}
    rows = {name: [round(float(weight), 4) for weight in values] for name, values in result.items()}
    given.out.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
