"""Train the lens of `retrieve.py`: `python -m models.reflex.train_lens DATA [--tools FILE] [--out FILE]`.

Sentence vectors say what a sentence is about; the lens, a linear map learnt from requests of the same intent, turns
them to what is wanted. Supervised contrastive learning (Khosla et al. 2020) over the sets of `train_choice.py`; two
thirds of the intents are trained on, the rest judge. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from models.embed.encoder import WIDTH, Encoder, Vectors
from models.reflex.retrieve import LENS_FILE, plain_name
from models.reflex.train_choice import Kind, clinc, halves, hwu, own, seal, sgd

OUT = 256
MOST_REQUESTS = 60
INTENTS, EACH = 96, 4
"""A batch: so many intents, so many texts of each."""
STEPS, RATE, HEAT, STAY = 1200, 1e-3, 0.07, 0.3
"""STAY: what it costs to change a cosine, so that intents never seen keep their meaning."""


def texts_of(kind: Kind, chance: random.Random) -> list[str]:
    """Requests and descriptions of a kind, at least two of them."""
    asked = chance.sample(kind.requests, min(MOST_REQUESTS, len(kind.requests)))
    return [*asked, kind.description or plain_name(kind.name), plain_name(kind.name)]


def embedded(kinds: Sequence[Kind], encoder: Encoder, chance: random.Random) -> list[Vectors]:
    """Vectors of each kind's texts."""
    return [encoder.encode(texts_of(kind, chance)) for kind in kinds]


def fit(groups: Sequence[Vectors], chance: random.Random, heed: Sequence[float]) -> Vectors:
    """The map, (384, 256)."""
    torch.manual_seed(4)
    start, _ = torch.linalg.qr(torch.randn(WIDTH, OUT))
    every = torch.tensor(np.vstack(groups))
    _, _, axes = torch.linalg.svd(every[torch.randperm(len(every))[:8000]], full_matrices=False)
    start = axes[:OUT].T.clone()
    lens = start.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([lens], lr=RATE)
    for step in range(STEPS):
        for option in optimiser.param_groups:
            option["lr"] = RATE * (1 - step / STEPS)
        chosen = chance.choices(range(len(groups)), weights=heed, k=INTENTS)
        rows = torch.tensor(np.vstack([groups[i][[chance.randrange(len(groups[i])) for _ in range(EACH)]] for i in chosen]))
        labels = torch.tensor(np.repeat(chosen, EACH))
        loss = contrast(torch.nn.functional.normalize(rows @ lens, dim=1), labels)
        loss = loss + STAY * ((lens - start) ** 2).sum() / OUT
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return lens.detach().numpy().astype(np.float32)


def contrast(rows: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Mean log loss of finding a text of the same intent among all others."""
    likeness = rows @ rows.T / HEAT
    likeness = likeness.masked_fill(torch.eye(len(rows), dtype=torch.bool), -1e9)
    same = (labels[:, None] == labels[None, :]) & ~torch.eye(len(rows), dtype=torch.bool)
    shares = likeness - likeness.logsumexp(dim=1, keepdim=True)
    return -(shares * same).sum(1).div(same.sum(1).clamp(min=1)).mean()


def judge(groups: Sequence[Vectors], lens: Vectors | None, chance: random.Random) -> float:
    """How often the nearest of five texts of each kind is of the right kind."""
    seen = [rows if lens is None else unit(rows @ lens) for rows in groups if len(rows) >= 8]
    shelf = np.vstack([rows[-6:] for rows in seen])
    right = total = 0
    for number, rows in enumerate(seen):
        for row in rows[: min(10, len(rows) - 6)]:
            right += int(np.argmax(shelf @ row)) // 6 == number
            total += 1
    return right / total if total else 0.0


def unit(rows: Vectors) -> Vectors:
    """Rows of length one."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, judge on intents never trained on, write the map."""
    parser = argparse.ArgumentParser(prog="python -m models.reflex.train_lens")
    parser.add_argument("data", type=Path)
    parser.add_argument("--tools", type=Path, help="our own tools, as MCP tool objects in a JSON list")
    parser.add_argument("--out", type=Path, default=LENS_FILE)
    given = parser.parse_args(arguments)
    encoder, chance = Encoder(), random.Random(20260304)
    train: list[Vectors] = []
    heed: list[float] = []
    held: dict[str, list[Vectors]] = {}
    for source, weight in ((clinc, 1.0), (hwu, 2.0), (seal, 0.3), (sgd, 1.5)):
        ours, theirs = halves([kind for kind in source(given.data)[0] if kind.requests], chance)
        train += embedded(ours, encoder, chance)
        heed += [weight] * len(ours)
        held[source.__name__] = embedded(theirs, encoder, chance)
    if given.tools:
        kinds = own(given.data, given.tools)[0]
        train += embedded(kinds, encoder, chance)
        heed += [2.0] * len(kinds)
    lens = fit(train, chance, heed)
    for name, groups in held.items():
        sys.stdout.write(f"{name}: nearest is right {judge(groups, None, chance):.3f}, through the lens {judge(groups, lens, chance):.3f}\n")
    np.save(given.out, lens.astype(np.float16))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
