"""Addresses and quotations: email, phone, url, quoted; by their form alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.reflex.values.span import Span
from models.reflex.values.tokens import LOOKED_AT, Scene

MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 7, 15

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"']{1,500}|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:com|org|net|io|dev|edu|gov|eu|uk|de|fr)\b(?:/[^\s<>\"']{0,300})?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,/:-])(?:\+|00)?\(?[0-9](?:[ ().-]{0,2}[0-9]){6,16}(?![\w/:%]|[.,-][0-9])")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”|«([^»\n]{1,400})»|(?<!\w)['‘]([^'’\n]{1,400})['’](?!\w)|`([^`\n]{1,400})`"
)
_POSITION = re.compile(r"\d{1,2}\.\d{2,8} +\d{1,3}\.\d{2,8}")
"""Degrees of latitude and longitude."""
_DATE = re.compile(r"^(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})")


def mark_spans(s: Scene) -> Iterator[Span]:
    """Every address and quotation."""
    text = s.text[:LOOKED_AT]
    if "@" in text:
        for match in _EMAIL.finditer(text):
            said = match.group().rstrip(".-_")
            yield Span(match.start(), match.start() + len(said), "email", said, said)
    for match in _URL.finditer(text):
        if not text[: match.start()].endswith("@"):
            said = match.group().rstrip(".,;:!?)")
            yield Span(match.start(), match.start() + len(said), "url", said, said)
    for match in _PHONE.finditer(text):
        said = match.group()
        if _is_phone(said):
            yield Span(match.start(), match.end(), "phone", said.strip(), said)
    for match in _QUOTED.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        yield Span(match.start(), match.end(), "quoted", inner.strip(), match.group())


def _is_phone(said: str) -> bool:
    digits = sum(c.isdigit() for c in said)
    if not MIN_PHONE_DIGITS <= digits <= MAX_PHONE_DIGITS or _DATE.match(said) or _POSITION.fullmatch(said):
        return False
    # a plain run of digits is a number unless it begins as phone numbers do
    return said[0] in "+0(" or any(c in " -.()" for c in said.strip())
