"""Writing mail: drafts, sending, answering, passing on. What is sent can't be taken back, so it waits for a yes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Thing
from services.kit.moment import from_seconds, seconds
from services.kit.outside import before
from services.kit.speech import counted, one_line, spoken, spoken_moment
from services.mail import outbox
from services.mail.composing import (
    answer_subject,
    composed,
    forwarded,
    message_id,
    own_address,
    quotation,
    recipients,
    said_text,
)
from services.mail.finding import From, Which, only
from services.mail.letter import Address, Letter
from services.mail.mailbox import Mail, mailbox
from services.mail.reading import LARGEST, size_of

TABLES = """
CREATE TABLE IF NOT EXISTS draft(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, at INTEGER NOT NULL, folder TEXT NOT NULL, message_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS draft_member ON draft(member);
"""
SHOWN = 60
TITLE_WORDS = 8

To = Annotated[
    str,
    Field(
        description="Who it is to: a name from the contacts", max_length=1_000, json_schema_extra={"x-kind": "contact"}
    ),
]
AddressList = Annotated[
    str,
    Field(description="Or the mail address that it is to", max_length=1_000, json_schema_extra={"format": "email"}),
]
Subject = Annotated[str, Field(description="What it is about, in a few words", max_length=250)]
Text = Annotated[
    str,
    Field(description="What it says", min_length=1, max_length=50_000, json_schema_extra={"x-fill": "rest"}),
]
DraftName = Annotated[
    str,
    Field(
        description="Which draft: words of its subject or who it is to; the latest if empty",
        max_length=200,
        json_schema_extra={"x-kind": "draft"},
    ),
]


def send(ctx: Context, text: Text, to: To = "", address: AddressList = "", subject: Subject = "") -> Reply:
    """Send a new email to someone, after a yes."""
    return sent(ctx, composed(ctx, recipients(ctx, f"{to}, {address}"), subject or titled(text), text), text)


def titled(text: str) -> str:
    """A subject for a mail that was given none: how it begins."""
    words = one_line(text).split()
    return " ".join(words[:TITLE_WORDS])[:SHOWN] + ("…" if len(words) > TITLE_WORDS else "")


def sent(ctx: Context, message: EmailMessage, text: str) -> Reply:
    """Send it, and say what went out."""
    out = outbox.send(ctx, message)
    verb = "Would send" if ctx.preview else "Sent"
    said = one_line(text)
    shown = said if len(said) <= 8 * SHOWN else f"{said[: 8 * SHOWN]}…"
    data = {"to": list(out.to), "subject": out.subject, "text": text, "message_id": str(message["Message-ID"])}
    end = "" if shown.endswith((".", "!", "?", "…")) else "."
    return Reply(f"{verb} to {spoken(out.to)}, subject {out.subject}: {shown}{end}{out.remark}", data)


def reply(ctx: Context, text: Text, email: Which = "", sender: From = None) -> Reply:
    """Reply to an email, after a yes: the answer to that mail goes to who sent it."""
    found, letter = original(ctx, email, sender)
    to = [letter.answer_to]
    message = composed(
        ctx, checked(to), answer_subject(letter, "Re"), f"{text}\n\n{quotation(ctx, letter)}", answers=letter
    )
    answer = sent(ctx, message, text)
    if not ctx.preview:
        with suppress(Refusal), mailbox(ctx) as box:  # it is sent: no fault after that may say otherwise
            box.mark(found.folder, [found.uid], "\\Answered", True)
    return answer


def checked(to: Sequence[Address]) -> list[Address]:
    """Those whose address was in the mail that is answered; refuses what is none."""
    for one in to:
        if "@" not in one.email or not one.email.isascii():
            raise Refusal("That mail does not say where an answer should go.")
    return list(to)


def original(ctx: Context, said: str, sender: str | None) -> tuple[Mail, Letter]:
    """The mail that is answered or passed on, whole."""
    with mailbox(ctx) as box:
        found = only(box, said, sender)
        if found.size > LARGEST:
            raise Refusal(f"{found.letter.subject} is too large for me ({size_of(found.size)}).")
        return found, Letter(box.raw(found))


def forward(
    ctx: Context,
    email: Which,
    sender: From = None,
    to: To = "",
    address: AddressList = "",
    text: Annotated[str, Field(description="What to say before it", max_length=20_000)] = "",
) -> Reply:
    """Forward an email to someone else with its attachments, after a yes."""
    _, letter = original(ctx, email, sender)
    whole = f"{text}\n\n{forwarded(letter)}".strip()
    message = composed(
        ctx, recipients(ctx, f"{to}, {address}"), answer_subject(letter, "Fwd"), whole, files=letter.attachments
    )
    return sent(ctx, message, text or letter.subject)


def draft(ctx: Context, text: Text, to: To = "", address: AddressList = "", subject: Subject = "") -> Reply:
    """Write a draft of an email to someone and keep it, without sending it."""
    people = recipients(ctx, f"{to}, {address}")
    message = composed(ctx, people, subject or titled(text), text)
    folder = ""
    if ctx.settings.get("imap_address") and not ctx.preview:
        with mailbox(ctx) as box:
            folder = box.special("drafts")
            former = {"draft": folder, "message_id": str(message["Message-ID"])}
            before(ctx, (), lambda: former)
            if box.by_message_id(folder, former["message_id"]) is None:
                box.put(folder, message.as_bytes(), "(\\Draft \\Seen)", ctx.now)
    row = ctx.db.execute(
        "INSERT INTO draft(member, recipients, subject, text, at, folder, message_id)"
        " VALUES(?,?,?,?,?,?,?) RETURNING *",
        (
            ctx.member,
            ", ".join(one.whole for one in people),
            str(message["Subject"]),
            said_text(text),
            seconds(ctx.now),
            folder,
            message_id(ctx, own_address(ctx)),
        ),
    ).fetchone()
    return Reply(
        f"Drafted, not sent, to {row['recipients']}: {row['subject']}.", draft_row(ctx, row), [draft_thing(ctx, row)]
    )


def draft_row(ctx: Context, row: sqlite3.Row) -> dict[str, object]:
    """A draft for programs."""
    at = from_seconds(ctx, row["at"]).isoformat()
    return {"id": f"d{row['id']}", "to": row["recipients"], "subject": row["subject"], "text": row["text"], "at": at}


def draft_thing(ctx: Context, row: sqlite3.Row) -> Thing:
    """A draft, so that "it" can mean it."""
    return Thing("draft", row["subject"], f"d{row['id']}", from_seconds(ctx, row["at"]))


def drafts(ctx: Context) -> Reply:
    """List the drafts of mails that were written here and not sent."""
    found = all_drafts(ctx)
    if not found:
        return Reply("There are no drafts.", {"drafts": []})
    said = [
        f"to {row['recipients']}: {row['subject']} ({spoken_moment(from_seconds(ctx, row['at']), ctx.now)})"
        for row in found
    ]
    return Reply(
        f"{counted(len(found), 'draft')}: {'; '.join(said[:10])}.",
        {"drafts": [draft_row(ctx, row) for row in found]},
        [draft_thing(ctx, row) for row in found],
    )


def all_drafts(ctx: Context) -> list[sqlite3.Row]:
    """The member's drafts, the latest first."""
    return ctx.db.execute("SELECT * FROM draft WHERE member=? ORDER BY id DESC LIMIT 100", (ctx.member,)).fetchall()


def draft_meant(ctx: Context, said: str) -> sqlite3.Row:
    """The draft that is meant; refuses where there is none or it isn't clear which."""
    there = all_drafts(ctx)
    if not there:
        raise Refusal("There are no drafts.")
    skip = {"the", "my", "draft", "mail", "email", "to", "for", "about", "that", "latest", "last", "it"}
    words = [word for word in one_line(said).casefold().replace("'s", "").split() if word not in skip]
    named = [row for row in there if f"d{row['id']}" == said.strip().lower()]
    fitting = named or [
        row for row in there if all(w in f"{row['recipients']} {row['subject']}".casefold() for w in words)
    ]
    if not fitting:
        raise Refusal(f"There is no draft about {said.strip()!r}.")
    if words and not named and len(fitting) > 1:
        raise Refusal(f"Which draft do you mean: {' or '.join(row['subject'] for row in fitting[:5])}?")
    return fitting[0]


def send_draft(ctx: Context, draft: DraftName = "") -> Reply:
    """Send an email draft that was kept, after a yes."""
    row = draft_meant(ctx, draft)
    answer = sent(ctx, composed(ctx, recipients(ctx, row["recipients"]), row["subject"], row["text"]), row["text"])
    ctx.db.execute("DELETE FROM draft WHERE id=?", (row["id"],))
    if row["folder"] and not ctx.preview:
        remove_draft(ctx, row)
    return answer


def remove_draft(ctx: Context, row: sqlite3.Row) -> None:
    """Take a draft out of the mailbox, where it is still there."""
    with suppress(Refusal), mailbox(ctx) as box:  # it is sent: no fault after that may say otherwise
        number = box.by_message_id(row["folder"], row["message_id"])
        if number is not None:
            box.remove(row["folder"], number)
