"""The public sets that `train_choice.py` learns from, each as kinds of requests; read from a folder, never shipped."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from models.reflex.understand import tool_of


@dataclass(frozen=True)
class Kind:
    """A tool that may be in a world, and requests for it."""

    name: str
    description: str
    requests: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    group: str = ""
    """Of one group are tools so close that a request for one that is missing may well fit another."""


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
    "cooking",
    "play_audiobook",
    "play_game",
    "qa_definition",
    "qa_factoid",
    "qa_stock",
    "recommendation_events",
    "recommendation_movies",
    "social",
    "takeaway",
    "transport_taxi",
    "transport_ticket",
)
"""Beginnings of the intents of hwu64 that no tool of ours serves."""


def own(data: Path, tools: Path) -> tuple[list[Kind], list[str]]:
    """Our own tools, with their examples for requests, and what assistants are asked that none of them serves."""
    kinds = []
    for row in json.loads(tools.read_text()):
        tool = tool_of(row)
        slots = tuple(tool.schema.get("properties", {}))
        kinds.append(Kind(tool.name, tool.description, tool.examples, slots, tool.name.split("_")[0]))
    chat = [text for kind in hwu(data)[0] if kind.name.startswith(AWAY) for text in kind.requests[:30]]
    return kinds, [*chat, *clinc(data)[1] * 3]
