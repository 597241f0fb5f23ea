"""QR codes and barcodes drawn and read, with zxing-cpp. What was drawn is read again before it is given out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import zxingcpp

from services.codes.png import Grey, written
from services.kit import Refusal

KINDS = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
    "ean8": zxingcpp.BarcodeFormat.EAN8,
    "upca": zxingcpp.BarcodeFormat.UPCA,
    "isbn": zxingcpp.BarcodeFormat.ISBN,
    "itf": zxingcpp.BarcodeFormat.ITF,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "aztec": zxingcpp.BarcodeFormat.Aztec,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
}
DIGITS = {"ean13": (12, 13), "ean8": (7, 8), "upca": (11, 12), "isbn": (13,)}
"""Kinds that hold only digits, and how many; the last may be left to be reckoned."""
SQUARE = {"qr", "datamatrix", "aztec"}
SQUARE_SCALE, STRIPE_SCALE = 8, 3
"""Pixels for one module."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code as pictures."""

    text: str
    """What it holds, with a check digit where the kind has one."""
    png: bytes
    svg: str


@dataclass(frozen=True, slots=True)
class Found:
    """A code seen in a picture."""

    kind: str
    text: str


def draw(text: str, kind: str) -> Drawn:
    """The code as pictures. Refuses text that the kind can't hold."""
    content = digits_of(text, kind) if kind in DIGITS else text
    options: dict[str, Any] = {"ec_level": "M"} if kind == "qr" else {}
    try:
        made = zxingcpp.create_barcode(content, KINDS[kind], **options)
    except (ValueError, RuntimeError):
        raise Refusal(refused(text, kind)) from None
    scale = SQUARE_SCALE if kind in SQUARE else STRIPE_SCALE
    image = made.to_image(scale=scale, add_hrt=kind not in SQUARE, add_quiet_zones=True)
    seen = [one.text for one in zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)]
    if not any(one == made.text or one.lstrip("0") == made.text.lstrip("0") for one in seen):
        raise Refusal("That came out as a code that I can't read back, so I didn't keep it. Try shorter text.")
    return Drawn(made.text, written(image), made.to_svg(scale=1, add_hrt=kind not in SQUARE, add_quiet_zones=True))


def digits_of(text: str, kind: str) -> str:
    """The digits, without the blanks and dashes that people write between them."""
    digits = text.replace(" ", "").replace("-", "")
    allowed = DIGITS[kind]
    if not digits.isascii() or not digits.isdigit() or len(digits) not in allowed:
        raise Refusal(f"{kind.upper()} holds {' or '.join(map(str, allowed))} digits; {text.strip()!r} is not that.")
    return digits


def refused(text: str, kind: str) -> str:
    """Why it can't be drawn."""
    if kind in DIGITS:
        return f"{text.strip()!r} is no valid {kind.upper()}: the last digit, which checks the others, is wrong."
    return f"A {kind} code can't hold that: the text is too long, or has signs that the kind doesn't know."


def look(picture: Grey) -> list[Found]:
    """All codes in a picture."""
    view = memoryview(picture.pixels).cast("B", (picture.height, picture.width))
    found = zxingcpp.read_barcodes(view, text_mode=zxingcpp.TextMode.Plain)
    return [Found(str(one.format), one.text) for one in found]
