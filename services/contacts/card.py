"""One vCard (RFC 6350, RFC 2426) as its lines, so that what changed is put in and all the rest stays as it was.

Must stay true: a line that is not about a changed field comes out as it went in, photos and unknown ones included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LINE = 75
"""Bytes of a line before it is folded."""
PROPERTIES = {
    "name": "FN",
    "phone": "TEL",
    "email": "EMAIL",
    "address": "ADR",
    "birthday": "BDAY",
    "relation": "ROLE",
    "company": "ORG",
    "notes": "NOTE",
}
"""Where our fields stand; the first of several."""
HEAD = re.compile(r'(?P<head>(?:[\w-]+\.)?(?P<name>[\w-]+)(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)', re.S)


def lines_of(text: str) -> list[str]:
    """The lines of the card, unfolded."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text.strip())
    return [line for line in re.split(r"\r?\n", unfolded) if line.strip()]


def value_of(lines: list[str], name: str) -> str:
    """The first value of a property as it stands there; empty where there is none."""
    for line in lines:
        found = HEAD.fullmatch(line)
        if found and found["name"].upper() == name:
            return found["value"]
    return ""


def patched(text: str, uid: str, fields: Mapping[str, str], changed: set[str]) -> str:
    """The card with the changed fields put in; of an empty text, a new card (vCard 3.0)."""
    lines = lines_of(text) or ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", "END:VCARD"]
    for field in (field for field in PROPERTIES if field in changed):
        lines = with_field(lines, field, fields.get(field, ""))
        if field == "name":
            lines = with_value(lines, "N", structured_name(fields["name"]))
    return "".join(f"{folded(line)}\r\n" for line in lines)


def with_field(lines: list[str], field: str, value: str) -> list[str]:
    """The lines with the first property of the field set, or taken out where the value is empty."""
    written = escaped(value)
    if field == "address" and value:
        written = f";;{written};;;;"
    return with_value(lines, PROPERTIES[field], written)


def with_value(lines: list[str], name: str, written: str) -> list[str]:
    """The same for a property and its value as it is to stand there."""
    for number, line in enumerate(lines):
        found = HEAD.fullmatch(line)
        if not found or found["name"].upper() != name:
            continue
        if not written:
            return [*lines[:number], *lines[number + 1 :]]
        scheme = "tel:" if name == "TEL" and re.search(r"VALUE=\"?uri", found["head"], re.I) else ""
        plain = re.sub(r"[^+\d]", "", written) if scheme else written
        return [*lines[:number], f"{found['head']}:{scheme}{plain}", *lines[number + 1 :]]
    return [*lines[:-1], f"{name}:{written}", lines[-1]] if written else lines


def structured_name(name: str) -> str:
    """N of a full name: family;given;;;."""
    first, _, last = name.rpartition(" ")
    return f"{escaped(last if first else '')};{escaped(first or last)};;;"


def escaped(value: str) -> str:
    """As text stands in a card."""
    return (
        value.replace("\\", "\\\\").replace("\r\n", "\\n").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")
    )


def folded(line: str) -> str:
    """The line in pieces of 75 bytes, no character torn."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE - 1:
            pieces.append(piece)
            piece, size = "", 0
        piece += sign
        size += width
    return "\r\n ".join([*pieces, piece])
