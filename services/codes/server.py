"""QR codes and barcodes: made as PNG and SVG files in the service's folder, listed, deleted; and read from pictures.

The answer's data names both files, their media type, and holds the PNG inline, so that the page can show it.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from typing import Annotated, Any, Literal

from pydantic import Field

from services.codes.drawing import draw, look
from services.codes.payload import as_written, contact, wifi
from services.codes.picture import from_file, from_inline, picture
from services.kit import Context, Refusal, Reply, Service, Thing
from services.kit.moment import from_seconds, seconds
from services.kit.reference import Candidate, choose
from services.kit.speech import counted, one_line, spoken, spoken_moment

TABLES = """
CREATE TABLE IF NOT EXISTS code(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
    file TEXT NOT NULL, made_at INTEGER NOT NULL);
"""
service = Service(__file__, tables=TABLES)

LONGEST_TEXT = 1_500
LISTED_AT_MOST = 50
NAMED_AT_MOST = 60
"""Characters of a text that stand for it as a title."""
Kind = Literal["code128", "ean13", "ean8", "upca", "isbn", "code39", "itf", "datamatrix", "aztec", "pdf417"]
SAID = {
    "code128": "Code 128",
    "ean13": "EAN-13",
    "ean8": "EAN-8",
    "upca": "UPC-A",
    "isbn": "ISBN",
    "code39": "Code 39",
    "itf": "ITF",
    "datamatrix": "Data Matrix",
    "aztec": "Aztec",
    "pdf417": "PDF417",
}
NAMED = re.compile(
    r"(?:an?\s+)?(ean[- ]?13|ean[- ]?8|upc(?:[- ]?a)?|isbn|code[- ]?128|code[- ]?39|itf|data ?matrix|aztec|pdf[- ]?417)"
    r"(?:\s+(?:bar)?code)?(?:\s+(?:for|with|of))?\s+",
    re.IGNORECASE,
)
"""The kind, where it was said before what the code holds."""
Optional = Annotated[str, Field(max_length=300)]


@service.tool(
    "reversible",
    examples=[
        "make a QR code for https://example.org/menu",
        "QR code with the text meet me at noon",
        "turn www.example.com into a QR code",
        "create a QR code that says Happy birthday Lena",
        "I need a QR code for the number +33 6 12 34 56 78",
        "generate a QR for our web page example.net/club",
        "encode this as QR: locker 17, code 4411",
        "QR code of hello@example.org please",
    ],
)
def qr(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            description="What the code says: a text, a web address, a telephone number or a mail address",
            min_length=1,
            max_length=LONGEST_TEXT,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
) -> Reply:
    """Make a QR code of a text, a web address, a telephone number or a mail address, as a picture."""
    return made(ctx, as_written(text), "qr", one_line(text))


@service.tool(
    "reversible",
    examples=[
        "make a QR code for our wifi called Nest with the password bluebird22",
        "wifi QR code for guests",
        "a QR code to join the network Casa, password 12345678",
        "QR so visitors get onto our Wi-Fi",
        "print a QR code for the Wi-Fi network Attic with the key sesame-open",
        "create a wireless login QR: SSID Garden, password tulips2024",
        "wifi QR for the open network Cafe",
        "share our wireless network as a QR code",
    ],
)
def wifi_(
    ctx: Context,
    name: Annotated[str, Field(description="The name of the network (SSID)", min_length=1, max_length=100)],
    password: Annotated[str, Field(description="Its password", max_length=100)] = "",
    security: Annotated[
        Literal["wpa", "wep", "none"], Field(description="How it is protected; none for an open network")
    ] = "wpa",
    hidden: Annotated[bool, Field(description="Whether the network hides its name")] = False,
) -> Reply:
    """Make a QR code with which telephones join a Wi-Fi network."""
    return made(ctx, wifi(name.strip(), password, security, hidden), "qr", f"Wi-Fi {one_line(name)}")


@service.tool(
    "reversible",
    examples=[
        "QR code with my contact details",
        "make a visiting card code for Ada Byron, ada@example.org",
        "a contact QR for Sam Lee with the phone +1 555 0100",
        "business card as QR: Mia Roth, Roth Bakery",
        "create a vCard code for Dr Otto Kern",
        "put the address of Nora Lind into a QR code",
        "code so that people can save Jo Park in their phone",
        "digital business card for Ana Diaz",
    ],
)
def contact_(
    ctx: Context,
    name: Annotated[str, Field(description="The person's full name", min_length=1, max_length=100)],
    phone: Annotated[
        str, Field(description="Telephone number", max_length=300, json_schema_extra={"format": "phone"})
    ] = "",
    email: Annotated[
        str, Field(description="Mail address", max_length=300, json_schema_extra={"format": "email"})
    ] = "",
    organisation: Annotated[Optional, Field(description="Firm or club")] = "",
    address: Annotated[Optional, Field(description="Street, town and country in one line")] = "",
    website: Annotated[str, Field(description="Web address", max_length=300, json_schema_extra={"format": "uri"})] = "",
) -> Reply:
    """Make a QR code with which telephones save a person's contact details (vCard)."""
    return made(ctx, contact(name, phone, email, organisation, address, website), "qr", f"Contact {one_line(name)}")


