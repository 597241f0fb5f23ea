"""Sums, lists, budgets and charts over the book."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.kit import Context, Refusal, Reply
from services.kit.chart import bars, lines
from services.kit.speech import counted, spoken_date
from services.money import asked
from services.money.book import (
    LISTED_AT_MOST,
    Entry,
    decimal_of,
    described,
    month_of,
    read,
    spoken_amount,
    spoken_amounts,
    thing,
    totals,
    usual_currency,
)

SAID_AT_MOST = 6
MONTHS_AT_MOST = 60


def when(ctx: Context, first: date, last: date) -> str:
    """This month; in February 2026; from a day to a day."""
    if (first, last) == month_of(ctx.now.date()):
        return "this month"
    if (first, last) == month_of(first):
        return f"in {first:%B}" + ("" if first.year == ctx.now.year else f" {first.year}")
    if first == last:
        return f"on {spoken_date(first, ctx.now)}"
    return f"from {spoken_date(first, ctx.now)} to {spoken_date(last, ctx.now)}"


def by_category(entries: list[Entry]) -> dict[str, dict[str, int]]:
    """Sums for each category and currency, the largest first."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.category.casefold(), []).append(entry)
    sums = {group[0].category: totals(group) for group in found.values()}
    return dict(sorted(sums.items(), key=lambda pair: -max(pair[1].values())))


def plain(amounts: dict[str, int]) -> dict[str, str]:
    """For programs."""
    return {code: f"{decimal_of(amount):f}" for code, amount in amounts.items()}


def summed(ctx: Context, category: str | None, first: date, last: date) -> Reply:
    """What was spent and earned."""
    spent, earned = (read(ctx, first, last, kind, category) for kind in ("spend", "earn"))
    data: dict[str, Any] = {
        "start": f"{first:%F}",
        "end": f"{last:%F}",
        "spent": plain(totals(spent)),
        "earned": plain(totals(earned)),
    }
    groups = by_category(spent)
    data["categories"] = {name: plain(amounts) for name, amounts in groups.items()}
    if category:
        text = f"You spent {spoken_amounts(totals(spent))} on {category} {when(ctx, first, last)}"
        came = f", and {spoken_amounts(totals(earned))} came in" if earned else ""
        return Reply(f"{text}{came}.", data)
    said = [f"{name} {spoken_amounts(amounts)}" for name, amounts in groups.items()][:SAID_AT_MOST]
    more = f": {', '.join(said)}" if len(groups) > 1 or said else ""
    came = f" You earned {spoken_amounts(totals(earned))}." if earned else ""
    return Reply(f"You spent {spoken_amounts(totals(spent))} {when(ctx, first, last)}{more}.{came}", data)


def listed(ctx: Context, text: str | None, start: date | None, end: date | None) -> Reply:
    """Single entries, newest first."""
    first, last = asked.span(ctx, start, end)
    words = asked.words_of(text)
    found = []
    for entry in read(ctx, first, last):
        has = f"{entry.category} {entry.payee} {entry.account}".casefold()
        if all(word in has for word in words):
            found.append(entry)
    if not found:
        return Reply("I find no such entry in your book.", {"entries": []})
    said = "; ".join(described(entry, ctx) for entry in found[:SAID_AT_MOST])
    more = f"; and {len(found) - SAID_AT_MOST} more" if len(found) > SAID_AT_MOST else ""
    shown = found[:LISTED_AT_MOST]
    return Reply(
        f"{counted(len(found), 'entry').replace('entrys', 'entries')}: {said}{more}.",
        {"entries": [asked.data(entry) for entry in shown]},
        [thing(entry) for entry in shown],
    )


def used(ctx: Context, category: str, currency: str) -> int:
    """What was spent on a category this month, in one currency."""
    first, last = month_of(ctx.now.date())
    return totals(read(ctx, first, last, "spend", category)).get(currency, 0)


