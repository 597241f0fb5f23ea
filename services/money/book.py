"""The book of a member: entries, budgets and what comes again, in exact amounts.

Must stay true: an amount is a whole number of ten-thousandths; no float takes part in any sum.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from services.kit import Context, Refusal, Thing
from services.kit.moment import sensible_day
from services.kit.speech import one_line, spoken_date

TABLES = """
CREATE TABLE IF NOT EXISTS entry(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, category TEXT NOT NULL COLLATE NOCASE,
    account TEXT NOT NULL COLLATE NOCASE, payee TEXT NOT NULL DEFAULT '', stamp INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS entry_day ON entry(member, day);
CREATE TABLE IF NOT EXISTS budget(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, category TEXT NOT NULL COLLATE NOCASE,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, since TEXT NOT NULL, UNIQUE(member, category));
CREATE TABLE IF NOT EXISTS again(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, room TEXT NOT NULL, zone TEXT NOT NULL,
    kind TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, category TEXT NOT NULL COLLATE NOCASE,
    account TEXT NOT NULL, rule TEXT NOT NULL, start TEXT NOT NULL, at INTEGER);
"""
UNITS = 10_000
PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "ISK": 0, "HUF": 0, "CLP": 0}
"""Currencies that are said without decimals; all others with two."""
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
Kind = Literal["spend", "earn", "move", "opening"]
CASH = "cash"
LISTED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book."""

    id: int
    day: date
    kind: str
    """spend, earn; move: from `account` to the account in `category`; opening: what was there at first."""
    amount: int
    """In ten-thousandths, positive but for an opening."""
    currency: str
    category: str
    account: str
    payee: str


def as_entry(row: sqlite3.Row) -> Entry:
    """A row as an entry."""
    return Entry(
        row["id"],
        date.fromisoformat(row["day"]),
        row["kind"],
        row["amount"],
        row["currency"],
        row["category"],
        row["account"],
        row["payee"],
    )


def units(amount: Decimal) -> int:
    """An amount as stored; refuses more than four decimals."""
    scaled = amount * UNITS
    if scaled != scaled.to_integral_value():
        raise Refusal(f"{amount} has more decimals than money has.")
    return int(scaled)


def decimal_of(stored: int) -> Decimal:
    """The stored amount as a number."""
    return (Decimal(stored) / UNITS).normalize() + Decimal(0)


def spoken_amount(stored: int, currency: str) -> str:
    """€12.50; 1,200 CHF."""
    value, places = Decimal(abs(stored)) / UNITS, PLACES.get(currency, 2)
    exact = value == value.quantize(Decimal(1).scaleb(-places))
    figure = f"{value:,.{places if exact else 4}f}"
    figure = figure.removesuffix(".00")
    minus = "-" if stored < 0 else ""
    return f"{minus}{SIGNS[currency]}{figure}" if currency in SIGNS else f"{minus}{figure} {currency}"


def spoken_amounts(amounts: dict[str, int]) -> str:
    """€12.50 and $3."""
    parts = [spoken_amount(amount, currency) for currency, amount in sorted(amounts.items()) if amount]
    return " and ".join(parts) or "nothing"


def usual_currency(ctx: Context) -> str:
    """The member's own, as set."""
    code = str(ctx.settings.get("currency", "EUR")).strip().upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else "EUR"


LED = re.compile(r"^(?:(?:the|my|our|an?|for|on|from|to|with|by|bought|spent|paid|another|went)\s+)+", re.I)
"""What leads to a name without being of it."""


def plain_name(said: str | None, usual: str) -> str:
    """A category or account in one line, without what only leads to it."""
    name = re.sub(
        r"^(?:(?:the|my|our|a|an|for|on|from|to|with|by|bought|spent|paid|another|went)\s+)+",
        "",
        one_line(said),
        flags=re.I,
    )
    name = re.sub(r"\s+(?:account|budget|category)$", "", name, flags=re.I).strip(" .,")
    return name[:60] or usual


def known_as(ctx: Context, column: Literal["category", "account"], name: str) -> str:
    """As it was written before, if it was: Groceries and groceries are the same."""
    row = ctx.db.execute(
        f"SELECT {column} AS name FROM entry WHERE member=? AND {column}=? ORDER BY id LIMIT 1", (ctx.member, name)
    ).fetchone()
    return str(row["name"]) if row else name


def write(ctx: Context, entry: Entry) -> Entry:
    """Add it to the member's book."""
    row = ctx.db.execute(
        "INSERT INTO entry(member, day, kind, amount, currency, category, account, payee, stamp)"
        " VALUES(?,?,?,?,?,?,?,?,?) RETURNING *",
        (
            ctx.member,
            f"{sensible_day(entry.day):%F}",
            entry.kind,
            entry.amount,
            entry.currency,
            entry.category,
            entry.account,
            entry.payee,
            secrets.randbits(31),
        ),
    ).fetchone()
    return as_entry(row)


def read(
    ctx: Context,
    first: date | None = None,
    last: date | None = None,
    kind: Kind | None = None,
    category: str | None = None,
) -> list[Entry]:
    """The member's entries from a day to a day (both included), newest first."""
    wanted: list[tuple[str, object]] = [("member=?", ctx.member)]
    wanted += [("day>=?", f"{first:%F}")] if first else []
    wanted += [("day<=?", f"{last:%F}")] if last else []
    wanted += [("kind=?", kind)] if kind else []
    wanted += [("category=?", category)] if category else []
    where = " AND ".join(condition for condition, _ in wanted)
    rows = ctx.db.execute(
        f"SELECT * FROM entry WHERE {where} ORDER BY day DESC, id DESC", [value for _, value in wanted]
    ).fetchall()
    return [as_entry(row) for row in rows]


def totals(entries: Sequence[Entry]) -> dict[str, int]:
    """The sum for each currency."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount
    return sums


def balances(ctx: Context) -> dict[str, dict[str, int]]:
    """What is on each account, for each currency."""
    found: dict[str, dict[str, int]] = {}

    def add(account: str, currency: str, amount: int) -> None:
        there = found.setdefault(account, {})
        there[currency] = there.get(currency, 0) + amount

    for entry in read(ctx):
        add(entry.account, entry.currency, entry.amount if entry.kind in {"earn", "opening"} else -entry.amount)
        if entry.kind == "move":
            add(entry.category, entry.currency, entry.amount)
    return found


def thing(entry: Entry) -> Thing:
    """The entry as something that "it" may mean."""
    return Thing("expense" if entry.kind == "spend" else "income", entry.category, f"m{entry.id}")


def described(entry: Entry, ctx: Context) -> str:
    """€12.50 for lunch at the bakery on Tuesday 3 March."""
    at = f" ({entry.payee})" if entry.payee else ""
    sort = {"spend": "for", "earn": "from", "move": "to", "opening": "as opening of"}[entry.kind]
    what = entry.category if entry.kind != "opening" else entry.account
    return f"{spoken_amount(entry.amount, entry.currency)} {sort} {what}{at}, {spoken_date(entry.day, ctx.now)}"


def find(ctx: Context, said: str | None) -> Entry:
    """The entry that is meant: by its id, else the latest that has the words; the last one written for no words."""
    words = [word for word in re.findall(r"[^\W_]+", (said or "").casefold()) if word not in IDLE]
    rows = ctx.db.execute("SELECT * FROM entry WHERE member=? ORDER BY id DESC LIMIT 5000", (ctx.member,)).fetchall()
    for entry in map(as_entry, rows):
        if words == [f"m{entry.id}"]:
            return entry
    for entry in map(as_entry, rows):
        has = f"{entry.category} {entry.payee} {entry.account} {decimal_of(entry.amount)} {entry.kind}".casefold()
        if all(word in has for word in words):
            return entry
    raise Refusal(f"I find no entry about {said!r} in your book." if words else "Your book is empty.")


IDLE = frozenset(
    "the my last latest expense entry income for on of that this one payment purchase spending a an it".split()
)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
