"""The services of the fault campaign: real ones, made with the kit, whose tools do their work and, if asked, harm.

Must stay true: `mark` writes each number with a row of its own and nothing stops it from writing one twice but the
runtime's promise, so that what was lost or doubled is seen in the database afterwards.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

SECONDS = 1.5
"""A call that takes longer is given up."""
MEMORY_MB = 160
DISK_MB = 12
CODE = '''
"""Numbers in a table, and ways to do harm."""
import os, stat, time
from services.kit import Context, Reply, Service

VERSION = {version}
service = Service(__file__, tables="CREATE TABLE IF NOT EXISTS mark(id INTEGER PRIMARY KEY, number INTEGER);")
leaked = []


@service.tool("reversible")
def mark(ctx: Context, number: int, naps_ms: int = 0) -> Reply:
    """Write a number down."""
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    time.sleep(naps_ms / 1000)
    return Reply(f"Marked {{number}}.", {{"number": number, "version": VERSION}})


@service.tool("read")
def double(ctx: Context, number: int) -> Reply:
    """Look at the table, and say twice the number."""
    ctx.db.execute("SELECT count(*) FROM mark").fetchone()
    return Reply(f"{{2 * number}}", {{"number": 2 * number, "version": VERSION}})


@service.tool("reversible")
def leak(ctx: Context, number: int) -> Reply:
    """Write a number down, and keep memory for good."""
    leaked.append(os.urandom(1024) * 40_000)
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    return Reply("Leaked.", {{"number": number}})


@service.tool("reversible")
def babble(ctx: Context, number: int) -> Reply:
    """Write a number down, and garbage to wherever the answers may go."""
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    for at in range(1, 64):
        try:
            if stat.S_ISSOCK(os.fstat(at).st_mode):
                os.write(at, b"\\xff\\xfe not json {{]\\n" * 60)
        except OSError:
            pass
    return Reply("Babbled.", {{"number": number}})


@service.tool("reversible")
def late(ctx: Context, number: int) -> Reply:
    """Write a number down, and answer too late the first time."""
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    again = ctx.folder / "tmp" / f"late{{number}}"
    if not again.exists():
        again.touch()
        time.sleep({late})
    return Reply("Late.", {{"number": number}})


@service.tool("reversible")
def stray(ctx: Context, number: int) -> Reply:
    """Write a number down, and try to leave processes behind."""
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    left = 0
    for _ in range(3):
        try:
            if os.fork() == 0:
                os.setsid()
                time.sleep(3600)
                os._exit(0)
            left += 1
        except OSError:
            pass
    return Reply("Strayed.", {{"number": number, "left": left}})


@service.tool("reversible")
def fill(ctx: Context, number: int) -> Reply:
    """Write a number down, and the disk full."""
    ctx.db.execute("INSERT INTO mark(number) VALUES(?)", (number,))
    for each in range(3):
        try:
            (ctx.folder / "tmp").mkdir(exist_ok=True)
            with open(ctx.folder / "tmp" / f"fill{{number}}.{{each}}", "wb") as file:
                file.write(bytes({disk} * 1024 * 1024 // 2))
        except OSError:
            break
    return Reply("Filled.", {{"number": number}})


service.run()
'''
BROKEN = ("def f(:", "raise SystemExit(3)", "from services.kit import Service\nService(__file__).run()")
"""Versions that a swap must refuse: they don't parse, don't start, or have no tools."""


def code(version: int) -> str:
    """A version that works."""
    return CODE.format(version=version, late=SECONDS * 2, disk=DISK_MB)


def make(folder: Path, name: str) -> Path:
    """A service folder."""
    place = folder / name
    place.mkdir(parents=True)
    write(place, code(1))
    (place / "service.toml").write_text(
        f'name = "{name}"\n[run]\npython = "server.py"\n'
        f"[limits]\nseconds = {SECONDS}\nmemory_mb = {MEMORY_MB}\ndisk_mb = {DISK_MB}\nstart_seconds = 10\n"
    )
    return place


def write(place: Path, text: str) -> None:
    """Put a version in place in one step."""
    draft = place / "server.py.part"
    draft.write_text(text)
    draft.replace(place / "server.py")


def marked(home: Path, name: str) -> Counter[int]:
    """How often each number is in the service's database."""
    with sqlite3.connect(home / "services" / name / "data.sqlite") as db:
        return Counter(number for (number,) in db.execute("SELECT number FROM mark"))
