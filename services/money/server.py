"""Money: what was spent and earned, on which account, within which budgets; each member's own, in exact amounts."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.kit import Alert, Context, Refusal, Reply
from services.kit.moment import from_seconds
from services.money import again, asked, book, ledger, overview, planning
from services.money.asked import Account, Amount, Currency, Day, First, Item, Last, Where, Which
from services.money.book import CASH, Entry, spoken_amount, spoken_amounts, thing
from services.money.declared import service


def noted(
    ctx: Context, kind: book.Kind, amount: int, currency: str | None, names: tuple[str, str, str], day: date | None
) -> Entry:
    """Write an entry; `names`: category, account, payee."""
    category, account, payee = names
    entry = Entry(
        0, day or ctx.now.date(), kind, amount, currency or book.usual_currency(ctx), category, account, payee
    )
    return book.write(ctx, entry)


@service.tool(
    "reversible",
    examples=[
        "I spent 12.50 on lunch",
        "paid 84 euros for groceries at the market",
        "note an expense: 30 dollars for petrol",
        "the plumber cost me 140",
        "bought shoes for 59.90 yesterday",
        "log 7.20 for coffee with my card",
        "we paid 800 for the rent from the joint account",
        "put down 15 pounds for a haircut on Monday",
        "another 4.60 went on the bus",
        "dinner was 46 euros",
        "bought a coat for 120",
        "add an expense of 19.99 for books",
        "spent 30 dollars on a book",
    ],
)
def spend(
    ctx: Context,
    amount: Amount,
    item: Item,
    currency: Currency = None,
    where: Where = None,
    account: Account = CASH,
    day: Day = None,
) -> Reply:
    """Note an expense: money that was spent or paid for something."""
    names = asked.names(ctx, item, account, where)
    entry = noted(ctx, "spend", book.units(amount), currency, names, day)
    left = overview.budget_remark(ctx, entry)
    return Reply(f"Noted: {book.described(entry, ctx)}.{left}", asked.data(entry), [thing(entry)])


@service.tool(
    "reversible",
    examples=[
        "I earned 2400 from my salary",
        "got 50 euros from grandma",
        "note an income of 300 for tutoring",
        "my pay of 1,950 came in today",
        "received 120 dollars for the old bike",
        "the tax office paid me back 210",
        "log 75 pounds income from selling books",
        "we were given 100 for the wedding",
        "interest of 3.40 arrived on the savings account",
        "child benefit 250 came on the 5th",
    ],
)
def earn(
    ctx: Context,
    amount: Amount,
    source: Annotated[str, Field(description="From what or whom it came, such as salary", min_length=1, max_length=80)],
    currency: Currency = None,
    account: Account = CASH,
    day: Day = None,
) -> Reply:
    """Note an income: money that came in."""
    entry = noted(ctx, "earn", book.units(amount), currency, asked.names(ctx, source, account, None), day)
    return Reply(f"Noted as income: {book.described(entry, ctx)}.", asked.data(entry), [thing(entry)])


@service.tool(
    "reversible",
    examples=[
        "I moved 200 from checking to savings",
        "transfer 50 euros from savings to cash in my books",
        "took 100 out of the checking account as cash",
        "note that I paid 300 off the credit card from checking",
        "put 40 of my cash into savings",
        "shifted 500 dollars over to the holiday account",
        "I withdrew 60 from checking",
        "book a transfer of 25 from the joint account to mine",
    ],
)
def transfer(
    ctx: Context,
    amount: Amount,
    from_account: Annotated[str, Field(description="Such as checking", min_length=1, max_length=80)],
    to_account: Annotated[str, Field(description="Such as savings", max_length=80)] = CASH,
    currency: Currency = None,
    day: Day = None,
) -> Reply:
    """Note money moved between two of the person's own accounts; no real payment is made."""
    to = book.known_as(ctx, "account", book.plain_name(to_account, CASH))
    names = (to, book.known_as(ctx, "account", book.plain_name(from_account, CASH)), "")
    if names[0].casefold() == names[1].casefold():
        raise Refusal("Those are the same account.")
    entry = noted(ctx, "move", book.units(amount), currency, names, day)
    said = f"Noted: {spoken_amount(entry.amount, entry.currency)} moved from {entry.account} to {entry.category}."
    return Reply(said, asked.data(entry), [thing(entry)])


@service.tool(
    "reversible",
    examples=[
        "there are 1,200 euros on my checking account",
        "set the balance of savings to 5000",
        "my wallet has 80 in it",
        "the credit card stands at minus 150",
        "start the joint account with 640",
        "open an account called holiday with 300",
        "correct the checking balance: it is 987.15",
        "I have 45 dollars in cash",
    ],
)
def set_balance(
    ctx: Context,
    account: Annotated[
        str,
        Field(
            description="Which account, such as checking, savings or cash",
            min_length=1,
            max_length=80,
            json_schema_extra={"x-kind": "account"},
        ),
    ],
    amount: Annotated[asked.Number, Field(description="What is on it")],
    currency: Currency = None,
) -> Reply:
    """Open an account, or correct it, by saying how much is on it now."""
    name = book.known_as(ctx, "account", book.plain_name(account, CASH))
    code, wanted = currency or book.usual_currency(ctx), book.units(amount)
    difference = wanted - book.balances(ctx).get(name, {}).get(code, 0)
    if not difference:
        raise Refusal(f"{name} has {spoken_amount(wanted, code)} already.")
    entry = noted(ctx, "opening", difference, code, ("opening", name, ""), None)
    return Reply(f"{name} has {spoken_amount(wanted, code)} now.", asked.data(entry), [thing(entry)])


