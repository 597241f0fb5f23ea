"""Amounts: numbers, percentages, money, quantities, temperatures, units and ordinals."""

from __future__ import annotations

from typing import Any

from models.reflex.values import words
from models.reflex.values.numbers import Number, number_at, ordinal_at
from models.reflex.values.span import Span
from models.reflex.values.tokens import Hit, Scene

_UNIT_LEADS = frozenset({"to", "in", "into", "many", "per", "as", "of", "much", "from"})
_UNIT_KINDS = {
    "square": "square_",
    "sq": "square_",
    "cubic": "cubic_",
    "fluid": "fluid_",
    "fl": "fluid_",
    "nautical": "nautical_",
    "imperial": "imperial_",
    "us": "",
    "metric": "metric_",
    "troy": "troy_",
}
"""Words before a unit that make it another, to what they add to its name."""
_OTHER_THINGS = frozenset({"bar", "foot", "yard", "stone", "pound"})
"""With "a" before them more often no unit."""
_THINGS = frozenset(
    {"one", "ones", "of", "item", "thing", "option", "entry", "reminder", "event", "note", "timer", "alarm"}
)


def amount_at(s: Scene, i: int) -> Hit[Span] | None:
    """The amount at token i, whatever its kind."""
    low = s.low(i)
    if low in words.MONEY_SIGNS or (low in words.MONEY_WORDS and s.kind(i + 1) == "number" and len(low) == 3):
        return _signed_money(s, i)
    ordinal = _ordinal_at(s, i)
    if ordinal is not None:
        return ordinal
    number = number_at(s, i)
    if number is None:
        return _one_of_unit(s, i) or _unit_at(s, i)
    return _measured(s, i, number) or _plain(s, i, number)


def _make(s: Scene, i: int, end: int, kind: str, value: Any, score: float = 1.0, **detail: Any) -> Hit[Span]:
    first, last = s.tokens[i].start, s.tokens[end - 1].end
    return Hit(Span(first, last, kind, value, s.text[first:last], score, detail), end)


def _exact(s: Scene, i: int, number: Hit[Number]) -> str:
    """The digits as said, for decimal arithmetic."""
    if s.kind(number.end - 1) == "number" and not number.value.fraction:
        said = s.text[s.tokens[i].start : s.tokens[number.end - 1].end].replace(",", "").replace("−", "-")
        if said.lstrip("-").replace(".", "", 1).isdigit():
            return said
    return str(number.value.value)


def _plain(s: Scene, i: int, number: Hit[Number]) -> Hit[Span]:
    score = 0.3 if number.value.lone else 1.0
    return _make(s, i, number.end, "number", number.value.value, score, decimal=_exact(s, i, number))


def _measured(s: Scene, i: int, number: Hit[Number]) -> Hit[Span] | None:
    """A number with what it is a number of."""
    j, n = number.end, number.value.value
    j += s.low(j) == "-" and s.touches(j)
    low = s.low(j)
    if low in words.PERCENT:
        return _make(s, i, j + 1, "percent", n, decimal=_exact(s, i, number))
    if low == "per" and s.low(j + 1) == "cent":
        return _make(s, i, j + 2, "percent", n, decimal=_exact(s, i, number))
    return _temperature(s, i, j, n) or _money(s, i, j, number) or _quantity(s, i, j, n)


def _signed_money(s: Scene, i: int) -> Hit[Span] | None:
    hit = number_at(s, i + 1)
    if hit is None:
        return None
    low = s.low(i)
    currency = words.MONEY_SIGNS.get(low) or words.MONEY_WORDS[low]
    return _make(
        s,
        i,
        hit.end,
        "money",
        {"amount": hit.value.value, "currency": currency},
        decimal=_exact(s, i + 1, hit),
    )


