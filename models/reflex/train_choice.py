"""Train the weights of `choose.py`: `python -m models.reflex.train_choice DATA [--out FILE]`.

DATA is a folder with the unpacked public sets clinc150 (clinc/oos-eval, CC BY 3.0), hwu64
(xliuhw/NLU-Evaluation-Data, CC BY 4.0), seal_tools (fairyshine/Seal-Tools, Apache-2.0) and sgd
(google-research-datasets/dstc8-schema-guided-dialogue, CC BY-SA 4.0), training parts only. From them come small
worlds: some intents become tools with a few examples or none, requests for the others fit none of the tools.
Two thirds of the intents are trained on, the rest judge. Only weights are kept, 23 numbers.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from models.embed.encoder import Encoder
from models.guess import Request, ToolSchema
from models.reflex.choose import HERE, Background, none_signals, widened
from models.reflex.pointing import kinds_pointed
from models.reflex.retrieve import Index, Matrix
from models.reflex.understand import tool_of
from models.reflex.vectors import KeptVectors

STEPS, RATE, DECAY = 1500, 0.05, 1e-3
WORLDS = 10
"""Per set of data and side."""
FEW = 3
"""Requests for each example; of a tool with few requests, one is asked and the rest are examples."""
OWN = 4
"""How often our own tools are gone through, for one time through each other set."""
DEV = 4
"""How often each request of our dev set counts."""
QUERIES = 30
"""Per world; a third of them fits none of its tools."""


@dataclass(frozen=True)
class Kind:
    """A tool that may be in a world, and requests for it."""

    name: str
    description: str
    requests: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    group: str = ""
    """Of one group are tools so close that a request for one that is missing may well fit another."""


@dataclass(frozen=True)
class Case:
    """One request in a world: a row for each tool, signals of none, and the index of what is right (-1: none)."""

    tools: Matrix
    none: tuple[float, ...]
    right: int


def clinc(data: Path) -> tuple[list[Kind], list[str]]:
    """Intents with their requests, and requests out of scope."""
    rows = json.loads((data / "clinc150" / "data_full_without_test.json").read_text())
    by_intent = defaultdict(list)
    for text, intent in rows["train"]:
        by_intent[intent].append(text)
    return [Kind(name, "", tuple(texts)) for name, texts in by_intent.items()], [text for text, _ in rows["oos_train"]]


def hwu(data: Path) -> tuple[list[Kind], list[str]]:
    """Intents with their requests; its general chat is out of scope."""
    kinds: list[Kind] = []
    chat: list[str] = []
    for file in sorted((data / "hwu64" / "KFold_1_trainset").glob("*.csv")):
        with file.open() as stream:
            texts = tuple(row["answer_from_user"] for row in csv.DictReader(stream, delimiter=";"))
        if file.stem.startswith("general"):
            chat += texts[:40]
        else:
            kinds.append(Kind(file.stem, "", texts, group=file.stem.split("_")[0]))
    return kinds, chat


def seal(data: Path) -> tuple[list[Kind], list[str]]:
    """Tools with a description and mostly one request."""
    requests = defaultdict(list)
    for line in (data / "seal_tools" / "dev.jsonl").read_text().splitlines():
        row = json.loads(line)
        if len(row["calling"]) == 1:
            requests[row["calling"][0]["api"]].append(row["query"])
    kinds = []
    for line in (data / "seal_tools" / "tool.jsonl").read_text().splitlines():
        row = json.loads(line)
        texts = tuple(requests.get(row["api_name"], ()))
        kinds.append(Kind(row["api_name"], row["api_description"], texts, tuple(row["parameters"])))
    return kinds, []


def sgd(data: Path) -> tuple[list[Kind], list[str]]:
    """Intents of services, with the words with which people first asked for them."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file in sorted((data / "sgd" / "train").glob("dialogues_*.json"))[::3]:
        for dialogue in json.loads(file.read_text()):
            turn = dialogue["turns"][0]
            for frame in turn["frames"]:
                if frame.get("state", {}).get("active_intent", "NONE") != "NONE":
                    said[frame["service"], frame["state"]["active_intent"]].append(turn["utterance"])
    kinds = []
    for file in sorted((data / "sgd").rglob("schema.json")):
        if "train" not in file.parts or "sgd_x" in file.parts:
            continue
        for service in json.loads(file.read_text()):
            for intent in service["intents"]:
                texts = tuple(said.get((service["service_name"], intent["name"]), ())[:80])
                slots = (*intent["required_slots"], *intent["optional_slots"])
                kinds.append(
                    Kind(intent["name"], intent["description"], texts, slots, service["service_name"].split("_")[0])
                )
    return kinds, []


