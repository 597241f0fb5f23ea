"""What tells the tools that are present apart: a ridge regression over their own texts, made when they are listed.

What must stay true: it is made from nothing but the tools' texts, in well under a second, for any set of tools;
its cost is bounded, however many texts there are.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.embed.encoder import Vectors
from models.reflex.filling.opening import polite_end
from models.reflex.filling.words import words_of

Matrix = NDArray[np.float64]

HASHED = 512
"""Columns for words and pairs of words."""
RIDGE = 0.6
WORDS, SHAPES = 0.8, 0.7
"""How long the words' and the masked text's part of a row is, that of the text's vector being 1."""


class Contrast:
    """Scores of tools (and of none, the last) for a request."""

    def __init__(self, owners: Sequence[int], rows: Matrix, tools: int) -> None:
        """`owners`: which tool each row speaks for, `tools` itself meaning none."""
        self._weights: Matrix = np.zeros((rows.shape[1], tools + 1))
        if not len(owners):
            return
        counts = np.bincount(owners, minlength=tools + 1)
        share = 1 / np.sqrt(counts[owners])
        target = np.zeros((len(owners), tools + 1))
        target[np.arange(len(owners)), owners] = share
        weighed = rows * share[:, None]
        ridge = RIDGE * float((share**2).mean())
        if len(owners) < rows.shape[1]:
            square = weighed @ weighed.T + ridge * np.eye(len(owners))
            self._weights = np.asarray(weighed.T @ np.linalg.solve(square, target), np.float64)
        else:
            square = weighed.T @ weighed + ridge * np.eye(rows.shape[1])
            self._weights = np.asarray(np.linalg.solve(square, weighed.T @ target), np.float64)

    def scores(self, row: Matrix) -> Matrix:
        """About 1 for a tool's own text, about 0 for others'."""
        scores: Matrix = row @ self._weights
        return scores


def features(texts: Sequence[str], vectors: Vectors, shapes: Vectors) -> Matrix:
    """One row for each text: its vector, its masked text's, and its words and pairs of words."""
    hashed = np.array([marks_of(text) for text in texts]).reshape(len(texts), HASHED)
    return np.hstack([vectors, SHAPES * shapes, WORDS * hashed])


def marks_of(text: str) -> Matrix:
    """Words and neighbours, hashed, as a unit row."""
    words = ["^", *(word.stem for word in words_of(text[polite_end(text) :]) if not word.is_mark)]
    row = np.zeros(HASHED)
    for mark in (*words[1:], *map(" ".join, pairwise(words))):
        place = zlib.crc32(mark.encode())
        row[place % HASHED] += 1 if place & 0x10000 else -1
    length = float(np.linalg.norm(row))
    return row / length if length else row