def _money(s: Scene, i: int, j: int, number: Hit[Number]) -> Hit[Span] | None:
    low, n = s.low(j), number.value.value
    currency = words.MONEY_SIGNS.get(low) or words.MONEY_WORDS.get(low)
    if currency is not None and not (low in {"pound", "pounds"} and _weighs(s, i, j)):
        coins = number_at(s, j + 1) if s.kind(j + 1) == "word" else None
        if coins is not None and isinstance(coins.value.value, int) and 10 <= coins.value.value <= 99:
            amount = round(n + coins.value.value / 100, 2)
            return _make(s, i, coins.end, "money", {"amount": amount, "currency": currency}, decimal=str(amount))
        said = {"unit": "pound", "amount": n} if low in {"pound", "pounds"} else {}
        return _make(
            s,
            i,
            j + 1,
            "money",
            {"amount": n, "currency": currency},
            0.7 if said else 1.0,
            decimal=_exact(s, i, number),
            **({"quantity": said} if said else {}),
        )
    if low in words.COINS and (low != "p" or s.touches(j)):
        amount = round(n / 100, 4)
        return _make(s, i, j + 1, "money", {"amount": amount, "currency": words.COINS[low]}, decimal=str(amount))
    return None


def _weighs(s: Scene, i: int, j: int) -> bool:
    return s.low(j + 1) == "of" or bool(s.near(i, j) & words.WEIGHING)


def _temperature(s: Scene, i: int, j: int, n: int | float) -> Hit[Span] | None:
    low = s.low(j)
    if low in words.DEGREES:
        k = j + 1
        word = s.low(k)
        unit = words.TEMPERATURES.get(word)
        if unit is None and word in {"below", "minus"} and s.low(k + 1) == "zero":
            return _make(s, i, k + 2, "temperature", {"amount": -abs(n), "unit": None})
        return _make(
            s, i, k + (unit is not None), "temperature", {"amount": n, "unit": unit}, said=word if unit else low
        )
    if low == "below" and s.low(j + 1) == "zero":
        return _make(s, i, j + 2, "temperature", {"amount": -abs(n), "unit": None})
    unit = words.TEMPERATURES.get(low)
    if unit is None or (len(low) == 1 and not s.touches(j) and s.text[s.tokens[j].start].islower()):
        return None
    return _make(s, i, j + 1, "temperature", {"amount": n, "unit": unit}, said=low)


def _quantity(s: Scene, i: int, j: int, n: int | float) -> Hit[Span] | None:
    if isinstance(n, float) and n < 1 and s.low(j) in {"of", *words.A}:
        # half a mile, three quarters of a cup
        j += s.low(j) == "of"
        j += s.low(j) in words.A
    low = s.low(j)
    unit = words.MEASURES.get(low)
    if unit is None and low == "m" and s.touches(j):
        unit = "meter"
    if unit is None or (low == "bar" and not isinstance(n, int)):
        return _compound(s, i, j, n)
    if unit == "foot" and (inches := _inches(s, j + 1)) is not None:
        return _make(
            s, i, inches.end, "quantity", {"amount": round(n + inches.value / 12, 4), "unit": unit}, said="feet"
        )
    unit, end = _per_hour(s, unit, j + 1)
    said = s.text[s.tokens[j].start : s.tokens[end - 1].end]
    return _make(s, i, end, "quantity", {"amount": n, "unit": unit}, said=said)


def _per_hour(s: Scene, unit: str, end: int) -> tuple[str, int]:
    if s.low(end) in {"per", "/", "an"} and words.TIME_UNITS.get(s.low(end + 1)) == "hour":
        return f"{unit}_per_hour", end + 2
    return unit, end


def _inches(s: Scene, j: int) -> Hit[int | float] | None:
    """The 10 in of "5 ft 10 in", "5 foot 10": no "in" that leads on."""
    j += s.low(j) in {"and", ","}
    hit = number_at(s, j)
    if hit is None or not 0 <= hit.value.value < 12:
        return None
    low = s.low(hit.end)
    if low in {"inch", "inches", '"'} or (
        low == "in" and s.low(hit.end + 1) in {"", "in", "to", ".", "?", ",", "as", "tall"}
    ):
        return Hit(hit.value.value, hit.end + 1)
    return None


