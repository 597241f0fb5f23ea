"""The book as beancount files: written out after each change, and read back from the same subset.

One file for each year, and `money.beancount` that includes them; budgets are written as Fava reads them.
https://beancount.github.io/docs/beancount_language_syntax.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote

from services.kit import Context, Refusal
from services.kit.outside import put_file
from services.money.book import Entry, as_entry, decimal_of, read, units, usual_currency

HEADER = ";; Written by MuOS after each change; what is changed here by hand is not read back by itself.\n"
LINE = re.compile(r'^(\d{4}-\d{2}-\d{2}) [*!] (?:"((?:[^"\\]|\\.)*)" )?"((?:[^"\\]|\\.)*)"\s*$')
POSTING = re.compile(r"^\s+([A-Z][\w-]*(?::[\w-]+)+)(?:\s+(-?[\d,]+(?:\.\d+)?)\s+([A-Z]{3}))?\s*(?:;.*)?$")
NAMED = re.compile(r'^\s+(category|account): "((?:[^"\\]|\\.)*)"\s*$')
DEBTS = re.compile(r"\b(?:card|credit|loan|mortgage|debt|overdraft)\b", re.I)
IMPORT_LIMIT = 5_000
"""Entries of one import."""


def component(name: str) -> str:
    """A name as a part of an account: eating out becomes Eating-Out."""
    words = re.findall(r"[^\W_]+", name)
    return "-".join(word[:1].upper() + word[1:] for word in words) or "Other"


def account_of(name: str) -> str:
    """An account of the member's: Assets:Checking, Liabilities:Credit-Card."""
    return f"{'Liabilities' if DEBTS.search(name) else 'Assets'}:{component(name)}"


def accounts(entry: Entry) -> tuple[str, str]:
    """Where the amount goes to, and where it comes from."""
    own = account_of(entry.account)
    match entry.kind:
        case "spend":
            return f"Expenses:{component(entry.category)}", own
        case "earn":
            return own, f"Income:{component(entry.category)}"
        case "move":
            return account_of(entry.category), own
        case _:
            return own, "Equity:Opening-Balances"


def rendered(entry: Entry) -> str:
    """One transaction."""
    to, source = accounts(entry)
    payee = f"{quoted(entry.payee)} " if entry.payee else ""
    return (
        f"{entry.day:%F} * {payee}{quoted(entry.category)}\n"
        f"  category: {quoted(entry.category)}\n  account: {quoted(entry.account)}\n"
        f"  {to}  {decimal_of(entry.amount):f} {entry.currency}\n  {source}\n"
    )


def quoted(text: str) -> str:
    """A string as beancount writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def bare(text: str) -> str:
    """The text of a string without its escapes."""
    return re.sub(r"\\(.)", r"\1", text)


def year_file(entries: Sequence[Entry]) -> str:
    """All transactions of a year."""
    ordered = sorted(entries, key=lambda entry: (entry.day, entry.id))
    return HEADER + "\n" + "\n".join(rendered(entry) for entry in ordered)


def main_file(ctx: Context, entries: Sequence[Entry], years: Sequence[int]) -> str:
    """Options, accounts, budgets, and the years."""
    opened: dict[str, date] = {}
    for entry in entries:
        for account in accounts(entry):
            opened[account] = min(entry.day, opened.get(account, entry.day))
    rows = [HEADER, f'option "title" {quoted(f"Money of {ctx.member}")}']
    rows += [f'option "operating_currency" "{usual_currency(ctx)}"', ""]
    rows += [f"{day:%F} open {account}" for account, day in sorted(opened.items(), key=lambda pair: pair[::-1])]
    for row in ctx.db.execute("SELECT * FROM budget WHERE member=? ORDER BY id", (ctx.member,)).fetchall():
        account, amount = f"Expenses:{component(row['category'])}", decimal_of(row["amount"])
        if account not in opened:
            rows.append(f"{row['since']} open {account}")
        rows.append(f'{row["since"]} custom "budget" {account} "monthly" {amount:f} {row["currency"]}')
    return "\n".join([*rows, "", *(f'include "{year}.beancount"' for year in years), ""])


def folder_of(ctx: Context) -> Path:
    """Where a member's files are."""
    return ctx.folder / "ledger" / quote(ctx.member, safe="")


