"""Numbers in digits and words: "1,234.50", "a hundred and five", "three and a half", "half a dozen", "3/4"."""

from __future__ import annotations

from typing import NamedTuple

from models.reflex.values import words
from models.reflex.values.tokens import Hit, Scene

MAX_SPOKEN = 10**15
"""Numbers in words from here on are no numbers that anyone says."""
_FRACTION_BELOW = frozenset({2, 3, 4, 5, 6, 8, 10, 16})


_BEGINS = frozenset({*words.CARDINALS, *words.FRACTIONS, *words.A, *words.MINUS, *words.FRACTION_SIGNS})
"""Words that a number begins with."""


class Number(NamedTuple):
    value: int | float
    spoken: bool = False
    """In words."""
    lone: bool = False
    """The word "one", "half" or the like alone, which is often not meant as a number."""
    fraction: bool = False
    """Written with a slash."""


def number_at(s: Scene, i: int) -> Hit[Number] | None:
    """The number that begins at token i; "a" alone is none."""
    low = s.low(i)
    if low.isalpha() and low not in _BEGINS:
        return None
    if low in words.MINUS or (low in {"-", "−"} and s.touches(i + 1) and not _behind_word(s, i)):
        hit = _unsigned_at(s, i + 1)
        return hit and Hit(hit.value._replace(value=-hit.value.value, lone=False), hit.end)
    return _unsigned_at(s, i)


def integer_at(s: Scene, i: int) -> Hit[int] | None:
    """The same, when it is a whole number."""
    hit = number_at(s, i)
    if hit is None or not isinstance(hit.value.value, int):
        return None
    return Hit(hit.value.value, hit.end)


def ordinal_at(s: Scene, i: int) -> Hit[int] | None:
    """15th, first, twenty-first."""
    n = s.number(i)
    if isinstance(n, int) and s.touches(i + 1) and s.low(i + 1) in words.ORDINAL_SUFFIXES:
        return Hit(n, i + 2)
    low = s.low(i)
    if low in words.ORDINALS:
        return Hit(words.ORDINALS[low], i + 1)
    tens = words.CARDINALS.get(low, 0)
    if tens >= 20:
        j = i + 2 if s.low(i + 1) == "-" else i + 1
        if 0 < words.ORDINALS.get(s.low(j), 0) < 10:
            return Hit(tens + words.ORDINALS[s.low(j)], j + 1)
    return None


def _behind_word(s: Scene, i: int) -> bool:
    return s.touches(i)


def _unsigned_at(s: Scene, i: int) -> Hit[Number] | None:
    low = s.low(i)
    if low in words.FRACTION_SIGNS:
        return Hit(Number(words.FRACTION_SIGNS[low]), i + 1)
    n = s.number(i)
    if n is not None:
        return _digits_at(s, i, n)
    if low in words.FRACTIONS or (low in words.A and s.low(i + 1) in words.FRACTIONS):
        return _fraction_at(s, i)
    return _words_at(s, i)


def _digits_at(s: Scene, i: int, n: int | float) -> Hit[Number]:
    j = i + 1
    if isinstance(n, int) and s.low(j) == "/" and s.touches(j) and s.touches(j + 1):
        below = s.number(j + 1)
        if isinstance(below, int) and below in _FRACTION_BELOW and n < below and s.low(j + 2) != "/":
            return Hit(Number(n / below, fraction=True), j + 2)
        return Hit(Number(n), j)
    low = s.low(j)
    if low in words.FRACTION_SIGNS:
        return Hit(Number(n + words.FRACTION_SIGNS[low]), j + 1)
    over, below = s.number(j), s.number(j + 2)
    slashed = s.low(j + 1) == "/" and s.touches(j + 1)
    if slashed and isinstance(over, int) and isinstance(below, int) and over < below and below in _FRACTION_BELOW:
        return Hit(Number(n + over / below, fraction=True), j + 3)
    scale = words.SCALES.get(low, 0) if len(low) > 2 or s.touches(j) else 0
    if scale and low != "m":
        return _and_a_half(s, Hit(Number(_whole(n * scale)), j + 1))
    if low == "dozen":
        return Hit(Number(_whole(n * 12)), j + 1)
    return _and_a_half(s, Hit(Number(n), j))


