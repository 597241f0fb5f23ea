"""Budgets, what comes again, charts, and the way in and out of the book."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply
from services.kit.moment import moment, seconds
from services.kit.recurrence import checked_rule, next_occurrence, spoken_rule, with_local_until
from services.kit.speech import counted, spoken_date
from services.money import again, asked, book, ledger, overview
from services.money.asked import Account, Amount, Currency, First, Last
from services.money.book import CASH, spoken_amount
from services.money.declared import service


@service.tool(
    "reversible",
    examples=[
        "set a budget of 400 a month for groceries",
        "my budget for eating out is 150 euros",
        "I want to spend at most 60 on petrol each month",
        "limit clothes to 100 dollars a month",
        "raise the restaurant budget to 200",
        "give books a monthly budget of 30",
        "I don't want to spend more than 25 on coffee per month",
        "budget 80 for presents",
    ],
)
def set_budget(ctx: Context, amount: Amount, item: asked.Budgeted, currency: Currency = None) -> Reply:
    """Set how much may be spent on a category each month."""
    name, code = book.plain_name(item, "other"), currency or book.usual_currency(ctx)
    name = book.known_as(ctx, "category", name)
    ctx.db.execute(
        "INSERT INTO budget(member, category, amount, currency, since) VALUES(?,?,?,?,?)"
        " ON CONFLICT(member, category) DO UPDATE SET amount=excluded.amount, currency=excluded.currency",
        (ctx.member, name, book.units(amount), code, f"{ctx.now.date().replace(day=1):%F}"),
    )
    said = spoken_amount(book.units(amount), code)
    return Reply(
        f"The budget for {name} is {said} a month.", {"category": name, "amount": str(amount), "currency": code}
    )


@service.tool(
    "read",
    examples=[
        "how is my budget doing?",
        "how much is left for groceries this month?",
        "am I over budget?",
        "show my budgets",
        "can I still spend on clothes?",
        "what remains of the restaurant budget?",
        "budget status please",
        "which budgets are nearly used up?",
    ],
)
def budgets(ctx: Context, category: asked.Only = None) -> Reply:
    """Say how much of each month's budget is used and left."""
    return overview.budget_status(ctx, asked.only(category))


@service.tool(
    "reversible",
    examples=[
        "remove the budget for clothes",
        "no budget for coffee any more",
        "drop the petrol budget",
        "delete my budget for presents",
        "lift the limit on eating out",
        "I don't need a books budget",
        "stop limiting what I spend on groceries",
        "cancel the restaurant budget",
    ],
)
def remove_budget(ctx: Context, item: asked.Budgeted) -> Reply:
    """Remove the monthly budget of a category."""
    name = book.plain_name(item, "other")
    if not ctx.db.execute("DELETE FROM budget WHERE member=? AND category=?", (ctx.member, name)).rowcount:
        raise Refusal(f"There is no budget for {name}.")
    return Reply(f"Removed the budget for {name}.", {"category": name})


@service.tool(
    "reversible",
    examples=[
        "my rent of 800 is paid every month on the 1st",
        "note 12.99 for the music subscription every month",
        "I get a salary of 2400 on the 25th of each month",
        "insurance costs 340 every year in April",
        "book 45 for the gym monthly",
        "pocket money of 10 goes out every Saturday",
        "every Monday 20 euros for the cleaner",
        "the phone contract is 25 a month, note it each time",
    ],
)
def repeat(
    ctx: Context,
    amount: Amount,
    item: asked.Budgeted,
    rule: asked.Rule,
    income: Annotated[bool, Field(description="It is earned, such as a salary or a pension, not spent")] = False,
    currency: Currency = None,
    account: Account = CASH,
    start: Annotated[datetime | None, Field(description="The first time; the next one that fits if not said")] = None,
) -> Reply:
    """Note an expense or income again and again by itself: rent, subscriptions, a salary."""
    begin = moment(ctx, start) if start else ctx.now.replace(hour=8, minute=0, second=0, microsecond=0)
    wall = begin.replace(tzinfo=None)
    checked = checked_rule(with_local_until(rule, ctx.zone), wall)
    first = next_occurrence(checked, wall, ctx.zone, ctx.now)
    if first is None:
        raise Refusal(f"The last time of {spoken_rule(checked)} has already passed.")
    name, own, _ = asked.names(ctx, item, account, None)
    kind, code = "earn" if income else "spend", currency or book.usual_currency(ctx)
    row = ctx.db.execute(
        "INSERT INTO again(member, room, zone, kind, amount, currency, category, account, rule, start, at)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
        (
            *(ctx.member, ctx.room, str(ctx.zone), kind, book.units(amount), code, name, own, checked),
            *(wall.isoformat(), seconds(first)),
        ),
    ).fetchone()
    return Reply(
        f"I'll note {spoken_amount(book.units(amount), code)} for {name} {spoken_rule(checked)},"
        f" first {spoken_date(first.date(), ctx.now)}.",
        {"id": f"a{row['id']}", "category": name, "rule": checked, "next": first.isoformat()},
    )


