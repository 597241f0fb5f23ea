"""Which mails want an answer, by plain rules: to me, from a person, with a question, not answered yet.

Must stay true: nothing but what stands in the mail and the member's own address and contacts decides; a newsletter
never wants an answer. Each verdict comes with its reasons.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply
from services.kit.speech import counted
from services.mail.composing import own_address
from services.mail.finding import since_criteria
from services.mail.letter import Letter
from services.mail.mailbox import INBOX, Mail, mailbox
from services.mail.plaintext import fresh_words

LOOKED_AT = 60
BYTES = 40_000
"""Of each mail: enough for what it says first."""
ENOUGH = 3
"""Points from which on an answer is wanted."""
SPOKEN_AT_MOST = 6
ASKING = re.compile(
    r"\b(?:can|could|would|will) you\b|\bplease (?:let|tell|send|confirm|reply|answer|advise)\b|\blet (?:me|us) know\b"
    r"|\bwhat do you think\b|\brsvp\b|\byour (?:answer|reply|thoughts|opinion)\b|\bdo you (?:have|want|know|still)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail wants."""

    mail: Mail
    kind: str
    """answer, read, or bulk."""
    points: int
    reasons: tuple[str, ...]


def triage(
    ctx: Context, days: Annotated[int, Field(description="How many days back to look", ge=1, le=60)] = 14
) -> Reply:
    """Sort through the inbox: which mails need an answer, which only want reading, which are newsletters."""
    own, known = own_address(ctx).email, contact_addresses(ctx)
    with mailbox(ctx) as box:
        since = (ctx.now - timedelta(days=days)).date()
        uids = box.search(INBOX, ["UNANSWERED", *since_criteria(ctx, since)])
        mails = box.headers(INBOX, uids, LOOKED_AT)
        verdicts = [judged(mail, Letter(box.raw(mail, BYTES)), own, known) for mail in mails]
    answer = sorted((one for one in verdicts if one.kind == "answer"), key=lambda one: -one.points)
    read = [one for one in verdicts if one.kind == "read"]
    bulk = [one for one in verdicts if one.kind == "bulk"]
    data = {
        "answer": [row(one) for one in answer],
        "read": [row(one) for one in read],
        "bulk": [row(one) for one in bulk],
        "left_out": len(uids) - len(mails),
    }
    things = [one.mail.thing for one in (*answer, *read)]
    if not verdicts:
        return Reply("There is no unanswered mail of late.", data)
    said = "; ".join(f"{one.mail.letter.sender.spoken}: {one.mail.letter.subject}" for one in answer[:SPOKEN_AT_MOST])
    more = f"; and {len(answer) - SPOKEN_AT_MOST} more" if len(answer) > SPOKEN_AT_MOST else ""
    first = f"{counted(len(answer), 'mail')} {'wants' if len(answer) == 1 else 'want'} an answer. {said}{more}."
    rest = f"{len(read)} to read, {len(bulk)} from lists and machines."
    return Reply(f"{first if answer else 'No mail wants an answer.'} {rest}", data, things)


def row(verdict: Verdict) -> dict[str, object]:
    """For programs."""
    return {**verdict.mail.data(), "reasons": list(verdict.reasons), "points": verdict.points}


def judged(mail: Mail, letter: Letter, own: str, known: Collection[str]) -> Verdict:
    """What the mail wants, and why."""
    if letter.bulk:
        return Verdict(mail, "bulk", 0, ("sent to many or by a machine",))
    words = fresh_words(letter.text)
    to = {one.email.casefold() for one in letter.addresses("To")}
    signs = (
        (2, "it is to you", own.casefold() in to and len(to) <= 3),
        (1, "it is to you among others", own.casefold() in to and len(to) > 3),
        (2, "it asks a question", "?" in words or "?" in letter.subject),
        (1, "it asks you to do something", bool(ASKING.search(words))),
        (1, "you know who sent it", letter.sender.email.casefold() in known),
        (1, "it is an answer to a mail", bool(letter.header("In-Reply-To"))),
        (1, "it is marked", "\\flagged" in mail.flags),
    )
    points = sum(value for value, _, holds in signs if holds)
    reasons = tuple(why for _, why, holds in signs if holds)
    asks = "it asks a question" in reasons or "it asks you to do something" in reasons
    wants = points >= ENOUGH and asks and letter.sender.email.casefold() != own.casefold()
    return Verdict(mail, "answer" if wants else "read", points, reasons)


def contact_addresses(ctx: Context) -> set[str]:
    """The mail addresses of the member's contacts; none where they can't be asked."""
    try:
        rows = ctx.ask("contacts_list").data.get("contacts", ())
    except Refusal:
        return set()
    return {str(one["email"]).casefold() for one in rows if one.get("email")}
