"""The money service, through its door in process; its files are checked with beancount itself where that is there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.kit import Refusal
from services.money import book, ledger
from services.money.book import Entry
from services.money.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
NOW = "2026-03-04T09:00:00+01:00"
BEANCOUNT = importlib.util.find_spec("beancount") is not None


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NOW, currency_set: str = "EUR", **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {"muos/call": call_id, "muos/member": member, "muos/now": now, "muos/zone": "Europe/Paris"}
        result = service.answer(tool, given, {**meta, "muos/settings": {"currency": currency_set}})
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    service._opened().db.close()


def main_file(tmp_path: Path, member: str = "owner") -> Path:
    return tmp_path / "ledger" / member / "money.beancount"


def filled(say: Say) -> None:
    say("set_balance", account="checking", amount=1000)
    say("spend", amount=12.5, item="lunch", where='The "Golden" \\ Goose', call_id="s1")
    say("spend", amount=84, item="groceries", day="2026-03-03", account="checking")
    say("spend", amount=30, item="groceries", day="2026-02-10", account="credit card")
    say("spend", amount=5, item="eating out", currency="USD")
    say("earn", amount=2400, source="salary", account="checking")
    say("transfer", amount=100, from_account="checking", to_account="savings")
    say("set_budget", amount=400, item="groceries")


def test_tenths_of_a_cent_add_up_exactly(say: Say) -> None:
    for _ in range(10):
        say("spend", amount=0.1, item="stamps")
    say("spend", amount=0.0001, item="stamps")
    assert say("summary")[1]["spent"] == {"EUR": "1.0001"}
    assert say("spend", amount=0.00001, item="stamps")[0] == "!0.00001 has more decimals than money has."
    assert say("spend", amount=-3, item="stamps")[0].startswith("!amount")


def test_currencies_are_kept_apart(say: Say) -> None:
    filled(say)
    text, data = say("summary")
    assert "€96.50 and $5" in text
    assert data["spent"] == {"EUR": "96.5", "USD": "5"}
    assert say("spend", amount=3, item="tea", currency_set="chf")[1]["currency"] == "CHF"


def test_balances_follow_what_was_spent_earned_and_moved(say: Say) -> None:
    filled(say)
    assert say("balance")[1]["accounts"] == {
        "cash": {"EUR": "-12.5", "USD": "-5"},
        "checking": {"EUR": "3216"},
        "credit card": {"EUR": "-30"},
        "savings": {"EUR": "100"},
    }
    assert say("set_balance", account="cash", amount=80)[0] == "cash has €80 now."
    assert say("balance", account="cash")[0] == "Cash: €80 and -$5."
    assert say("balance", account="pension")[0].startswith("!I know of no account 'pension'")


def test_a_budget_says_what_is_left_and_what_is_over(say: Say) -> None:
    filled(say)
    assert say("budgets")[0] == "Groceries: €316 left of €400."
    assert "leaves €16 of" in say("spend", amount=300, item="Groceries")[0]
    assert "€4 over" in say("spend", amount=20, item="groceries")[0]
    assert say("budgets", category="groceries")[1]["budgets"][0]["left"] == "-4"
    say("remove_budget", item="groceries")
    assert say("budgets")[0] == "!You have set no budgets."


def test_entries_are_corrected_deleted_and_put_back(say: Say) -> None:
    filled(say)
    assert say("change", entry="lunch", to=13.5)[1]["amount"] == "13.5"
    assert say("change", entry="lunch")[0].startswith("!Say what is to be changed")
    deleted = say("delete", entry="lunch", call_id="d1")[0]
    assert deleted.startswith("Deleted: €13.50 for lunch")
    assert say("delete", entry="lunch")[0].startswith("!I find no entry")
    say("undo", call="d1")
    assert say("list", text="lunch")[1]["entries"][0]["amount"] == "13.5"
    assert say("undo", call="s1")[0].startswith("!It was changed afterwards")


def test_a_month_without_a_year_is_the_one_that_was(say: Say) -> None:
    say("spend", amount=7, item="tea", day="2025-11-20")
    assert say("summary", start="2026-11-01", end="2026-11-30")[0].startswith("You spent €7 in November 2025")


def test_what_comes_again_is_noted_once_each_time(say: Say) -> None:
    _, data = say("repeat", amount=800, item="rent", rule="FREQ=MONTHLY;BYMONTHDAY=1")
    assert data["muos/due"] == "2026-04-01T08:00:00+02:00"
    _, data = say("due", now="2026-06-15T09:00:00+02:00")
    assert [row["text"] for row in data["alerts"]] == ["Noted €800 for rent, 3 times since Wednesday 1 April."]
    assert say("due", now="2026-06-15T09:00:01+02:00")[1]["alerts"] == []
    assert [row["day"] for row in say("list", text="rent")[1]["entries"]] == ["2026-06-01", "2026-05-01", "2026-04-01"]
    say("stop_repeating", item="rent")
    assert say("repeating")[0] == "Nothing is noted by itself."


def test_an_entry_of_another_member_that_fell_due_is_in_their_files(say: Say, tmp_path: Path) -> None:
    say("repeat", amount=9, item="music", rule="FREQ=DAILY", member="bob")
    say("due", now="2026-03-05T09:00:00+01:00")
    assert "Expenses:Music  9 EUR" in (main_file(tmp_path, "bob").parent / "2026.beancount").read_text()


@pytest.mark.skipif(not BEANCOUNT, reason="beancount is not installed")
def test_the_files_pass_beancounts_own_check_with_the_same_balances(say: Say, tmp_path: Path) -> None:
    filled(say)
    say("spend", amount=19.99, item="Bücher & Hefte", day="2025-12-31")
    say("export")
    script = (
        "import sys\nfrom beancount import loader\nfrom beancount.core import realization\n"
        "for path in sys.argv[1:]:\n"
        "    entries, errors, _ = loader.load_file(path)\n"
        "    root = realization.realize(entries)\n"
        "    print(errors, realization.get(root, 'Assets:Checking').balance,"
        " realization.get(root, 'Liabilities:Credit-Card').balance)\n"
    )
    files = [str(main_file(tmp_path)), *map(str, tmp_path.glob("ledger/*/exports/*"))]
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", script, *files], capture_output=True, text=True)
    assert run.stdout.splitlines() == ["[] (3216 EUR) (-30 EUR)"] * 2, run.stderr


def test_files_follow_undo_and_only_changed_years_are_written(say: Say, tmp_path: Path) -> None:
    say("spend", amount=7, item="tea", day="2025-11-20")
    old = main_file(tmp_path).parent / "2025.beancount"
    before = old.stat().st_mtime_ns
    say("spend", amount=8, item="cake", call_id="c1")
    new = main_file(tmp_path).parent / "2026.beancount"
    assert "8 EUR" in new.read_text()
    assert old.stat().st_mtime_ns == before
    say("undo", call="c1")
    assert not new.exists()
    assert "2026" not in main_file(tmp_path).read_text().partition("include")[2]


def test_an_export_is_read_back_as_it_was(say: Say) -> None:
    filled(say)
    text = say("export")[1]["text"]
    assert say("import", text=text, member="bob")[0] == "Read 7 transactions into your book."
    mine, theirs = (say("list", member=member)[1]["entries"] for member in ("owner", "bob"))
    assert [row | {"id": ""} for row in theirs] == [row | {"id": ""} for row in mine]
    assert say("balance", member="bob")[1] == say("balance")[1]


@pytest.mark.parametrize(
    "text",
    [
        '2026-03-01 * "x"\n  Expenses:Food  5 EUR\n  Expenses:Tea  5 EUR\n  Assets:Cash\n',
        '2026-03-01 * "x"\n  Expenses:Food\n  Assets:Cash\n',
        '2026-13-01 * "x"\n  Expenses:Food  5 EUR\n  Assets:Cash\n',
        '2026-03-01 * "x"\n  Expenses:Food  5.00001 EUR\n  Assets:Cash\n',
        "nothing of the sort",
    ],
)
def test_what_can_not_be_read_exactly_is_refused_whole(say: Say, text: str) -> None:
    good = '2026-03-02 * "ok"\n  Expenses:Food  5 EUR\n  Assets:Cash\n'
    assert say("import", text=text)[0].startswith("!")
    if text.startswith("2026"):
        assert say("import", text=good + "\n" + text)[0].startswith("!")
        assert say("list")[1]["entries"] == []


names = some.text(some.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(names, names, names, some.integers(1, 10**12), some.sampled_from(["spend", "earn", "move"]))
def test_any_entry_survives_being_written_and_read(
    category: str, account: str, payee: str, amount: int, kind: str
) -> None:
    names_ = (book.plain_name(category, "other"), book.plain_name(account, "cash"), book.plain_name(payee, "x"))
    entry = Entry(0, date(2026, 3, 4), kind, amount, "EUR", *names_)
    assert ledger.parsed(ledger.rendered(entry)) == [entry]


def test_charts_show_categories_months_and_budgets(say: Say) -> None:
    filled(say)
    space = "{http://www.w3.org/2000/svg}"
    bars = ET.fromstring(say("chart")[1]["chart"])
    assert bars.findtext(f"{space}desc") == "groceries: €84; lunch: €12.50"
    assert {each.get("class") for each in bars.iter(f"{space}rect")} == {"mark", "rest"}
    months = say("chart", by="month", start="2026-01-01", end="2026-03-31")[1]
    assert months["rows"] == {"Jan": 0.0, "Feb": 30.0, "Mar": 96.5}
    assert say("chart", start="2024-01-01", end="2024-01-31")[0].startswith("!Nothing was spent")


def test_the_book_is_each_members_own(say: Say) -> None:
    filled(say)
    assert say("summary", member="bob")[0] == "You spent nothing this month."
    assert say("balance", member="bob")[0] == "There is nothing in your book yet."


def test_amounts_are_said_as_people_write_them() -> None:
    said = [book.spoken_amount(book.units(Decimal(text)), code) for text, code in AMOUNTS]
    assert said == ["€1,234.50", "¥500", "-$3", "0.1234 CHF"]
    with pytest.raises(Refusal):
        book.units(Decimal("0.12345"))


AMOUNTS = (("1234.5", "EUR"), ("500", "JPY"), ("-3", "USD"), ("0.1234", "CHF"))
