"""A picture as people have it, from a file or inline, made fit for reading.

PNG is read here. JPEG, WebP, GIF and others need Pillow, which weighs as much as twenty services and so is an extra.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import importlib.util
import io
import re
from pathlib import Path
from typing import Any

from services.codes.png import SIGNATURE, Grey, read
from services.kit import Context, Refusal

PICTURE = re.compile(r"\S+\.(?:png|jpe?g|webp|gif|bmp|tiff?)\b", re.IGNORECASE)
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS_DECODED = 40_000_000


def picture(content: bytes) -> Grey:
    """The picture in shades of grey. Refuses what is none that can be read here."""
    if content.startswith(SIGNATURE):
        return read(content)
    if importlib.util.find_spec("PIL") is None:
        raise Refusal('I read PNG pictures; for JPEG and others install the extra: pip install "muos[pictures]".')
    return decoded(content, importlib.import_module("PIL.Image"))  # heavy, and not always there


def decoded(content: bytes, pillow: Any) -> Grey:
    """By Pillow."""
    try:
        image = pillow.open(io.BytesIO(content), formats=("JPEG", "WEBP", "GIF", "BMP", "TIFF"))
        if image.width * image.height > MOST_PIXELS_DECODED:
            raise Refusal("That picture is too large for me.")
        grey = image.convert("L")
    except (OSError, ValueError, SyntaxError):
        raise Refusal("I can't read that as a picture.") from None
    return Grey(grey.width, grey.height, grey.tobytes())


def from_file(ctx: Context, said: str) -> bytes:
    """The file's content: one of this service's own codes, or in a folder that the member opened to it."""
    named = PICTURE.search(said)
    wanted = [Path(one).expanduser() for one in (said.strip(), named[0] if named else said)]
    folders = [Path(str(one)).expanduser() for one in ctx.settings.get("folders") or []]
    roots = [ctx.folder, *folders]
    for choice in (root / path for path in wanted for root in roots):
        resolved = choice.resolve()
        if any(resolved.is_relative_to(root.resolve()) for root in roots) and resolved.is_file():
            return limited(resolved)
    opened = " or ".join(str(folder) for folder in folders)
    where = f"in {opened}" if opened else "anywhere: open a folder with: muos services set codes folders ~/Pictures"
    raise Refusal(f"I find no picture {named[0] if named else said!r} {where}.")


def limited(path: Path) -> bytes:
    """The file's content, if it is not too long."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refusal(f"I can't read {path.name!r}: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise Refusal(f"{path.name!r} is too large for me.")
    return content


def from_inline(text: str) -> bytes:
    """Base64, with or without data:image/png;base64, before it."""
    try:
        return base64.b64decode(re.sub(r"^data:[\w/+.-]*;base64,", "", text.strip()), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("That picture is not in base64.") from None
