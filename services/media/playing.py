"""The player for one call: what it plays, what is found, what was so before and how that is put back."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from services.kit import Context, Refusal, Thing
from services.kit.outside import before, put_file
from services.kit.speech import spoken_duration
from services.media.protocol import NO_EXIST, PERMISSION, Denied, Player, rows_by

PORT = 6600
QUEUE_KEPT = 2_000
"""Entries of the queue that an undo puts back."""
NAMES = 500
TAGS = {"song": ("title",), "artist": ("artist",), "album": ("album",)}
Song = dict[str, str]
Sort = Literal["song", "artist", "album", "playlist"]


@contextlib.contextmanager
def player(ctx: Context) -> Iterator[Player]:
    """The household's player, for one call."""
    address = str(ctx.settings.get("player") or "")
    if not address:
        raise Refusal("No music player is connected yet. Set its address: muos services set media player HOST:6600")
    parts = urlsplit(address if "://" in address else f"mpd://{address}")
    name = f"The music player {parts.hostname}"
    sock = ctx.connect(parts.hostname or "", parts.port or PORT)
    try:
        found = Player(sock, name)
        if ctx.settings.get("password"):
            found.ask("password", ctx.settings["password"])
        yield found
    except Denied as fault:
        raise Refusal(explained(fault, name)) from None
    finally:
        sock.close()


def explained(fault: Denied, name: str) -> str:
    """A refusal of the player, for people."""
    if fault.number == PERMISSION:
        return f"{name} does not let me do that; set its password."
    if fault.number == 3:
        return f"{name} does not accept the password."
    if fault.number == NO_EXIST:
        return "There is no such thing on the music player."
    return f"{name} refused: {fault}."


def status(mpd: Player) -> dict[str, str]:
    """What it does."""
    return dict(mpd.ask("status"))


def current(mpd: Player) -> Song:
    """The song that it is at; empty for none."""
    return dict(reversed(mpd.ask("currentsong")))


def queue(mpd: Player) -> list[Song]:
    """What is to be played."""
    return rows_by(mpd.ask("playlistinfo"), "file")


def playlists(mpd: Player) -> list[str]:
    """The names of saved playlists."""
    return [value for name, value in mpd.ask("listplaylists") if name == "playlist"]


def state(ctx: Context, mpd: Player, *names: str) -> dict[str, Any]:
    """What is so before this call changes it; `names`: volume, options, playing, queue, or `list:NAME`."""

    def read() -> dict[str, Any]:
        told = status(mpd)
        found: dict[str, Any] = {}
        if "volume" in names:
            found["volume"] = int(told.get("volume", -1))
        if "options" in names:
            found["options"] = {key: told.get(key, "0") for key in ("random", "repeat", "single")}
        if "playing" in names or "queue" in names:
            found["playing"] = {key: told.get(key) for key in ("state", "song", "songid", "elapsed")}
        if "queue" in names:
            found["queue"] = [song["file"] for song in queue(mpd)[:QUEUE_KEPT]]
        for name in names:
            if name.startswith("list:"):
                found[name] = listed(mpd, name.removeprefix("list:"))
        return found

    former: dict[str, Any] = before(ctx, names, read)
    return former


def listed(mpd: Player, name: str) -> list[str] | None:
    """What is in a saved playlist; None where there is none."""
    try:
        return [value for key, value in mpd.ask("listplaylist", name) if key == "file"]
    except Denied as fault:
        if fault.number == NO_EXIST:
            return None
        raise


def put_back(ctx: Context, was: dict[str, Any]) -> None:
    """Undo."""
    with player(ctx) as mpd:
        state(ctx, mpd, *was)
        if ctx.preview:
            return
        if was.get("volume", -1) >= 0:
            mpd.ask("setvol", was["volume"])
        for name, value in was.get("options", {}).items():
            mpd.ask(name, value)
        if "queue" in was:
            mpd.all([("clear",), *(("add", file) for file in was["queue"])])
        if "playing" in was:
            restore_playing(mpd, was["playing"], same="queue" not in was)
        for name, files in was.items():
            if name.startswith("list:"):
                restore_list(mpd, name.removeprefix("list:"), files)


