"""Serves the page's files, read once into memory.

Must stay true: the page loads nothing from anywhere else and runs no script that is not one of these files; its
Content-Security-Policy says so to the browser.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).resolve().parent
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""no-cache: the browser asks each time, and is told that nothing changed."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    media_type: str
    tag: str


@cache
def files() -> dict[str, File]:
    """Every file of the page by its path below the folder."""
    return {
        path.relative_to(FOLDER).as_posix(): read(path)
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in TYPES and path.is_file()
    }


def read(path: Path) -> File:
    """One file."""
    content = path.read_bytes()
    return File(content, TYPES[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def page(name: str, status: int = 200) -> Response:
    """A whole page."""
    file = files()[name]
    return Response(file.content, status, HEADERS, file.media_type)


@router.get("/")
async def home() -> Response:
    """The page."""
    return page("page.html")


@router.get("/favicon.ico")
async def icon() -> Response:
    """For browsers that ask by this name."""
    return page("icon.svg")


@router.get("/page/{name:path}")
async def asset(request: Request, name: str) -> Response:
    """A file of the page."""
    file = files().get(name)
    if file is None:
        raise HTTPException(404)
    headers = {**HEADERS, "ETag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, 200, headers, file.media_type)
