"""The currency service in process, against a server that gives out the European Central Bank's files in their form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.currency.naming import currency
from services.currency.rates import KEPT
from services.currency.server import service
from services.kit import Refusal
from tests.services.direct import direct
from tests.services.door import Door, door
from tests.services.outage import OUTAGES, happens
from tests.services.stage.currency import document, furnish
from tests.services.website import Answer, Website, website

DAILY, HISTORY = "/rates/eurofxref-daily.xml", "/rates/eurofxref-hist-90d.xml"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        furnish(site)
        yield site


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Website) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say, direct(monkeypatch):
        monkeypatch.setattr("services.currency.rates.SECONDS", 0.5)
        say.settings = {"server": site.url("/rates")}
        yield say


def convert(say: Door, amount: float, source: str, target: str | None = None, **more: Any) -> str:
    return say("convert", amount=amount, from_currency=source, to_currency=target, **more)


@pytest.mark.parametrize(
    ("amount", "source", "target", "answer"),
    [
        (100, "dollars", "euros", "100 USD is 80 EUR"),
        (80, "€", "$", "80 EUR is 100 USD"),
        (100, "USD", "pounds", "100 USD is 64 GBP"),
        (1, "yen", "euro", "1 JPY is 0.0062 EUR"),
        (1234.5, "EUR", "JPY", "1,234.50 EUR is 197,520 JPY"),
        (0, "euro", "yen", "0 EUR is 0 JPY"),
        (5, "eur", "eur", "5 EUR is 5 EUR"),
    ],
)
def test_any_two_currencies_are_converted_through_the_euro(
    say: Door, amount: float, source: str, target: str, answer: str
) -> None:
    assert convert(say, amount, source, target) == f"{answer} by the rate of Tuesday 3 March."


def test_the_wanted_currency_is_the_persons_own_if_none_is_named(say: Door) -> None:
    assert "EUR" in convert(say, 10, "USD")
    say.zone = "Europe/London"
    assert "8 GBP" in convert(say, 12.5, "USD")
    say.settings |= {"currency": "yen"}
    assert "JPY" in convert(say, 10, "USD")


def test_where_both_would_be_the_same_the_wanted_one_is_asked_for(say: Door) -> None:
    assert convert(say, 10, "EUR").startswith("!Into which currency shall I convert 10 EUR?")


@pytest.mark.parametrize(
    ("day", "rate"), [("2026-03-02", 128), ("2026-03-01", 140), ("2026-01-06", 130), ("2027-03-02", 128)]
)
def test_a_day_without_a_rate_takes_the_last_working_days(say: Door, day: str, rate: float) -> None:
    convert(say, 100, "EUR", "USD", day=day)
    assert say.data["value"] == rate


def test_days_before_the_first_and_days_to_come_are_refused(say: Door) -> None:
    assert convert(say, 1, "EUR", "USD", day="2025-06-01") == (
        "!I know no exchange rates of 1 June 2025; I have only from 5 January 2026 on."
    )
    assert convert(say, 1, "EUR", "USD", day="2027-05-01").startswith("!Nobody knows")


def test_a_rate_and_its_history_are_told(say: Door) -> None:
    assert say("rate", from_currency="pound") == "1 GBP is 1.25 EUR by the rate of Tuesday 3 March."
    assert say("history", from_currency="euro", to_currency="dollar") == (
        "1 EUR fell 3.8% from 1.30 USD on Monday 5 January to 1.25 on Tuesday 3 March. Lowest 1.25 on Tuesday 3 March,"
        " highest 1.40 on Friday 27 February."
    )
    assert say("rate", from_currency="euro").startswith("1 EUR is 1.25 USD")
    assert say("history", from_currency="USD", start="2026-03-03").startswith("!I know too few rates")


def test_all_rates_are_listed(say: Door) -> None:
    assert say("list").startswith("3 rates for one euro by the rate of Tuesday 3 March: British pound 0.8")
    assert say.data["rates"] == {"USD": 1.25, "JPY": 160, "GBP": 0.8}


def test_the_bank_is_not_asked_again_within_two_hours(say: Door, site: Website) -> None:
    convert(say, 1, "USD")
    convert(say, 2, "GBP")
    assert len(site.asked) == 1
    say.now = "2026-03-04T12:00:00+01:00"
    convert(say, 3, "USD")
    assert len(site.asked) == 2


@pytest.mark.parametrize("name", sorted(OUTAGES))
def test_every_outage_is_said_plainly_and_the_last_rates_serve(say: Door, site: Website, name: str) -> None:
    good = site.pages[DAILY]
    heard = happens(site, DAILY, name)
    answer = convert(say, 100, "USD")
    assert answer.startswith("!")
    assert heard in answer
    site.pages[DAILY] = good
    say.now = "2026-03-04T14:00:00+01:00"
    assert convert(say, 100, "USD").startswith("100 USD is 80 EUR")
    happens(site, DAILY, name)
    say.now = "2026-04-04T14:00:00+01:00"
    answer = convert(say, 100, "USD")
    assert (
        answer == "100 USD is 80 EUR by the rate of Tuesday 3 March, the last that I have; I can't reach the bank now."
    )
    assert say.data["offline"] is True


def test_the_rates_outlive_the_copies_of_pages(say: Door, site: Website, tmp_path: Path) -> None:
    convert(say, 1, "USD")
    (tmp_path / "web-cache.sqlite").unlink()
    site.pages.clear()
    assert "the last that I have" in convert(say, 1, "USD")
    (tmp_path / KEPT).write_text("{broken")
    assert convert(say, 1, "USD").startswith("!")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        document({"2026-03-03": {"USD": "free"}}),
        document({"2026-03-03": {"USD": "-1"}}),
        document({"2026-03-03": {"USD": "NaN"}}),
        document({"soon": {"USD": "1"}}),
        document({"2026-03-03": {}}),
        document({}),
    ],
)
def test_rates_that_make_no_sense_are_refused(say: Door, site: Website, body: bytes) -> None:
    site.pages[DAILY] = Answer(body)
    assert "that I can't read as exchange rates" in convert(say, 1, "USD")


def test_unknown_currencies_are_refused_with_what_to_do(say: Door) -> None:
    assert convert(say, 1, "doubloons").startswith("!I know no currency called 'doubloons'.")
    assert convert(say, 1, "XAU").startswith("!The European Central Bank gives no rate for XAU on 3 March 2026.")


@pytest.mark.parametrize(
    ("said", "code"), [("bucks", "USD"), ("Swiss francs", "CHF"), ("£", "GBP"), ("jpy", "JPY"), ("zloty", "PLN")]
)
def test_currencies_are_known_as_people_call_them(said: str, code: str) -> None:
    assert currency(said) == code


def test_what_is_no_currency_is_refused() -> None:
    with pytest.raises(Refusal):
        currency("bananas")


def test_files_that_have_moved_are_followed(say: Door, site: Website) -> None:
    site.pages["/new.xml"] = site.pages[DAILY]
    site.pages[DAILY] = Answer(b"", 301, {"Location": "/new.xml"})
    assert convert(say, 100, "USD").startswith("100 USD is 80 EUR")
