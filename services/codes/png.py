"""PNG pictures (ISO/IEC 15948) as shades of grey, written and read without a library.

Must stay true: a picture is refused by what its header says, before it is unpacked; no more is unpacked than that.
Not covered: interlaced pictures, colour profiles.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.kit import Refusal

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 4_000_000
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Of each colour type: grey, colour, palette, grey with alpha, colour with alpha."""
BROKEN = "That PNG picture is damaged."


@dataclass(frozen=True, slots=True)
class Grey:
    """A picture: one byte per pixel, row by row; 0 is black."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What the picture says of itself first."""

    width: int
    height: int
    depth: int
    colour: int

    @property
    def row_bytes(self) -> int:
        """Of one row, without the byte for its filter."""
        return (self.width * CHANNELS[self.colour] * self.depth + 7) // 8


def written(image: Any) -> bytes:
    """A two-dimensional picture of bytes as PNG."""
    view = memoryview(image)
    assert view.shape is not None
    height, width = view.shape
    flat = view.tobytes()
    rows = b"".join(b"\0" + flat[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    """One piece of the file, with its length and check."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read(content: bytes) -> Grey:
    """The picture of a PNG file. Refuses what is damaged, too large or interlaced."""
    try:
        parts = list(chunks(content))
        head = header(parts[0])
        palette = next((data for kind, data in parts if kind == b"PLTE"), b"")
        packed = b"".join(data for kind, data in parts if kind == b"IDAT")
        size = (head.row_bytes + 1) * head.height
        unpacked = zlib.decompressobj().decompress(packed, size)
    except (struct.error, zlib.error, IndexError):
        raise Refusal(BROKEN) from None
    if len(unpacked) != size or (head.colour == 3 and not palette):
        raise Refusal(BROKEN)
    shades = [shade(*palette[at : at + 3]) for at in range(0, len(palette) - 2, 3)]
    rows = (greys(row, head, shades) for row in unfiltered(unpacked, head))
    return Grey(head.width, head.height, b"".join(rows))


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The pieces of the file."""
    at = len(SIGNATURE)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        yield content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += length + 12


def header(first: tuple[bytes, bytes]) -> Header:
    """The first piece, checked."""
    kind, data = first
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data)
    if kind != b"IHDR" or colour not in CHANNELS or depth not in {1, 2, 4, 8, 16} or not width or not height:
        raise Refusal(BROKEN)
    if interlaced:
        raise Refusal("I can't read interlaced PNG pictures; save it without.")
    if width * height > MOST_PIXELS:
        raise Refusal("That picture is too large for me; make it smaller than four million pixels.")
    return Header(width, height, depth, colour)


def unfiltered(data: bytes, head: Header) -> Iterator[bytearray]:
    """The rows, each put together from its differences to what lies left and above."""
    step = max(1, CHANNELS[head.colour] * head.depth // 8)
    above = bytearray(head.row_bytes)
    for start in range(0, len(data), head.row_bytes + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + head.row_bytes])
        if kind == 2:
            row = bytearray((one + up) & 255 for one, up in zip(row, above, strict=True))
        elif kind in {1, 3, 4}:
            rebuild(kind, row, above, step)
        elif kind:
            raise Refusal(BROKEN)
        yield row
        above = row


def rebuild(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    """A row whose bytes depend on those before them: by the left one, the mean, or Paeth's choice."""
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + above[at]) // 2
        else:
            guess = paeth(left, above[at], above[at - step] if at >= step else 0)
        row[at] = (row[at] + guess) & 255


def paeth(left: int, up: int, corner: int) -> int:
    """The neighbour nearest to left + up - corner."""
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def greys(row: bytearray, head: Header, shades: list[int]) -> bytes:
    """A row as shades of grey, on white where it is transparent."""
    if head.depth == 16:
        row = row[::2]
    if head.depth < 8:
        row = unpacked(row, head)
    if head.colour == 3:
        table = bytes((shades + [255] * 256)[:256])
        return bytes(row).translate(table)
    if head.colour == 0:
        return bytes(row)
    number = CHANNELS[head.colour]
    planes = [row[at::number] for at in range(number)]
    grey = bytes(map(shade, *planes[:3])) if number > 2 else bytes(planes[0])
    if number in {2, 4}:
        grey = bytes(255 - (255 - one) * alpha // 255 for one, alpha in zip(grey, planes[-1], strict=True))
    return grey


def unpacked(row: bytearray, head: Header) -> bytearray:
    """Several pixels of a byte, one by one; a palette's numbers stay what they are."""
    most = (1 << head.depth) - 1
    scale = 1 if head.colour == 3 else 255 // most
    found = (one >> shift & most for one in row for shift in range(8 - head.depth, -1, -head.depth))
    return bytearray(one * scale for one in found)[: head.width]


def shade(red: int, green: int, blue: int) -> int:
    """How light a colour is (ITU-R BT.601)."""
    return (299 * red + 587 * green + 114 * blue) // 1000
