"""Sums in words put as an expression: "divide 1001 by 7", "subtract 48 from 200", "add 7 and 9"."""

from __future__ import annotations

import re

from models.reflex.filling.words import stem_bag

EXPRESSIONS = stem_bag("expression equation formula")
NUMBER = r"(-?\d[\d,]*(?:\.\d+)?)"
SUMS = (
    (re.compile(rf"\bdivide {NUMBER} by {NUMBER}", re.I), r"\1 / \2"),
    (re.compile(rf"\bmultiply {NUMBER} (?:by|and|with) {NUMBER}", re.I), r"\1 * \2"),
    (re.compile(rf"\b(?:subtract|take) {NUMBER} (?:away )?from {NUMBER}", re.I), r"\2 - \1"),
    (re.compile(rf"\badd {NUMBER} (?:and|to) {NUMBER}", re.I), r"\1 + \2"),
)

SIGNED = re.compile(r"(?<![\w.)])-\s*\d[\d.,]*\s*[-+*/^][\d\s.,()+*/^%-]*\d\)*[ .?!=]*$")
"""A sum that begins with a minus, which would else be taken for a dash."""


def as_expression(text: str) -> str | None:
    """The sum that the text's verb asks for; None where it says none of these."""
    if signed := SIGNED.search(text):
        return signed.group().strip(" .?!=")
    for pattern, form in SUMS:
        if match := pattern.search(text):
            after = text[match.end() :].strip(" .?!")
            return f"{match.expand(form)} {after}".strip() if not re.search(r"\d", after) else None
    return None