def write_out(ctx: Context, only_changed: bool = False) -> Path:
    """Bring the files in line with the book, and no more of them than changed; gives the main one.

    `only_changed`: the main one too is left as it is where no year changed.
    """
    folder = folder_of(ctx)
    state = folder / "written.json"
    known = json.loads(state.read_text()) if state.is_file() else {}
    rows = ctx.db.execute(
        "SELECT substr(day, 1, 4) AS year, count(*) AS number, sum(stamp) AS stamps FROM entry WHERE member=?"
        " GROUP BY year ORDER BY year",
        (ctx.member,),
    ).fetchall()
    present = {row["year"]: f"{row['number']}-{row['stamps']}" for row in rows}
    for year in present.keys() | known.keys():
        if present.get(year) != known.get(year):
            there = year in present
            put_file(folder / f"{year}.beancount", year_file(of_year(ctx, year)).encode() if there else None)
    main = folder / "money.beancount"
    if only_changed and present == known:
        return main
    put_file(main, main_file(ctx, read(ctx), [int(year) for year in present]).encode())
    put_file(state, json.dumps(present).encode())
    return main


def of_year(ctx: Context, year: str) -> list[Entry]:
    """The year's entries."""
    return read(ctx, date(int(year), 1, 1), date(int(year), 12, 31))


def whole(ctx: Context) -> str:
    """The book as one file."""
    rows = ctx.db.execute("SELECT * FROM entry WHERE member=? ORDER BY day, id", (ctx.member,)).fetchall()
    entries = [as_entry(row) for row in rows]
    return main_file(ctx, entries, []) + year_file(entries).removeprefix(HEADER)


def parsed(text: str) -> list[Entry]:
    """The transactions with two postings in a beancount text; refuses what it can't read exactly."""
    found: list[Entry] = []
    for number, block in blocks(text):
        if len(found) >= IMPORT_LIMIT:
            raise Refusal(f"That is more than {IMPORT_LIMIT:,} entries; please give me fewer at once.")
        found.append(parsed_entry(block, number))
    return found


def blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each transaction's lines, with the number of its first."""
    block: list[str] = []
    begun = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if block and line.startswith((" ", "\t")) and line.strip():
            block.append(line)
            continue
        if block:
            yield begun, block
            block = []
        if LINE.match(line):
            block, begun = [line], number
    if block:
        yield begun, block


def parsed_entry(block: Sequence[str], number: int) -> Entry:
    """One transaction."""
    head = LINE.match(block[0])
    assert head is not None
    named = {found[1]: bare(found[2]) for line in block[1:] if (found := NAMED.match(line))}
    postings = [found for line in block[1:] if (found := POSTING.match(line))]
    given = [posting for posting in postings if posting[2]]
    if len(postings) != 2 or not given:
        raise Refusal(f"Line {number}: I can only read transactions with two accounts and an amount.")
    try:
        amount = units(Decimal(given[0][2].replace(",", "")))
        day = date.fromisoformat(head[1])
    except (InvalidOperation, ValueError):
        raise Refusal(f"Line {number} can't be read.") from None
    first, second = postings[0][1], postings[1][1]
    to, source = (first, second) if (given[0] is postings[0]) == (amount > 0) else (second, first)
    return placed(day, abs(amount), given[0][3], to, source, bare(head[2] or ""), named)


def placed(day: date, amount: int, currency: str, to: str, source: str, payee: str, named: dict[str, str]) -> Entry:
    """What an amount that goes from one account to another means here."""
    if to.startswith("Expenses:"):
        kind, category, account = "spend", leaf(to), leaf(source)
    elif source.startswith("Income:"):
        kind, category, account = "earn", leaf(source), leaf(to)
    elif source.startswith("Equity:") or to.startswith("Equity:"):
        opened = to if source.startswith("Equity:") else source
        kind, category, account = "opening", "opening", leaf(opened)
        amount = amount if opened == to else -amount
    else:
        kind, category, account = "move", leaf(to), leaf(source)
    return Entry(0, day, kind, amount, currency, named.get("category", category), named.get("account", account), payee)


def leaf(account: str) -> str:
    """The name within an account: Expenses:Food:Eating-Out is eating out."""
    return account.rsplit(":", maxsplit=1)[-1].replace("-", " ").lower()