def _compound(s: Scene, i: int, j: int, n: int | float) -> Hit[Span] | None:
    """square metres, cubic feet, fluid ounces"""
    unit = _led_unit(s, j)
    if unit is None:
        return None
    said = s.text[s.tokens[j + (s.low(j) == "us")].start : s.tokens[j + 1].end]
    return _make(s, i, j + 2, "quantity", {"amount": n, "unit": unit}, said=said)


def _led_unit(s: Scene, j: int) -> str | None:
    """square metres, cubic feet, nautical miles, US gallons"""
    lead, unit = _UNIT_KINDS.get(s.low(j)), words.MEASURES.get(s.low(j + 1))
    return lead + unit if lead is not None and unit is not None else None


def _one_of_unit(s: Scene, i: int) -> Hit[Span] | None:
    """a mile, a kilo"""
    said = s.low(i + 1)
    if (
        s.low(i) not in words.A
        or said not in words.MEASURES
        or (said in _OTHER_THINGS and "many" not in s.near(i, i + 2))
        or s.low(i - 1) in {"half", "of"}
    ):
        return None
    return _make(s, i, i + 2, "quantity", {"amount": 1, "unit": words.MEASURES[said]}, 0.6, said=said)


def _unit_at(s: Scene, i: int) -> Hit[Span] | None:
    """celsius; miles after "in", "how many" …"""
    low = s.low(i)
    led = s.low(i - 1) in _UNIT_LEADS
    if led and (kind := _led_unit(s, i)) is not None:
        return _make(s, i + (low == "us"), i + 2, "unit", kind)
    if low in words.DEGREES and s.low(i + 1) in words.TEMPERATURES:
        return _make(s, i, i + 2, "unit", words.TEMPERATURES[s.low(i + 1)])
    unit = words.TEMPERATURES.get(low) if len(low) > 1 or led else None
    unit = unit or (words.MEASURES.get(low) if led or not s.text.strip()[len(low) :] else None)
    if unit is None and led and low in words.TIME_UNITS and low not in words.SHORT_TIME_UNITS:
        unit = words.TIME_UNITS[low]
        return _make(s, i, i + 1, "unit", unit, 0.6)
    if unit is None:
        currency = words.MONEY_WORDS.get(low) if led else None
        return _make(s, i, i + 1, "unit", currency, 0.8, currency=True) if currency else None
    if low in words.SHORT_MEASURES and not led:
        return None
    unit, end = _per_hour(s, unit, i + 1)
    return _make(s, i, end, "unit", unit, 1.0 if len(low) > 1 else 0.6)


def _ordinal_at(s: Scene, i: int) -> Hit[Span] | None:
    """the second one, first, the last one, number three"""
    the = s.low(i) == "the"
    j = i + the
    if s.low(j) in words.LAST and (the and (s.low(j + 1) in _THINGS or not s.low(j + 1))):
        return _make(s, i, j + 1 + (s.low(j + 1) in {"one", "ones"}), "ordinal", -1)
    if s.low(i) in {"number", "no", "#"} and isinstance(s.number(i + 1), int):
        return _make(s, i, i + 2, "ordinal", s.number(i + 1), 0.6, number=s.number(i + 1))
    hit = ordinal_at(s, j)
    if (
        hit is None
        or (s.low(j) == "first" and s.low(j + 1) in {"thing", "of"})
        or (s.low(j) == "second" and s.low(j - 1) in words.A | {"one"})
    ):
        return None
    end, score = hit.end, 0.9 if the else 0.5
    if s.low(end) in {"one", "ones"}:
        end, score = end + 1, 1.0
    return _make(s, i, end, "ordinal", hit.value, score)