def budget_remark(ctx: Context, entry: Entry) -> str:
    """What an expense of this month leaves of its budget."""
    row = ctx.db.execute("SELECT * FROM budget WHERE member=? AND category=?", (ctx.member, entry.category)).fetchone()
    first, last = month_of(ctx.now.date())
    if row is None or row["currency"] != entry.currency or not first <= entry.day <= last:
        return ""
    left = row["amount"] - used(ctx, entry.category, entry.currency)
    if left >= 0:
        return f" That leaves {spoken_amount(left, entry.currency)} of this month's budget."
    return f" That is {spoken_amount(-left, entry.currency)} over this month's budget."


def budget_status(ctx: Context, category: str | None) -> Reply:
    """Each budget: used, left."""
    rows = ctx.db.execute("SELECT * FROM budget WHERE member=? ORDER BY category", (ctx.member,)).fetchall()
    if category:
        rows = [row for row in rows if row["category"].casefold() == category.casefold()]
    if not rows:
        raise Refusal(f"There is no budget for {category}." if category else "You have set no budgets.")
    said, data = [], []
    for row in rows:
        spent, code = used(ctx, row["category"], row["currency"]), row["currency"]
        left = row["amount"] - spent
        over = f"{spoken_amount(-left, code)} over" if left < 0 else f"{spoken_amount(left, code)} left"
        said.append(f"{row['category']}: {over} of {spoken_amount(row['amount'], code)}")
        data.append(
            {
                "category": row["category"],
                "currency": code,
                "budget": f"{decimal_of(row['amount']):f}",
                "spent": f"{decimal_of(spent):f}",
                "left": f"{decimal_of(left):f}",
            }
        )
    text = "; ".join(said)
    return Reply(f"{text[:1].upper()}{text[1:]}.", {"budgets": data})


def drawn(ctx: Context, by: str, category: str | None, start: date | None, end: date | None) -> Reply:
    """A chart of what was spent, in the usual currency; only drawing turns amounts into floats."""
    code = usual_currency(ctx)
    if by == "month":
        first, last = (start, end) if start and end else (ctx.now.date().replace(month=1, day=1), ctx.now.date())
    else:
        first, last = asked.period(ctx, start, end)
    entries = [entry for entry in read(ctx, first, last, "spend", category) if entry.currency == code]
    if not entries:
        raise Refusal(f"Nothing was spent {when(ctx, first, last)}, so there is nothing to draw.")
    title = f"Spent{f' on {category}' if category else ''} {when(ctx, first, last)} ({code})"

    def say(value: float) -> str:
        return spoken_amount(round(value * 10_000), code)

    rows = monthly(entries, first, last) if by == "month" else categories(entries)
    limits = {} if by == "month" else budget_limits(ctx, code, first, last)
    svg = lines(title, rows, say) if by == "month" else bars(title, rows, say, limits)
    return Reply(f"{title}: {spoken_amounts(totals(entries))}.", {"chart": svg, "rows": dict(rows)})


def categories(entries: list[Entry]) -> list[tuple[str, float]]:
    """A figure for each category."""
    sums = by_category(entries)
    return [(name, float(decimal_of(sum(amounts.values())))) for name, amounts in sums.items()][:20]


def monthly(entries: list[Entry], first: date, last: date) -> list[tuple[str, float]]:
    """A figure for each month of the time, empty ones too."""
    rows: list[tuple[str, float]] = []
    month = first.replace(day=1)
    while month <= last and len(rows) < MONTHS_AT_MOST:
        start, end = month_of(month)
        total = sum(entry.amount for entry in entries if start <= entry.day <= end)
        rows.append((f"{month:%b %Y}" if first.year != last.year else f"{month:%b}", float(decimal_of(total))))
        month = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    return rows


def budget_limits(ctx: Context, code: str, first: date, last: date) -> dict[str, float]:
    """The budgets, where the time is one month."""
    if (first, last) != month_of(first):
        return {}
    rows = ctx.db.execute("SELECT * FROM budget WHERE member=? AND currency=?", (ctx.member, code)).fetchall()
    return {row["category"]: float(decimal_of(row["amount"])) for row in rows}
