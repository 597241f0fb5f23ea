"""Mails that go out: who they are to, and what they look like on the wire (RFC 5322).

Must stay true: nothing that was said or received can put a header of its own into a mail; the Message-ID follows
from the call, so that a mail that is sent again is the same mail.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address as Written
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.kit import Context, Refusal
from services.kit.speech import one_line, spoken, spoken_moment
from services.mail.letter import Address, Attachment, Letter
from services.mail.line import setting

ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}|[^\s@<>,;:\"()\\]+@localhost"
)
MOST_RECIPIENTS = 50
QUOTED_LINES = 60
SUBJECT_LIMIT = 250


def own_address(ctx: Context) -> Address:
    """Who the member's mails are from."""
    address = str(ctx.settings.get("address") or setting(ctx, "user", "your mail address")).strip()
    if not ADDRESS.fullmatch(address):
        raise Refusal("I don't know your mail address yet. Set it with: muos services set mail address …")
    return Address(one_line(str(ctx.settings.get("name", ""))), address)


def recipients(ctx: Context, said: str) -> list[Address]:
    """Who is meant: mail addresses as they are, names looked up in the member's contacts. Raises Refusal."""
    parts = [part.strip() for part in re.split(r"[,;]|\s+and\s+", one_line(said)) if part.strip()]
    if not parts:
        raise Refusal("Who is the mail for?")
    found = {one.email.casefold(): one for part in parts for one in [recipient(ctx, part)]}
    if len(found) > MOST_RECIPIENTS:
        raise Refusal(f"A mail goes to {MOST_RECIPIENTS} people at most.")
    return list(found.values())


def recipient(ctx: Context, said: str) -> Address:
    """One of them."""
    within = re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>", said)
    address = within["email"].strip() if within else said
    if ADDRESS.fullmatch(address):
        if not address.isascii():
            raise Refusal(f"I can't send to {address!r}: only addresses in English letters work everywhere.")
        return Address(within["name"].strip(' "') if within else "", address)
    if "@" in said:
        raise Refusal(f"{said!r} does not look like a mail address.")
    return from_contacts(ctx, said)


def from_contacts(ctx: Context, said: str) -> Address:
    """The contact of that name, with its address."""
    answer = ctx.ask("contacts_find", {"name": said, "field": "everything"})
    rows = [row for row in answer.data.get("contacts", ()) if row.get("email")]
    if not rows:
        raise Refusal(f"I know no mail address of {said!r}; give it, or save it in your contacts.")
    if len(rows) > 1:
        raise Refusal(f"Which one do you mean: {' or '.join(str(row['name']) for row in rows[:5])}?")
    return Address(one_line(str(rows[0]["name"])), str(rows[0]["email"]))


def composed(
    ctx: Context,
    to: Sequence[Address],
    subject: str,
    text: str,
    *,
    answers: Letter | None = None,
    files: Sequence[Attachment] = (),
) -> EmailMessage:
    """The mail. Raises Refusal for what can't be put into one."""
    sender = own_address(ctx)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = written(sender)
        message["To"] = [written(one) for one in to]
        message["Subject"] = one_line(subject)[:SUBJECT_LIMIT] or "(no subject)"
        message["Date"] = format_datetime(ctx.now)
        message["Message-ID"] = message_id(ctx, sender)
        if answers is not None and answers.message_id:
            earlier = re.findall(r"<[^<>\s]{1,300}>", answers.header("References"))[-10:]
            message["In-Reply-To"] = answers.message_id[:300]
            message["References"] = " ".join([*earlier, answers.message_id[:300]])
        message.set_content(said_text(text), charset="utf-8")
        for file in files:
            main, _, sub = file.kind.partition("/")
            kind = (main, sub) if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.kind) else ("application", "octet-stream")
            kind = kind if main not in {"message", "multipart"} else ("application", "octet-stream")
            message.add_attachment(file.content, maintype=kind[0], subtype=kind[1], filename=file.name)
    except (ValueError, MessageError) as error:
        raise Refusal(f"That can't be put into a mail: {one_line(str(error))[:120]}.") from None
    return message


def written(address: Address) -> Written:
    """As it stands in a header."""
    return Written(address.name[:120], addr_spec=address.email)


def message_id(ctx: Context, sender: Address) -> str:
    """The same for the same call."""
    return f"<{hashlib.sha256(ctx.call.encode()).hexdigest()[:32]}@{sender.email.rpartition('@')[2]}>"


def said_text(text: str) -> str:
    """The text as it goes out: lines as they are, no control characters."""
    plain = "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or sign.isprintable())
    if not plain.strip():
        raise Refusal("What shall the mail say?")
    return plain.strip() + "\n"


def answer_subject(letter: Letter, mark: str) -> str:
    """Re: and the subject, once."""
    bare = re.sub(r"^(?:(?:re|fwd?|aw|wg|antw)\s*:\s*)+", "", letter.subject, flags=re.IGNORECASE)
    return f"{mark}: {bare}"


def quotation(ctx: Context, letter: Letter) -> str:
    """What is answered, quoted."""
    lines = letter.text.split("\n")
    kept = [f"> {line}" for line in lines[:QUOTED_LINES]] + ["> […]"] * (len(lines) > QUOTED_LINES)
    when = f"On {spoken_moment(letter.date, ctx.now)}, " if letter.date else ""
    return f"{when}{letter.sender.spoken} wrote:\n" + "\n".join(kept)


def forwarded(letter: Letter) -> str:
    """The head and the text of what is passed on."""
    to = spoken([one.whole for one in letter.addresses("To")[:5]])
    head = [f"From: {letter.sender.whole}", f"Subject: {letter.subject}", f"Date: {letter.header('Date')}", f"To: {to}"]
    return "\n".join(["---------- Forwarded message ----------", *head, "", letter.text])