@service.tool(
    "reversible",
    examples=[
        "make a barcode for 4006381333931",
        "create an EAN-13 barcode 978020137962",
        "Code 128 barcode with INV-2044",
        "barcode label for jar number 17",
        "generate an ISBN barcode for 9783161484100",
        "Data Matrix code with part 88-21",
        "I need a product barcode, digits 5901234123457",
        "print a UPC barcode for 036000291452",
    ],
)
def barcode(
    ctx: Context,
    text: Annotated[
        str,
        Field(
            description="What the barcode holds: digits or a short text",
            min_length=1,
            max_length=LONGEST_TEXT,
            json_schema_extra={"x-fill": "rest"},
        ),
    ],
    kind: Annotated[Kind | None, Field(description="Which kind; else by the number of digits")] = None,
) -> Reply:
    """Make a barcode with stripes (EAN, UPC, ISBN, Code 128, Code 39, ITF) or another matrix code, as a picture."""
    named = NAMED.match(text)
    plain = one_line(text[named.end() :] if named else text)
    said = re.sub(r"[^a-z0-9]", "", named[1].lower()) if named else ""
    return made(ctx, plain, kind or {"upc": "upca"}.get(said, said) or kind_of(plain), plain)


@service.tool(
    "read",
    examples=[
        "what does the QR code in photo.png say?",
        "read the barcode in scan.png",
        "decode the code in ticket.png",
        "scan the picture menu.png for a QR code",
        "which codes are in the image label.png?",
        "what's behind the QR code on poster.png?",
        "read the code from this picture",
        "is there a barcode in box.png?",
    ],
)
def read(
    ctx: Context,
    path: Annotated[
        str | None,
        Field(
            description="The picture's file, such as photo.png",
            max_length=500,
            json_schema_extra={"x-fill": "rest"},
        ),
    ] = None,
    image: Annotated[
        str | None, Field(description="The picture itself in base64, instead of a file", max_length=7_000_000)
    ] = None,
) -> Reply:
    """Read QR codes and barcodes from a picture: what they say."""
    if not path and not image:
        raise Refusal("Which picture? Name its file.")
    found = look(picture(from_inline(image) if image else from_file(ctx, path or "")))
    if not found:
        return Reply("I see no code in that picture.", {"codes": []})
    said = "; ".join(f"{one.kind}: {one.text}" for one in found)
    return Reply(f"{said}.", {"codes": [{"kind": one.kind, "text": one.text} for one in found]})


@service.tool(
    "read",
    examples=[
        "which codes have I made?",
        "list my QR codes",
        "show the barcodes I created",
        "where is the QR code for the wifi?",
        "my latest codes",
        "what QR codes are there?",
        "find the code pictures you made for me",
        "overview of made codes",
    ],
)
def list_(ctx: Context) -> Reply:
    """List the codes that the person has made, with their picture files."""
    found = ctx.db.execute(
        "SELECT * FROM code WHERE member=? ORDER BY id DESC LIMIT ?", (ctx.member, LISTED_AT_MOST)
    ).fetchall()
    if not found:
        return Reply("You have made no codes yet.", {"codes": []})
    said = [f"{row['title']} ({spoken_moment(from_seconds(ctx, row['made_at']), ctx.now)})" for row in found]
    data = {"codes": [row_data(ctx, row) for row in found]}
    return Reply(f"{counted(len(found), 'code')}: {spoken(said)}.", data, [thing(row) for row in found])


