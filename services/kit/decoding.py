"""The text of what came from the web: by what the server says, what the document says of itself, else a guess.

Names of encodings are read as browsers do (https://encoding.spec.whatwg.org), as far as Python knows them.
"""

from __future__ import annotations

import codecs
import re

LOOKED_AT = 2_048
"""Bytes at the beginning, in which a document names its own encoding."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
KNOWN = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|latin-?1|iso-?8859-?\d+|(windows-?|cp)\d+|koi8-[ru]|gb(k|2312|18030)"
    r"|big5|euc-(jp|kr)|shift[_-]jis|iso-2022-jp|macintosh"
)
"""No other codec of Python's: some are slow on purpose-made input, some are no text."""
READ_AS = {"us-ascii": "cp1252", "ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252"}
READ_AS |= {"gb2312": "gb18030", "gbk": "gb18030", "macintosh": "mac_roman", "iso8859-1": "cp1252"}


def text_of(body: bytes, content_type: str) -> str:
    """The text, with signs that can't be read replaced."""
    for mark, name in MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    for name in (said_by_server(content_type), said_by_document(body)):
        if KNOWN.fullmatch(name):
            try:
                return body.decode(READ_AS.get(name, name), "replace")
            except LookupError:
                continue
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def said_by_server(content_type: str) -> str:
    """The charset in a Content-Type."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1].lower() if found else ""


def said_by_document(body: bytes) -> str:
    """The encoding in an XML declaration or in HTML's meta."""
    head = body[:LOOKED_AT].decode("ascii", "replace")
    found = re.search(r"<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]+)", head)
    found = found or re.search(r"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", head, re.IGNORECASE)
    return found[1].lower() if found else ""