def _fraction_at(s: Scene, i: int) -> Hit[Number] | None:
    """half, a half, a quarter; "half a dozen", "half a million"."""
    j = i + 1 if s.low(i) in words.A else i
    part = words.FRACTIONS[s.low(j)]
    if s.low(j) == "third" and j == i:
        return None
    if s.low(j + 1) in words.A and (s.low(j + 2) in words.DOZENS or s.low(j + 2) in words.SCALES):
        count = words.DOZENS.get(s.low(j + 2)) or words.SCALES[s.low(j + 2)]
        return Hit(Number(_whole(part * count), spoken=True), j + 3)
    return Hit(Number(part, spoken=True, lone=True), j + 1)


def _words_at(s: Scene, i: int) -> Hit[Number] | None:
    """Numbers in words: units, teens and tens under hundreds, thousands, millions."""
    j = i
    if s.low(i) in words.A:
        if s.low(i + 1) not in {"hundred", "thousand", "million", "billion", "dozen", "couple"}:
            return None
        j = i + 1
    total, group, seen = 0, 1 if j > i else 0, j > i
    last = "scale" if j > i else ""
    end = i
    while True:
        k = _joined(s, j, last)
        word = s.low(k)
        size = _size(word)
        if not size or not _fits(size, last, seen, group):
            break
        total, group = _add(word, size, total, group, last)
        last, seen, j, end = size, True, k + 1, k + 1
    value: int | float = total + group
    if end == i or value >= MAX_SPOKEN:
        return None
    if s.low(end) == "point" and (s.low(end + 1) in words.CARDINALS):
        return _decimals(s, value, end + 1)
    lone = end == i + 1 and s.low(i) == "one"
    return _and_a_half(s, Hit(Number(value, spoken=True, lone=lone), end))


def _size(word: str) -> str:
    if word in words.CARDINALS:
        n = words.CARDINALS[word]
        return "unit" if n < 10 else "teen" if n < 20 else "ten"
    if word == "hundred":
        return "hundred"
    if word in {"thousand", "million", "billion"}:
        return "scale"
    return "dozen" if word in {"dozen", "couple"} else ""


def _fits(size: str, last: str, seen: bool, group: int) -> bool:
    """May a word of that size come after the last?"""
    if size in {"hundred", "scale", "dozen"}:
        return seen and group > 0 and last != "dozen" and not (size == "hundred" and group >= 100)
    if size == "unit":
        return last in {"", "ten", "hundred", "scale"}
    return last in {"", "hundred", "scale"}


def _joined(s: Scene, j: int, last: str) -> int:
    """Steps over the "-" of twenty-five and the "and" of a hundred and five."""
    if s.low(j) == "-" and last and s.touches(j) and s.touches(j + 1):
        return j + 1
    if s.low(j) == "and" and last in {"hundred", "scale"} and s.low(j + 1) in words.CARDINALS:
        return j + 1
    return j


def _add(word: str, size: str, total: int, group: int, last: str) -> tuple[int, int]:
    if size == "hundred":
        return total, group * 100
    if size == "scale":
        return total + group * words.SCALES[word], 0
    if size == "dozen":
        return total, group * words.DOZENS[word]
    fresh = last == "scale" and total == 0
    return total, (0 if fresh else group) + words.CARDINALS[word]


def _decimals(s: Scene, whole: int | float, j: int) -> Hit[Number]:
    digits = ""
    while s.low(j) in words.CARDINALS and words.CARDINALS[s.low(j)] < 10 and len(digits) < 9:
        digits += str(words.CARDINALS[s.low(j)])
        j += 1
    if not digits:
        return Hit(Number(whole, spoken=True), j - 1)
    return Hit(Number(float(f"{whole}.{digits}"), spoken=True), j)


def _and_a_half(s: Scene, hit: Hit[Number]) -> Hit[Number]:
    """two and a half, one and three quarters, three quarters"""
    j, number = hit.end, hit.value
    if s.low(j) in {"quarters", "thirds", "halves"} or (number.value == 1 and s.low(j) in {"half", "third", "quarter"}):
        return Hit(number._replace(value=number.value * words.FRACTIONS[s.low(j)], lone=False), j + 1)
    if s.low(j) != "and":
        return hit
    if s.low(j + 1) in words.A and s.low(j + 2) in words.FRACTIONS:
        return Hit(hit.value._replace(value=hit.value.value + words.FRACTIONS[s.low(j + 2)], lone=False), j + 3)
    if s.low(j + 1) == "three" and s.low(j + 2) == "quarters":
        return Hit(hit.value._replace(value=hit.value.value + 0.75, lone=False), j + 3)
    return hit


def _whole(n: int | float) -> int | float:
    return int(n) if n == int(n) else n
