"""The convert service, through its door in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.convert.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def call(tool: str, id: str = "", member: str = "owner", **arguments: Any) -> tuple[str, dict[str, Any]]:  # noqa: A002 - a call's id
        meta = {"muos/call": id, "muos/member": member, "muos/now": "2026-03-04T09:00:00+01:00"}
        result = service.answer(tool, arguments, {**meta, "muos/zone": "Europe/Paris"})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, dict(result.structured_content or {})

    yield call
    service._opened().db.close()


@pytest.mark.parametrize(
    ("value", "source", "target", "answer"),
    [
        (72, "fahrenheit", "celsius", "72 °F is 22.22 °C."),
        (72, "degrees F", "°C", "72 °F is 22.22 °C."),
        (-40, "c", "f", "-40 °C is -40 °F."),
        (0, "kelvin", "celsius", "0 K is -273.15 °C."),
        (2, "litres", "cups", "2 l is 8.45 cups."),
        (5, "miles", "km", "5 mi is 8.05 km."),
        (180, "pounds", "kilos", "180 lb is 81.65 kg."),
        (11, "stone", "kg", "11 stone is 69.85 kg."),
        (100, "km/h", "mph", "100 km/h is 62.14 mi/h."),
        (60, "miles per hour", "kilometres per hour", "60 mi/h is 96.56 km/h."),
        (1, "mile", "feet", "1 mi is 5280 ft."),
        (6, "ft", "cm", "6 ft is 182.88 cm."),
        (20, "square metres", "square feet", "20 m² is 215.28 ft²."),
        (1, "cubic metre", "litres", "1 m³ is 1000 l."),
        (3, "tablespoons", "ml", "3 tablespoons is 44.36 ml."),
        (1, "UK pint", "ml", "1 imperial pint is 568.26 ml."),
        (1, "gallon", "litres", "1 gallon is 3.79 l."),
        (2, "weeks", "hours", "2 weeks is 336 hours."),
        (1, "GB", "MB", "1 GB is 1000 MB."),
        (500, "calories", "kJ", "500 kcal is 2092 kJ."),
        (1, "inch", "km", "1 in is 0.0000254 km."),
        (8, "ounces", "grams", "8 oz is 226.8 g."),
        (10, "metres per second", "knots", "10 m/s is 19.44 knots."),
        (2, "m", "feet", "2 m is 6.56 ft."),
        (1, "nautical mile", "km", "1 nmi is 1.85 km."),
        (90, "degrees", "radians", "90 degrees is 1.57 radians."),
    ],
)
def test_units_are_converted_as_people_say_them(say: Say, value: float, source: str, target: str, answer: str) -> None:
    assert say("convert", value=value, from_unit=source, to_unit=target)[0] == answer


def test_without_a_number_one_is_meant(say: Say) -> None:
    assert say("convert", from_unit="day", to_unit="seconds")[0] == "1 day is 86400 seconds."


@pytest.mark.parametrize(
    ("source", "target"), [("euros", "dollars"), ("US dollars", "yen"), ("€", "kg"), ("pounds sterling", "euro")]
)
def test_money_is_refused_with_the_reason(say: Say, source: str, target: str) -> None:
    assert say("convert", value=5, from_unit=source, to_unit=target)[0].startswith("!I can't convert money")


def test_what_has_no_ratio_is_refused_once(say: Say) -> None:
    answer = say("convert", value=3, from_unit="kilograms", to_unit="metres")[0]
    assert answer == "!I can't convert kilogram to meter: they measure different things."


@pytest.mark.parametrize(
    "name",
    [
        "bananas",
        "9**9**9",
        "m**9999999",
        "()",
        "__import__",
        "1/0",
        "💡",
        "meter.__class__",
        "a b c d",
        "7",
        "kg)*(",
        "m**-",
    ],
)
def test_what_is_no_unit_is_refused(say: Say, name: str) -> None:
    assert say("convert", value=1, from_unit=name, to_unit="metres")[0].startswith("!I don't know the unit")


def test_nothing_is_colder_than_absolute_zero(say: Say) -> None:
    assert "absolute zero" in say("convert", value=-300, from_unit="celsius", to_unit="fahrenheit")[0]


def test_numbers_beyond_measure_are_refused(say: Say) -> None:
    assert say("convert", value=1e300, from_unit="m", to_unit="km")[0].startswith("!")
