"""The codes service, through its door in process. What it makes is read again from the files."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from services.codes import payload
from services.codes.png import SIGNATURE, chunk, read
from services.codes.server import service
from services.kit import Refusal
from tests.services.door import Door, door

KINDS = {"qr": "QR Code", "isbn": "EAN-13"}
"""What the reader calls some of them."""


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with door(service, tmp_path, monkeypatch) as say:
        yield say


def decoded(say: Door) -> str:
    """What the file says that the last answer names."""
    picture = read(Path(say.data["path"]).read_bytes())
    view = memoryview(picture.pixels).cast("B", (picture.height, picture.width))
    found = zxingcpp.read_barcodes(view, text_mode=zxingcpp.TextMode.Plain)
    return next(
        one.text for one in found if same(str(one.format)) == same(KINDS.get(say.data["kind"], say.data["kind"]))
    )


def same(kind: str) -> str:
    """EAN-13 and ean13 as one."""
    return re.sub(r"\W", "", kind).lower()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("meet me at noon", "meet me at noon"),
        ("https://example.org/menu?x=1&y=2", "https://example.org/menu?x=1&y=2"),
        ("www.example.com", "https://www.example.com"),
        ("example.net/club", "https://example.net/club"),
        ("hello@example.org", "mailto:hello@example.org"),
        ("+33 6 12 34 56 78", "tel:+33612345678"),
        ("Grüße, 世界 🌍", "Grüße, 世界 🌍"),
        ("x" * 1_000, "x" * 1_000),
    ],
)
def test_a_qr_code_says_what_was_asked_for(say: Door, text: str, holds: str) -> None:
    say("qr", text=text)
    assert decoded(say) == holds


def test_the_answer_names_both_files_and_holds_the_picture(say: Door) -> None:
    say("qr", text="hello")
    assert say.data["media_type"] == "image/png"
    inline = base64.b64decode(say.data["image"].removeprefix("data:image/png;base64,"))
    assert inline == Path(say.data["path"]).read_bytes()
    assert "<svg" in Path(say.data["svg_path"]).read_text()


def test_a_wifi_code_has_awkward_signs_escaped(say: Door) -> None:
    say("wifi", name='My; "net"', password="a\\b:c,d;e")
    assert decoded(say) == 'WIFI:T:WPA;S:My\\; \\"net\\";P:a\\\\b\\:c\\,d\\;e;;'
    say("wifi", name="Cafe", security="none")
    assert decoded(say) == "WIFI:T:nopass;S:Cafe;;"


def test_a_contact_code_is_a_vcard(say: Door) -> None:
    say("contact", name="Ada Byron", phone="+44 20 5550", email="ada@example.org", organisation="Engines; Ltd")
    rows = decoded(say).split("\r\n")
    assert rows[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert {"N:Byron;Ada;;;", "FN:Ada Byron", "TEL:+44 20 5550", "ORG:Engines\\; Ltd"} <= set(rows)


@pytest.mark.parametrize(
    ("text", "kind", "holds"),
    [
        ("4006381333931", None, "4006381333931"),
        ("400638133393", "ean13", "4006381333931"),
        ("9638507", "ean8", "96385074"),
        ("INV-2044", None, "INV-2044"),
        ("978-3-16-148410-0", "isbn", "9783161484100"),
        ("ABC 12", "code39", "ABC 12"),
        ("12345670", "itf", "12345670"),
        ("part 88-21", "datamatrix", "part 88-21"),
        ("part 88-21", "aztec", "part 88-21"),
        ("part 88-21", "pdf417", "part 88-21"),
        ("EAN-13 barcode for 4006381333931", None, "4006381333931"),
    ],
)
def test_every_kind_of_barcode_can_be_read_back(say: Door, text: str, kind: str | None, holds: str) -> None:
    say("barcode", text=text, kind=kind)
    assert decoded(say) == holds


@pytest.mark.parametrize(
    ("tool", "arguments", "answer"),
    [
        ("barcode", {"text": "4006381333930", "kind": "ean13"}, "!'4006381333930' is no valid EAN13"),
        ("barcode", {"text": "hello", "kind": "ean13"}, "!EAN13 holds 12 or 13 digits"),
        ("barcode", {"text": "日本", "kind": "code39"}, "!A code39 code can't hold that"),
        ("wifi", {"name": "Nest"}, "!What is the password?"),
        ("wifi", {"name": "Nest", "password": "short"}, "!A Wi-Fi password has 8 to 63 characters."),
        ("wifi", {"name": "n" * 33, "password": "longenough"}, "!The name of a network has at most 32"),
        ("delete", {"code": "x"}, "!You have made no codes yet."),
        ("read", {}, "!Which picture?"),
        ("read", {"image": "%%%"}, "!That picture is not in base64."),
        ("read", {"image": base64.b64encode(SIGNATURE + b"junk").decode()}, "!That PNG picture is damaged."),
    ],
)
def test_what_can_not_be_made_is_refused_in_words(say: Door, tool: str, arguments: dict[str, Any], answer: str) -> None:
    assert say(tool, **arguments).startswith(answer)


def test_making_is_undone_with_its_files(say: Door) -> None:
    say("qr", text="hello")
    path = Path(say.data["path"])
    assert say.undo().startswith("Undone")
    assert not path.exists()
    assert say("list") == "You have made no codes yet."


def test_deleting_is_undone_with_its_files(say: Door) -> None:
    say("qr", text="hello")
    path = Path(say.data["path"])
    assert say("delete", code="hello") == "Deleted the code hello."
    assert not path.exists()
    say.undo()
    assert path.exists()


def test_a_preview_writes_nothing(say: Door, tmp_path: Path) -> None:
    say("qr", text="hello", preview=True)
    assert not list(tmp_path.glob("*.png"))
    assert say("list") == "You have made no codes yet."


def test_codes_are_each_members_own(say: Door) -> None:
    say("qr", text="hello")
    assert say("list", member="anna") == "You have made no codes yet."
    assert say("delete", member="anna", code="hello") == "!You have made no codes yet."


def test_a_code_is_read_from_a_file_in_an_opened_folder_only(say: Door, tmp_path: Path) -> None:
    say("qr", text="secret plan")
    picture = Path(say.data["path"]).read_bytes()
    opened, closed = tmp_path / "opened", tmp_path.parent / "closed.png"
    opened.mkdir()
    (opened / "photo.png").write_bytes(picture)
    closed.write_bytes(picture)
    assert say("read", path="photo.png").startswith("!I find no picture 'photo.png' anywhere")
    say.settings = {"folders": [str(opened)]}
    assert say("read", path="photo.png") == "QR Code: secret plan."
    assert say("read", path="QR code in photo.png say").endswith("secret plan.")
    assert say("read", path=str(closed)).startswith("!I find no picture")
    assert say("read", path="../../closed.png").startswith("!I find no picture")


def test_a_code_is_read_from_an_inline_picture(say: Door) -> None:
    say("qr", text="hello")
    assert say("read", image=say.data["image"]) == "QR Code: hello."


def png(width: int, height: int, depth: int, colour: int, rows: list[bytes], extra: bytes = b"") -> bytes:
    """A picture, its rows with their filter bytes."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        SIGNATURE + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("picture", "pixels"),
    [
        (png(2, 1, 8, 0, [b"\0\x10\xf0"]), b"\x10\xf0"),
        (png(2, 1, 8, 0, [b"\1\x10\x01"]), b"\x10\x11"),
        (png(2, 2, 8, 0, [b"\0\x10\x20", b"\2\x01\x02"]), b"\x10\x20\x11\x22"),
        (png(2, 2, 8, 0, [b"\0\x10\x20", b"\3\x00\x00"]), b"\x10\x20\x08\x14"),
        (png(2, 2, 8, 0, [b"\0\x10\x20", b"\4\x00\x00"]), b"\x10\x20\x10\x20"),
        (png(1, 1, 8, 2, [b"\0\xff\xff\xff"]), b"\xff"),
        (png(1, 1, 8, 6, [b"\0\x00\x00\x00\x00"]), b"\xff"),
        (png(1, 1, 16, 0, [b"\0\x80\x00"]), b"\x80"),
        (png(9, 1, 1, 0, [b"\0\xaa\x80"]), b"\xff\0\xff\0\xff\0\xff\0\xff"),
        (png(2, 1, 4, 3, [b"\0\x01"], chunk(b"PLTE", b"\xff\xff\xff\0\0\0")), b"\xff\0"),
        (png(1, 1, 8, 4, [b"\0\x00\xff"]), b"\0"),
    ],
)
def test_png_pictures_of_every_form_are_read(picture: bytes, pixels: bytes) -> None:
    assert read(picture).pixels == pixels


@pytest.mark.parametrize(
    "picture",
    [
        png(60_000, 60_000, 8, 0, [b"\0"]),
        png(10, 10, 8, 0, [b"\0\0"]),
        png(1, 1, 8, 0, [b"\7\0"]),
        png(1, 1, 8, 3, [b"\0\0"]),
        png(0, 1, 8, 0, [b"\0"]),
        png(1, 1, 8, 5, [b"\0\0"]),
        SIGNATURE,
        png(2, 2, 8, 0, [b"\0\0\0", b"\0\0\0"])[:-30],
    ],
)
def test_damaged_and_huge_pictures_are_refused_unread(picture: bytes) -> None:
    with pytest.raises(Refusal):
        read(picture)


def test_what_a_bomb_unpacks_to_beyond_its_header_is_left_packed() -> None:
    assert read(png(1, 1, 8, 0, [b"\0\x42", b"\0" * 50_000_000])).pixels == b"\x42"


def test_numbers_that_are_no_telephone_are_refused() -> None:
    with pytest.raises(Refusal):
        payload.telephone("12")
