"""One mail as it came: MIME (RFC 2045 and its kin) decoded, whatever its sender made of it.

Must stay true: reading never fails on what a mail holds, and takes bounded time and memory: depth, number of parts
and sizes are limited, and what is beyond them is left out.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from services.mail.plaintext import from_html, one_line, tidy

DEEPEST = 12
MOST_PARTS = 100
MOST_ADDRESSES = 100
HEADER_LIMIT = 4_000
NO_REPLY = re.compile(r"^(?:no-?reply|do-?not-?reply|bounces?|mailer-daemon|notifications?|newsletter|news)\b", re.I)
BODY_LIMIT = 4_000_000
"""Bytes of one text part."""


@dataclass(frozen=True, slots=True)
class Address:
    """Who a mail is from or to."""

    name: str
    email: str

    @property
    def spoken(self) -> str:
        """The name, else the address."""
        return self.name or self.email

    @property
    def whole(self) -> str:
        """Anna <anna@example.org>."""
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail."""

    name: str
    kind: str
    content: bytes


class Letter:
    """A mail, decoded piece by piece as it is asked for."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._message: Message = email.message_from_bytes(raw, policy=email.policy.compat32)
        except (RecursionError, ValueError, LookupError, IndexError):
            self._message = Message()
            self._message.set_payload("")

    def header(self, name: str) -> str:
        """A header in one line; empty where there is none."""
        try:
            value = self._message.get(name)
        except (ValueError, LookupError):
            return ""
        return decoded(str(value)[:HEADER_LIMIT]) if value is not None else ""

    @property
    def subject(self) -> str:
        return self.header("Subject") or "(no subject)"

    @property
    def message_id(self) -> str:
        found = re.search(r"<[^<>\s]{1,900}>", str(self._message.get("Message-ID", "")))
        return found[0] if found else ""

    @property
    def sender(self) -> Address:
        return next(iter(self.addresses("From")), Address("", "unknown"))

    @property
    def answer_to(self) -> Address:
        """Where an answer goes: Reply-To, else who it is from."""
        return next(iter(self.addresses("Reply-To")), self.sender)

    def addresses(self, name: str) -> list[Address]:
        """The addresses in a header; what is none is left out."""
        values = [str(value)[:HEADER_LIMIT] for value in self._message.get_all(name, [])][:MOST_ADDRESSES]
        try:
            pairs = getaddresses(values)
        except (ValueError, IndexError, AttributeError):
            return []
        found = [Address(decoded(who), one_line(where, 254)) for who, where in pairs[:MOST_ADDRESSES] if "@" in where]
        return [one for one in found if " " not in one.email]

    @property
    def date(self) -> datetime | None:
        """When its sender says that it was written."""
        try:
            at = parsedate_to_datetime(str(self._message.get("Date", "")))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    @property
    def bulk(self) -> bool:
        """Sent to many, or by a machine (RFC 2919, RFC 2369, RFC 3834)."""
        automatic = self.header("Auto-Submitted").lower() not in {"", "no"}
        many = self.header("Precedence").lower() in {"bulk", "list", "junk"}
        listed = any(self._message.get(name) for name in ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID"))
        return automatic or many or listed or bool(NO_REPLY.match(self.sender.email))

    def parts(self) -> Iterator[Message]:
        """Its leaves, in order, as deep and as many as is sensible."""
        waiting, seen = [(self._message, 0)], 0
        while waiting and seen < MOST_PARTS:
            part, depth = waiting.pop(0)
            seen += 1
            payload = part.get_payload()
            if not isinstance(payload, list):
                yield part
            elif depth < DEEPEST:
                waiting[:0] = [(inner, depth + 1) for inner in payload[:MOST_PARTS] if isinstance(inner, Message)]

    @property
    def text(self) -> str:
        """What it says: its plain text, else the words of its HTML."""
        plain = [words for part in self.parts() if is_text(part, "text/plain") and (words := tidy(content_of(part)))]
        if plain:
            return "\n\n".join(plain)
        return "\n\n".join(from_html(content_of(part)) for part in self.parts() if is_text(part, "text/html"))

    @property
    def attachments(self) -> list[Attachment]:
        """The files in it."""
        found = []
        for part in self.parts():
            name = file_name(part)
            if name or not part.get_content_type().startswith(("text/", "multipart/")):
                kind = part.get_content_type()
                found.append(Attachment(name or f"part.{kind.rpartition('/')[2][:10]}", kind, bytes_of(part)))
        return found


def decoded(text: str) -> str:
    """Encoded words (RFC 2047) read, in one line; what can't be read stands there as well as it can."""
    pieces = []
    try:
        for piece, charset in decode_header(re.sub(r"[\r\n]+", " ", text)):
            pieces.append(as_text(piece, charset) if isinstance(piece, bytes) else piece)
    except (ValueError, LookupError, IndexError, TypeError):
        return one_line(text)
    return one_line("".join(pieces))


def as_text(content: bytes, charset: str | None) -> str:
    """Bytes as text in the charset that they claim; a wrong claim costs some signs and no more."""
    for name in (charset, "utf-8"):
        if name:
            try:
                return content.decode(name, "strict" if name != charset else "replace")
            except (LookupError, ValueError, UnicodeError):
                continue
    return content.decode("latin-1")


def is_text(part: Message, kind: str) -> bool:
    """Whether the part is text of that kind that is meant to be read in place."""
    return part.get_content_type() == kind and not file_name(part)


def bytes_of(part: Message) -> bytes:
    """The part's content, unpacked; empty where that can't be."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def content_of(part: Message) -> str:
    """The part's text."""
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError):
        charset = None
    return as_text(bytes_of(part)[:BODY_LIMIT], charset)


def file_name(part: Message) -> str:
    """What the file is called, without any folder; empty where the part is no file."""
    try:
        name = decoded(str(part.get_filename() or ""))
    except (LookupError, ValueError, TypeError, AttributeError):
        name = ""
    disposition = str(part.get("Content-Disposition", "")).lower()
    bare = re.sub(r"[^\w.()+ -]", "_", re.split(r"[\\/]", name)[-1]).strip(". ")[:120]
    return bare or ("attachment" if disposition.startswith("attachment") else "")
