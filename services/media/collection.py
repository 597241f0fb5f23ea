"""The music collection and its playlists, the order of songs, and places within a song."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from services.kit import Context, Refusal, Reply
from services.kit.moment import lasting
from services.kit.speech import counted, spoken
from services.media import playing
from services.media.declared import SAID, ListName, OneList, Sort, What, act, service
from services.media.playing import player, queue, row, state, thing, told
from services.media.protocol import rows_by

LED = re.compile(r"^.*\b(?:as|called|named)\s+(?:(?:the|a|my)\s+)?(?:playlist\s+)?", re.I)
"""What leads to a name without being of it: "queue as the playlist"."""


@service.tool(
    "read",
    examples=[
        "do we have anything by Miles Davis?",
        "search the music for river",
        "which songs of Queen are there?",
        "is the album Kind of Blue in our collection?",
        "find tracks called home",
        "look for music with piano in the title",
        "what albums have we got by Bach?",
        "have we got the song Imagine?",
    ],
)
def search(ctx: Context, what: What, sort: Sort = None) -> Reply:
    """Search the music collection for songs, albums or artists, without playing them."""
    with player(ctx) as mpd:
        found = playing.search(mpd, what.strip(), sort)
        if not found:
            return Reply(f"I find no music called {what.strip()!r}.", {"songs": []})
        more = f"; and {len(found) - SAID} more" if len(found) > SAID else ""
        said = "; ".join(told(song) for song in found[:SAID])
        return Reply(
            f"{counted(len(found), 'song')}: {said}{more}.",
            {"songs": [row(song) for song in found[:200]]},
            [thing(song) for song in found[:50]],
        )


@service.tool(
    "read",
    examples=[
        "which playlists do we have?",
        "list the playlists",
        "show me all music lists",
        "what's in the playlist dinner?",
        "which songs are on the morning playlist?",
        "how many playlists are saved?",
        "do I have a playlist for running?",
        "contents of the party playlist",
    ],
)
def playlists(ctx: Context, playlist: OneList = None) -> Reply:
    """List the saved playlists, or the songs in one of them."""
    with player(ctx) as mpd:
        names = sorted(playing.playlists(mpd), key=str.casefold)
        if playlist:
            name = existing(names, playlist)
            songs = rows_by(mpd.ask("listplaylistinfo", name), "file")
            said = "; ".join(told(song) for song in songs[:SAID])
            return Reply(
                f"{counted(len(songs), 'song')} in {name}: {said}.",
                {"playlist": name, "songs": [row(s) for s in songs]},
            )
        text = f"{counted(len(names), 'playlist')}: {spoken(names)}." if names else "There are no playlists."
        return Reply(text, {"playlists": names})


def existing(names: list[str], said: str) -> str:
    """The playlist that is meant; refuses where there is none."""
    name = playing.playlist_named(names, said)
    if name is None:
        raise Refusal(f"There is no playlist {said.strip()!r}.{f' There is {spoken(names[:SAID])}.' if names else ''}")
    return name


@service.tool(
    "reversible",
    examples=[
        "save the queue as the playlist evening",
        "make a playlist called road trip from these songs",
        "keep what is in the queue as party",
        "store this music as a playlist named calm",
        "save these tracks under workout",
        "turn the queue into the playlist sunday",
        "remember this list of songs as cooking",
        "create the playlist summer from what's lined up",
    ],
)
def save_playlist(ctx: Context, playlist: ListName) -> Reply:
    """Save the songs of the queue as a playlist under a name."""
    name = LED.sub("", " ".join(playlist.replace("/", " ").split()))
    with player(ctx) as mpd:
        files = [song["file"] for song in queue(mpd)]
        if not files:
            raise Refusal("The queue is empty, so there is nothing to save.")
        former = state(ctx, mpd, f"list:{name}")[f"list:{name}"]
        if not ctx.preview:
            playing.restore_list(mpd, name, files)
            playing.remember(ctx, mpd)
        how = "Replaced" if former is not None else "Saved"
        return Reply(f"{how} the playlist {name} with {counted(len(files), 'song')}.", {"playlist": name})


@service.tool(
    "reversible",
    examples=[
        "delete the playlist evening",
        "remove the road trip playlist",
        "drop the party music list",
        "I don't need the workout playlist any more",
        "get rid of the playlist called calm",
        "erase the sunday playlist",
        "the cooking playlist can go",
        "throw away the summer playlist",
    ],
)
def delete_playlist(ctx: Context, playlist: ListName) -> Reply:
    """Delete a saved playlist."""
    with player(ctx) as mpd:
        name = existing(playing.playlists(mpd), playlist)
        state(ctx, mpd, f"list:{name}")
        if not ctx.preview:
            mpd.ask("rm", name)
            playing.remember(ctx, mpd)
        return Reply(f"Deleted the playlist {name}.", {"playlist": name})


@service.tool(
    "reversible",
    examples=[
        "shuffle the music",
        "turn shuffle off",
        "play in random order",
        "repeat this song",
        "repeat the whole queue",
        "no more repeat",
        "mix up the songs",
        "loop this track",
        "songs in their order again",
    ],
)
def set_order(
    ctx: Context,
    shuffle: Annotated[bool | None, Field(description="In random order, shuffle")] = None,
    repeat: Annotated[
        Literal["off", "song", "all"] | None, Field(description="Repeat the song, the whole queue, or not")
    ] = None,
) -> Reply:
    """Turn shuffle and repeat on or off."""
    if shuffle is None and repeat is None:
        raise Refusal("Shuffle or repeat, on or off?")
    with player(ctx) as mpd:
        state(ctx, mpd, "options")
        said = []
        if shuffle is not None:
            act(ctx, mpd, "random", int(shuffle))
            said.append(f"shuffle is {'on' if shuffle else 'off'}")
        if repeat is not None:
            act(ctx, mpd, "repeat", int(repeat != "off"))
            act(ctx, mpd, "single", int(repeat == "song"))
            said.append({"off": "repeat is off", "song": "this song repeats", "all": "all songs repeat"}[repeat])
        text = spoken(said)
        return Reply(f"{text[:1].upper()}{text[1:]}.", {"shuffle": shuffle, "repeat": repeat})


@service.tool(
    "reversible",
    examples=[
        "jump 30 seconds ahead",
        "go back 10 seconds in the song",
        "rewind a minute",
        "skip ahead 20 seconds",
        "start this song from the beginning",
        "seek to 1 minute 20",
        "wind the track forward by 45 seconds",
        "play the song from 3 minutes on",
    ],
)
def seek(
    ctx: Context,
    duration: Annotated[timedelta, Field(description="How far")] = timedelta(0),
    direction: Annotated[
        Literal["forward", "back", "to"], Field(description="Ahead, back, or to that place in the song")
    ] = "to",
) -> Reply:
    """Go to another place within the song: ahead, back, or to a time of it."""
    if duration:
        lasting(duration)
    with player(ctx) as mpd:
        former = state(ctx, mpd, "playing")["playing"]
        if former["state"] == "stop" or former["song"] is None:
            raise Refusal("Nothing is playing.")
        seconds = duration.total_seconds()
        start = {"forward": float(former["elapsed"] or 0), "back": float(former["elapsed"] or 0)}.get(direction, 0.0)
        place = max(start + (-seconds if direction == "back" else seconds), 0.0)
        act(ctx, mpd, "seekid", former["songid"], f"{place:.3f}")
        return Reply(f"At {playing.length_said(place)}.", {"seconds": place})
