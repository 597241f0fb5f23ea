"""The calculate service, through its door in process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.calculate.exact import evaluate, shown
from services.calculate.server import service
from services.calculate.words import as_symbols
from services.kit import Refusal

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
    ("said", "value"),
    [
        ("18% of 64.50", "11.61"),
        ("what is 12 times 7?", "84"),
        ("square root of 2", "1.414213562"),
        ("what is the square root of 144?", "12"),
        ("cube root of 27", "3"),
        ("(3+4)*2", "14"),
        ("3 × (2 − 5)", "-9"),
        ("2 to the power of 10", "1024"),
        ("two to the power of ten", "1024"),
        ("2**-3", "0.125"),
        ("twenty-five plus seventeen", "42"),
        ("two hundred and five times three", "615"),
        ("ten thousand and five minus one", "10004"),
        ("a hundred minus one", "99"),
        ("five point two five times two", "10.5"),
        ("half of 30", "15"),
        ("three quarters of 80", "60"),
        ("what is two thirds of 90", "60"),
        ("2 million / 4", "500000"),
        ("1,000 + 1", "1001"),
        ("64,50 * 2", "129"),
        ("0.1+0.2", "0.3"),
        ("50 + 10%", "55"),
        ("200 minus 15%", "170"),
        ("5!", "120"),
        ("100!/98!", "9900"),
        ("7 mod 3", "1"),
        ("2 pi", "6.283185307"),
        ("log 100", "2"),
        ("10/3*3", "10"),
        ("how much is 3 + 4 =", "7"),
        ("0^0", "1"),
    ],
)
def test_words_and_symbols_are_worked_out(said: str, value: str) -> None:
    assert shown(evaluate(as_symbols(said)))[0] == value


@pytest.mark.parametrize(
    "said",
    [
        "__import__('os').system('true')", "(1).real", "[1][0]", "lambda: 1", "1 if 2 else 3", "1if 2 else 3", "a:=1",
        "x", "open('f')", "f'{1}'", "'a'*9", "True", "((((", "4 plus", "1.5.2", "-", "1;2", "💡", "pi(2)",
    ],
)  # fmt: skip
def test_nothing_but_arithmetic_is_read(said: str) -> None:
    with pytest.raises(Refusal, match="can't calculate"):
        evaluate(as_symbols(said))


@pytest.mark.parametrize(
    "said",
    [
        "9**9**9",
        "9^9^9^9",
        "2^(2^(2^(2^(2^2))))",
        "999999!",
        "(10^900)*(10^900)",
        "10^-2000",
        "1.0000001^99999999",
        "(1/9)^9999",
    ],
)
def test_numbers_without_measure_are_refused_before_they_are_computed(said: str) -> None:
    with pytest.raises(Refusal, match="more than 1,000 digits"):
        evaluate(as_symbols(said))


@pytest.mark.parametrize(
    ("said", "why"),
    [("1/0", "divided by zero"), ("0^-1", "divided by zero"), ("sqrt(0-4)", "no real"), ("ln(0)", "above zero")],
)
def test_what_has_no_value_says_why(said: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        evaluate(as_symbols(said))


@given(st.text(alphabet="0123456789.+-*/^%!() sqrtpielog", max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_text_has_a_value_or_is_refused(said: str) -> None:
    with contextlib.suppress(Refusal):
        shown(evaluate(as_symbols(said)))


@given(st.integers(-(10**9), 10**9), st.integers(0, 999_999), st.integers(-(10**6), 10**6))
@settings(deadline=None, max_examples=100)
def test_decimals_are_exact(whole: int, part: int, other: int) -> None:
    text, exact = shown(evaluate(f"({whole} + 0.{part:06}) * {other}"))
    assert exact
    assert float(text) == pytest.approx((whole + part / 10**6) * other)


def test_an_answer_says_what_was_asked(say: Say) -> None:
    assert say("evaluate", expression="What is 12 times 7?") == ("12 times 7 is 84.", {"value": "84", "exact": True})
    assert say("evaluate", expression="1/3")[0] == "1/3 is about 0.3333333333."


def test_percentages_go_every_way(say: Say) -> None:
    assert say("percent", percent=18, of=64.5)[0] == "18% of 64.5 is 11.61."
    assert say("share", part=12, whole=80)[0] == "12 is 15% of 80."
    assert say("share", part=1, whole=3)[0] == "1 is about 33.33% of 3."
    assert say("share", part=1, whole=0)[0].startswith("!")
    assert say("change", number=59.9, percent=20, direction="increase")[0] == "59.9 plus 20% is 71.88."
    assert say("change", number=200, percent=30, direction="decrease")[0] == "200 less 30% is 140."


def test_a_bill_is_split_to_the_cent(say: Say) -> None:
    text, data = say("split", total=96.4, people=4, tip_percent=10)
    assert text == "Each pays 26.51 (106.04 in all with the 10% tip)."
    assert data["shares"] == ["26.51"] * 4
    assert say("split", total=100, people=3)[0] == "2 pay 33.33 and 1 pays 33.34 (100.00 in all)."


@given(st.decimals("0.01", "99999", places=2), st.integers(1, 60), st.integers(0, 40))
@settings(deadline=None, max_examples=100)
def test_the_shares_of_a_bill_add_up_to_it(total: Any, people: int, tip: int) -> None:
    declared = service.declared["split"].function
    data = declared(None, float(total), people, float(tip)).data
    assert sum(round(float(share) * 100) for share in data["shares"]) == round(float(data["total"]) * 100)


def test_averages_sums_and_rounding(say: Say) -> None:
    assert say("average", numbers=[4, 8, 15])[0] == "The average is 9."
    assert say("sum", numbers=[19.99, 5, 12.5])[0] == "The sum is 37.49."
    assert say("round", number=3.14159, places=2)[0] == "3.14159 rounded is 3.14."
    assert say("round", number=2.5)[0] == "2.5 rounded is 3."
    assert say("round", number=-1287, places=-2)[0] == "-1287 rounded is -1300."


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("split", {"total": 10, "people": 0}),
        ("split", {"total": -5, "people": 2}),
        ("percent", {"percent": "NaN", "of": 3}),
        ("percent", {"percent": float("inf"), "of": 3}),
        ("average", {"numbers": []}),
        ("evaluate", {"expression": "1" * 501}),
    ],
)
def test_bad_input_is_refused(say: Say, tool: str, arguments: dict[str, Any]) -> None:
    assert say(tool, **arguments)[0].startswith("!")
