"""Around the media service: a real MPD without a sound card, and a small collection of silent songs."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from services.kit import Refusal
from services.media.protocol import Player

MPD = shutil.which("mpd")
START_SECONDS = 20.0
SONGS = (
    ("Nina Simone", "Pastel Blues", "Sinnerman"),
    ("Nina Simone", "Pastel Blues", "Strange Fruit"),
    ("John Coltrane", "Blue Train", "Blue Train"),
    ("John Coltrane", "Blue Train", "Lazy Bird"),
    ("Los Ríos", "Agua", "Río Abajo"),
    ("Mary River", "Agua", "River"),
)
SECONDS = 60


def tag(name: str, text: str) -> bytes:
    """A frame of ID3v2.3 in UTF-16."""
    content = b"\x01" + text.encode("utf-16")
    return name.encode() + len(content).to_bytes(4, "big") + b"\0\0" + content


def silent(artist: str, album: str, title: str) -> bytes:
    """An MP3 of silence with its names: MPEG 1 layer III, 32 kbit/s, 44.1 kHz, mono."""
    frames = tag("TPE1", artist) + tag("TALB", album) + tag("TIT2", title)
    size = bytes((len(frames) >> shift) & 127 for shift in (21, 14, 7, 0))
    frame = b"\xff\xfb\x10\xc4" + bytes(100)
    return b"ID3\x03\0\0" + size + frames + frame * int(SECONDS * 44_100 / 1_152)


@contextmanager
def mpd(folder: Path, more: str = "") -> Iterator[int]:
    """A running player that knows all songs; its port. Skips where MPD is not installed."""
    if MPD is None:
        pytest.skip("MPD is not installed here")
    music = folder / "music"
    (folder / "playlists").mkdir(parents=True)
    for artist, album, title in SONGS:
        (music / artist / album).mkdir(parents=True, exist_ok=True)
        (music / artist / album / f"{title}.mp3").write_bytes(silent(artist, album, title))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = folder / "mpd.conf"
    settings.write_text(
        f'music_directory "{music}"\nplaylist_directory "{folder / "playlists"}"\ndb_file "{folder / "db"}"\n'
        f'state_file "{folder / "state"}"\nlog_file "/dev/null"\nbind_to_address "127.0.0.1"\nport "{port}"\n'
        f'audio_output {{\n type "null"\n name "silence"\n mixer_type "null"\n}}\n{more}\n'
    )
    process = subprocess.Popen(
        [MPD, "--no-daemon", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers and has read all songs."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "MPD ended"
        with suppress(OSError, Refusal), socket.create_connection(("127.0.0.1", port), 1) as sock:
            player = Player(sock, "MPD")
            with suppress(Exception):  # with a password set, it tells nothing more to strangers
                told = dict(player.ask("status")) | dict(player.ask("stats"))
                if "updating_db" in told or int(told["songs"]) < len(SONGS):
                    time.sleep(0.05)
                    continue
            return
        time.sleep(0.05)
    raise AssertionError("MPD does not start")


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The player."""
    with mpd(folder / "mpd") as port:
        yield {"player": f"127.0.0.1:{port}"}
