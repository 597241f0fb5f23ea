"""Sending a mail once, whatever happens on the way.

Must stay true: a call sends at most one mail. That it is about to be handed over is on disk before it is, and that
it was taken is on disk right after; a call that is made again after a crash in between looks into the folder of sent
mails, and says plainly where it can't tell.
"""

from __future__ import annotations

import hashlib
import json
import smtplib
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

from services.kit import Context, Refusal
from services.kit.outside import put_file
from services.kit.speech import spoken
from services.mail.line import plain_words, smtp
from services.mail.mailbox import mailbox

KEPT_SECONDS = 30 * 86_400
SENDING, SENT = "sending", "sent"


@dataclass(frozen=True, slots=True)
class Out:
    """What went out."""

    to: tuple[str, ...]
    subject: str
    remark: str = ""
    """For the person; empty when all is well."""


class Record:
    """How far the sending of one call's mail has come."""

    def __init__(self, ctx: Context) -> None:
        self._file = ctx.folder / "outbox" / f"{hashlib.sha256(ctx.call.encode()).hexdigest()[:32]}.json"

    @property
    def state(self) -> str:
        """Empty, `sending` or `sent`."""
        try:
            return str(json.loads(self._file.read_text())["state"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def put(self, state: str, out: Out) -> None:
        """On disk when this returns."""
        put_file(self._file, json.dumps({"state": state, "to": out.to, "subject": out.subject}).encode())

    def out(self) -> Out:
        """What was sent: a second try may have been made of another mail."""
        known = json.loads(self._file.read_text())
        return Out(tuple(known["to"]), str(known["subject"]))

    def clear(self) -> None:
        """It was certainly not sent."""
        self._file.unlink(missing_ok=True)


def send(ctx: Context, message: EmailMessage) -> Out:
    """Send it, if this call has not sent anything yet. Raises Refusal."""
    out = Out(tuple(str(one) for one in message["To"].addresses), str(message["Subject"]))
    if ctx.preview:
        return out
    forget_old(ctx.folder / "outbox")
    record = Record(ctx)
    if record.state == SENT:
        return record.out()
    if record.state == SENDING:
        out = record.out()
        settle(ctx, record, message, out)
        return out
    hand_over(ctx, record, message, out)
    return replace(out, remark=keep_copy(ctx, message))


def settle(ctx: Context, record: Record, message: EmailMessage, out: Out) -> None:
    """An earlier try broke off in the middle: find out whether it went through. Raises Refusal where nobody knows."""
    found = False
    with suppress(Refusal), mailbox(ctx) as box:
        found = box.by_message_id(box.has("sent"), str(message["Message-ID"])) is not None
    if not found:
        raise Refusal(unknown(out))
    record.put(SENT, out)


def unknown(out: Out) -> str:
    """What is said where nobody can tell."""
    return (
        f"The connection broke off while the mail to {spoken(out.to)} was being sent, and I can't tell whether it went "
        "out. Please ask whether it came before you send it again."
    )


def hand_over(ctx: Context, record: Record, message: EmailMessage, out: Out) -> None:
    """Give it to the server. Raises Refusal."""
    to = [one.addr_spec for one in message["To"].addresses]
    with smtp(ctx) as line:
        with plain_words(line._host):  # type: ignore[attr-defined]  # smtplib's own
            refused(line, *line.mail(message["From"].addresses[0].addr_spec), "your address")
            for address in to:
                refused(line, *line.rcpt(address), address)
        record.put(SENDING, out)
        words: bytes | str
        try:
            code, words = line.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            code, words = error.smtp_code, error.smtp_error
        except (OSError, smtplib.SMTPException):
            raise Refusal(unknown(out)) from None
        if not 200 <= code < 300:
            record.clear()
            refused(line, code, words, "the mail")
        record.put(SENT, out)


def refused(line: smtplib.SMTP, code: int, words: bytes | str, what: str) -> None:
    """Raises Refusal where the server does not take it."""
    if not 200 <= code < 300:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200].rstrip(".")
        raise Refusal(f"The mail server does not take {what}: {plain}. Nothing was sent.")


def keep_copy(ctx: Context, message: EmailMessage) -> str:
    """Put a copy where sent mails lie, unless the server does; gives a remark where that fails."""
    try:
        with mailbox(ctx) as box:
            if not box.keeps_sent and box.by_message_id(box.has("sent"), str(message["Message-ID"])) is None:
                box.put(box.special("sent"), message.as_bytes(), "\\Seen", ctx.now)
    except Refusal:
        return " I could not keep a copy among your sent mails."
    return ""


def forget_old(folder: Path) -> None:
    """Records that nobody will ask for again."""
    for file in folder.glob("*.json"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink()