@service.tool(
    "reversible",
    examples=[
        "delete the QR code for the wifi",
        "remove the code Wi-Fi Nest",
        "throw away my barcode 4006381333931",
        "I don't need the contact code of Ada any more",
        "erase the QR code for the menu",
        "get rid of that code",
        "discard the birthday QR",
        "delete the latest code picture",
    ],
)
def delete(
    ctx: Context,
    code: Annotated[
        str,
        Field(
            description="Which code: its title, a part of it, or its id",
            min_length=1,
            max_length=200,
            json_schema_extra={"x-kind": "code"},
        ),
    ],
) -> Reply:
    """Delete a code that was made, with its picture files."""
    rows = {f"c{row['id']}": row for row in ctx.db.execute("SELECT * FROM code WHERE member=?", (ctx.member,))}
    if not rows:
        raise Refusal("You have made no codes yet.")
    there = [Candidate(key, row["title"], from_seconds(ctx, row["made_at"])) for key, row in rows.items()]
    row = rows[choose(code, there, "code", ctx.now).id]
    for ending in ("png", "svg"):
        ctx.write_file(ctx.folder / f"{row['file']}.{ending}", None)
    ctx.db.execute("DELETE FROM code WHERE id=?", (row["id"],))
    return Reply(f"Deleted the code {row['title']}.", {"id": f"c{row['id']}", "title": row["title"]})


def made(ctx: Context, text: str, kind: str, title: str) -> Reply:
    """Draw it, keep it, and say where."""
    if len(text) > LONGEST_TEXT:
        raise Refusal("That is too much for one code.")
    drawn = draw(text, kind)
    short = title if len(title) <= NAMED_AT_MOST else f"{title[: NAMED_AT_MOST - 1]}…"
    row = ctx.db.execute(
        "INSERT INTO code(member, title, kind, file, made_at) VALUES(?,?,?,'',?) RETURNING *",
        (ctx.member, short, kind, seconds(ctx.now)),
    ).fetchone()
    name = f"{row['id']}-{re.sub(r'[^a-z0-9]+', '-', short.lower()).strip('-')[:40] or kind}"
    ctx.db.execute("UPDATE code SET file=? WHERE id=?", (name, row["id"]))
    ctx.write_file(ctx.folder / f"{name}.png", drawn.png)
    ctx.write_file(ctx.folder / f"{name}.svg", drawn.svg.encode())
    row = ctx.db.execute("SELECT * FROM code WHERE id=?", (row["id"],)).fetchone()
    inline = f"data:image/png;base64,{base64.b64encode(drawn.png).decode()}"
    what = "QR code" if kind == "qr" else f"{SAID[kind]} code"
    data = {**row_data(ctx, row), "text": drawn.text, "image": inline}
    return Reply(f"Made the {what} for {short}: {data['path']}", data, [thing(row)])


def kind_of(text: str) -> str:
    """By the number of digits, else the one that holds any text."""
    digits = text.replace(" ", "").replace("-", "")
    kinds = {13: "ean13", 12: "upca", 8: "ean8"}
    return kinds.get(len(digits), "code128") if digits.isascii() and digits.isdigit() else "code128"


def row_data(ctx: Context, row: sqlite3.Row) -> dict[str, Any]:
    """A code as data."""
    path = ctx.folder / f"{row['file']}.png"
    return {
        "id": f"c{row['id']}",
        "title": row["title"],
        "kind": row["kind"],
        "path": str(path),
        "media_type": "image/png",
        "svg_path": str(path.with_suffix(".svg")),
    }


def thing(row: sqlite3.Row) -> Thing:
    """The code as something that "it" may mean."""
    return Thing("code", row["title"], f"c{row['id']}")


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The member's codes."""
    rows = ctx.db.execute("SELECT DISTINCT title FROM code WHERE member=?", (ctx.member,))
    return {"code": [row["title"] for row in rows]}


if __name__ == "__main__":
    service.run()