def restore_playing(mpd: Player, playing: dict[str, str | None], same: bool) -> None:
    """Go back to the song and the place in it, playing or not. `same`: the queue was not made anew."""
    if playing["state"] == "stop" or playing["song"] is None:
        mpd.ask("stop")
        return
    where = ("seekid", playing["songid"]) if same else ("seek", playing["song"])
    mpd.ask(*where, playing["elapsed"] or 0)
    mpd.ask("pause", 1 if playing["state"] == "pause" else 0)


def restore_list(mpd: Player, name: str, files: Sequence[str] | None) -> None:
    """A saved playlist as it was; None: there was none."""
    with contextlib.suppress(Denied):
        mpd.ask("rm", name)
    if files:
        mpd.all([("playlistadd", name, file) for file in files])


def search(mpd: Player, said: str, sort: Sort | None = None, artist: str = "") -> list[Song]:
    """Songs that fit, those of an artist or album of exactly that name first."""
    led = re.match(r"^(?:some |the )?(?:music|songs?|tracks?|something) (?:by|of|from)\s+(.+)$", said, re.I)
    if led:
        said, sort = led[1], "artist"
    split = re.match(r"^(.+?)\s+by\s+(.+)$", said, re.I)
    tags = {"song": ("title",), "artist": ("artist",), "album": ("album",)}.get(
        sort or "", ("artist", "album", "title")
    )
    if split and not artist and sort != "artist":
        found = search(mpd, split[1], sort, split[2])
        if found:
            return found
    for command in ("find", "search"):
        for tag in tags:
            songs = rows_by(mpd.ask(command, tag, said), "file")
            songs = [song for song in songs if artist.casefold() in song.get("artist", "").casefold()]
            if songs:
                return songs
    if sort:
        return []
    words = [part for word in said.split() for part in ("any", word)]
    return rows_by(mpd.ask("search", *words), "file") if words else []


def playlist_named(names: Sequence[str], said: str) -> str | None:
    """The saved playlist that is meant."""
    wanted = re.sub(r"^(?:(?:the|my|our)\s+)?(?:playlist\s+)?|\s+playlist$", "", said.strip(), flags=re.I).casefold()
    exact = [name for name in names if name.casefold() == wanted]
    return exact[0] if exact else next((name for name in names if wanted and wanted in name.casefold()), None)


def told(song: Song) -> str:
    """Title by artist; else its file."""
    title = song.get("title") or song.get("name") or song.get("file", "something").rsplit("/", 1)[-1]
    return f"{title} by {song['artist']}" if song.get("artist") else title


def row(song: Song) -> dict[str, str]:
    """For programs."""
    return {key: song[key] for key in ("file", "title", "artist", "album", "track", "duration", "pos") if key in song}


def thing(song: Song) -> Thing:
    """The song as something that "it" may mean."""
    return Thing("song", song.get("title") or song.get("file", ""), song.get("file", ""), within=song.get("artist"))


def length_said(seconds: float) -> str:
    """1 minute and 20 seconds."""
    return spoken_duration(timedelta(seconds=round(seconds)))


def remember(ctx: Context, mpd: Player) -> None:
    """Keep the names of playlists and artists in a file that may be lost."""
    artists = [value for name, value in mpd.ask("list", "artist") if name == "artist" and value]
    content = json.dumps({"playlist": playlists(mpd)[:NAMES], "artist": artists[:NAMES]}).encode()
    file = ctx.folder / "known.json"
    if not file.is_file() or file.read_bytes() != content:
        put_file(file, content)


def known(ctx: Context) -> dict[str, list[str]]:
    """The names as they were last seen."""
    try:
        found: dict[str, list[str]] = json.loads((ctx.folder / "known.json").read_text())
    except (OSError, ValueError):
        return {}
    return found