@service.tool(
    "read",
    examples=[
        "how much is on my checking account?",
        "what's my balance?",
        "how much cash do I have left?",
        "show all my accounts",
        "what do I owe on the credit card?",
        "how much have I got in savings?",
        "account balances please",
        "how much money do I have altogether?",
    ],
)
def balance(
    ctx: Context,
    account: Annotated[
        str | None, Field(description="Only this account", max_length=80, json_schema_extra={"x-kind": "account"})
    ] = None,
) -> Reply:
    """Say how much is on an account, or on all."""
    there = book.balances(ctx)
    if account:
        name = book.plain_name(account, CASH)
        found = next((known for known in there if known.casefold() == name.casefold()), None)
        if found is None:
            raise Refusal(f"I know of no account {name!r}.{asked.there(list(there))}")
        there = {found: there[found]}
    if not there:
        return Reply("There is nothing in your book yet.", {"accounts": {}})
    said = "; ".join(f"{name}: {spoken_amounts(amounts)}" for name, amounts in sorted(there.items()))
    data = {name: {code: str(book.decimal_of(n)) for code, n in amounts.items()} for name, amounts in there.items()}
    return Reply(f"{said[:1].upper()}{said[1:]}.", {"accounts": data})


@service.tool(
    "read",
    examples=[
        "how much did I spend this month?",
        "what did we spend on groceries in February?",
        "how much have I earned this year?",
        "sum up my expenses of last week",
        "where did my money go in January?",
        "give me an overview of our spending",
        "what has petrol cost me since May?",
        "did I spend more than I earned this month?",
        "my spending by category please",
        "total paid for restaurants",
    ],
)
def summary(ctx: Context, category: asked.Only = None, start: First = None, end: Last = None) -> Reply:
    """Sum up what was spent and earned in a period, by category; this month if none is said."""
    first, last = asked.period(ctx, start, end)
    return overview.summed(ctx, asked.only(category), first, last)


@service.tool(
    "read",
    examples=[
        "list my expenses of this week",
        "what did I buy yesterday?",
        "show all payments at the market",
        "find the expense for the plumber",
        "when did I last pay for petrol?",
        "search my spending for shoes",
        "which expenses were there on Monday?",
        "show me everything I paid with the card",
    ],
)
def list_(
    ctx: Context,
    text: Annotated[
        str | None,
        Field(
            description="Words to look for: what for, where, which account",
            max_length=200,
            json_schema_extra={"x-fill": "rest"},
        ),
    ] = None,
    start: First = None,
    end: Last = None,
) -> Reply:
    """List single expenses and incomes: those of some days, or those with some words in them."""
    return overview.listed(ctx, text, start, end)


@service.tool(
    "reversible",
    examples=[
        "the lunch was 13.50, not 12.50",
        "change the last expense to 20",
        "correct the groceries to 48 euros",
        "that expense was on Sunday",
        "move the taxi to the category travel",
        "the plumber should be under repairs",
        "the haircut was actually 18 pounds",
        "the dinner was 40 not 45",
    ],
)
def change(
    ctx: Context,
    entry: Which = "",
    to: Annotated[asked.Positive | None, Field(description="The right amount of money")] = None,
    category: Annotated[str | None, Field(description="The right category", max_length=80)] = None,
    day: Day = None,
) -> Reply:
    """Correct an expense or income that was noted: its amount, category or day."""
    old = book.find(ctx, entry)
    new = dataclasses.replace(
        old,
        amount=book.units(to) if to is not None else old.amount,
        category=book.plain_name(category, "other") if category else old.category,
        day=day or old.day,
    )
    if new == old:
        raise Refusal("Say what is to be changed: the amount, the category or the day.")
    ctx.db.execute(
        "UPDATE entry SET amount=?, category=?, day=?, stamp=abs(random() % 2147483647) WHERE id=?",
        (new.amount, new.category, f"{new.day:%F}", new.id),
    )
    return Reply(f"Changed to {book.described(new, ctx)}.", asked.data(new), [thing(new)])


@service.tool(
    "reversible",
    examples=[
        "delete the last expense",
        "remove the lunch from my expenses",
        "I didn't pay the taxi after all, take it out of the book",
        "the petrol expense was noted twice, delete one",
        "strike the income from grandma",
        "drop the haircut from my spending",
        "get rid of the 4.60 for the bus",
        "erase that payment from my books",
    ],
)
def delete(ctx: Context, entry: Which = "") -> Reply:
    """Delete an expense or income from the book; the last one if none is named."""
    gone = book.find(ctx, entry)
    ctx.db.execute("DELETE FROM entry WHERE id=?", (gone.id,))
    return Reply(f"Deleted: {book.described(gone, ctx)}.", asked.data(gone))


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """Categories and accounts that the member has used."""
    return asked.known(ctx)


@service.mirrored
def files(ctx: Context) -> None:
    """The books as beancount files: the member's, and any other's that has changed."""
    for row in ctx.db.execute("SELECT DISTINCT member FROM entry").fetchall():
        if row["member"] != ctx.member:
            ledger.write_out(dataclasses.replace(ctx, member=row["member"]), only_changed=True)
    ledger.write_out(ctx)


def next_due(ctx: Context) -> datetime | None:
    """When the next entry of anyone is to be noted."""
    row = ctx.db.execute("SELECT min(at) AS at FROM again").fetchone()
    return from_seconds(ctx, row["at"]) if row["at"] is not None else None


@service.due(next_due)
def due(ctx: Context) -> list[Alert]:
    """Entries whose time has come are noted, each missed one too."""
    return again.note_due(ctx)


__all__ = ["planning", "service"]  # planning declares the other tools

if __name__ == "__main__":
    service.run()