@service.tool(
    "read",
    examples=[
        "which payments come again?",
        "show my standing expenses",
        "what subscriptions do I pay?",
        "list the recurring payments",
        "what is noted automatically every month?",
        "when is the rent next?",
        "my regular costs please",
        "which fixed costs do I have?",
        "what are my regular payments?",
    ],
)
def repeating(ctx: Context) -> Reply:
    """List the expenses and incomes that are noted again and again."""
    return again.listed(ctx)


@service.tool(
    "reversible",
    examples=[
        "stop noting the music subscription",
        "the gym contract has ended, don't book it any more",
        "end the recurring rent",
        "no more automatic entry for the cleaner",
        "I cancelled the phone contract, remove it from the standing costs",
        "stop the recurring salary",
        "the insurance isn't paid every year any longer",
        "delete the repeating pocket money",
    ],
)
def stop_repeating(ctx: Context, item: asked.Budgeted) -> Reply:
    """Stop noting an expense or income that comes again and again; what was noted stays."""
    row = again.find(ctx, item)
    ctx.db.execute("DELETE FROM again WHERE id=?", (row["id"],))
    return Reply(f"{row['category'].capitalize()} is no longer noted by itself.", {"category": row["category"]})


@service.tool(
    "read",
    examples=[
        "show a chart of my spending",
        "chart the expenses of this year by month",
        "draw my budgets as bars",
        "plot what we spent on groceries each month",
        "a diagram of this month's costs",
        "picture of where the money went",
        "graph my expenses by category",
        "visualise my spending over the months",
    ],
)
def chart(
    ctx: Context,
    by: Annotated[asked.By, Field(description="A bar for each category, or a line over the months")] = "category",
    category: asked.Only = None,
    start: First = None,
    end: Last = None,
) -> Reply:
    """Draw a chart of expenses: by category or by month."""
    return overview.drawn(ctx, by, asked.only(category), start, end)


@service.tool(
    "reversible",
    examples=[
        "export my expenses",
        "give me my book as a beancount file",
        "write the ledger to a file",
        "I want my spending in a file for the tax adviser",
        "save all my bookkeeping as plain text",
        "download my money data",
        "export the ledger",
        "hand me the accounts as a file",
    ],
)
def export(ctx: Context) -> Reply:
    """Write the whole book to one plain-text file in beancount's format."""
    path = ledger.folder_of(ctx) / "exports" / f"money-{ctx.now:%F}.beancount"
    text = ledger.whole(ctx)
    ctx.write_file(path, text.encode())
    return Reply(f"Your book is in {path.name}.", {"path": str(path), "text": text[:200_000]})


@service.tool(
    "reversible",
    examples=[
        "import this ledger",
        "read these beancount entries into my book",
        "take over the transactions from my old ledger",
        "load entries from plain-text accounting",
        "add all of these transactions to my book",
        "here is my beancount file, import it",
        "bring in last year's ledger",
        "merge this ledger text into my money",
    ],
)
def import_(
    ctx: Context,
    text: Annotated[str, Field(description="Transactions in beancount's format", min_length=1, max_length=2_000_000)],
) -> Reply:
    """Read transactions in beancount's format into the book."""
    found = ledger.parsed(text)
    if not found:
        raise Refusal("I see no transactions in that text.")
    for entry in found:
        book.write(ctx, entry)
    return Reply(f"Read {counted(len(found), 'transaction')} into your book.", {"entries": len(found)})