AWAY = (
    "iot",
    "music",
    "play",
    "weather",
    "cooking",
    "transport",
    "qa",
    "social",
    "recommendation",
    "takeaway",
    "audio",
    "news",
)
"""Scenarios of hwu64 that no tool of ours serves."""


def own(data: Path, tools: Path) -> tuple[list[Kind], list[str]]:
    """Our own tools, with their examples for requests, and what assistants are asked that none of them serves."""
    kinds = []
    for row in json.loads(tools.read_text()):
        tool = tool_of(row)
        slots = tuple(tool.schema.get("properties", {}))
        kinds.append(Kind(tool.name, tool.description, tool.examples, slots, tool.name.split("_")[0]))
    chat = [text for kind in hwu(data)[0] if kind.group in AWAY for text in kind.requests[:30]]
    return kinds, [*chat, *clinc(data)[1] * 3]


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
        index = Index([tool for tool, _ in made], kept)
        groups = {kind.group for kind in chosen} - {""}
        others = [kind for kind in asked if kind not in chosen and kind.group not in groups]
        for number in range(QUERIES):
            right, text = pick(number, chosen, made, others, chat, chance)
            vector, shape = encoder.encode([text, index.shape(text)])
            signals = index.signals(text, vector, shape)
            none = none_signals(text, len(made), background.nearness(vector))
            yield Case(widened(signals, index.bare), none, right)


def dev_cases(folder: Path, tools: Path, kept: KeptVectors, encoder: Encoder) -> Iterator[Case]:
    """Requests of the dev set (never of its held-out part) for one tool, without a dialogue before, or for none."""
    known = [tool_of(row) for row in json.loads(tools.read_text())]
    place = {tool.name: number for number, tool in enumerate(known)}
    home = json.loads((folder / "home.json").read_text())
    index, background = Index(known, kept), Background(kept)
    for name in ("requests", "none"):
        for line in (folder / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if "history" in row or len(row["calls"]) > 1 or any(call["name"] not in place for call in row["calls"]):
                continue
            request = Request(row["text"], known, datetime.fromisoformat(home["now"]), names=home["names"])
            vector, shape = encoder.encode([row["text"], index.shape(row["text"])])
            signals = index.signals(row["text"], vector, shape, kinds_pointed(row["text"], request))
            none = none_signals(row["text"], len(known), background.nearness(vector))
            right = place[row["calls"][0]["name"]] if row["calls"] else -1
            yield Case(widened(signals, index.bare), none, right)


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
    parser.add_argument("--tools", type=Path, help="our own tools, as MCP tool objects in a JSON list")
    parser.add_argument("--dev", type=Path, help="our own dev set's folder: its requests for these tools")
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
    if given.tools:
        kinds, chat = own(given.data, given.tools)
        for _ in range(OWN):
            train += cases(kinds, chat[::2], kept, encoder, chance)
        held["own"] = list(cases(kinds, chat[1::2], kept, encoder, chance))
    if given.tools and given.dev:
        train += DEV * list(dev_cases(given.dev, given.tools, kept, encoder))
    tool, none = fit(train)
    for name, some in held.items():
        sys.stdout.write(f"{name}: {judge(tool, none, some)}\n")
    rows = {"tool": [round(float(w), 4) for w in tool], "none": [round(float(w), 4) for w in none]}
    given.out.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
