"""Music: what plays, how loud, what comes next, and the playlists, on the household's music player."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import Alert, Context, Refusal, Reply
from services.kit.speech import counted
from services.media import collection, playing
from services.media.declared import ADDED_AT_MOST, LOOK_AGAIN, SAID, STEP, Sort, What, act, service
from services.media.playing import Song, current, player, queue, row, state, status, thing, told
from services.media.protocol import Player


@service.tool(
    "reversible",
    examples=[
        "play some music by Nina Simone",
        "play the album Blue Train",
        "put on the playlist dinner",
        "I want to hear Moon River",
        "play Bach",
        "start the morning playlist",
        "I'd like to listen to Queen",
        "play Yesterday by The Beatles",
        "put on Kind of Blue",
        "could you play the song Hallelujah",
    ],
)
def play(ctx: Context, what: What, sort: Sort = None) -> Reply:
    """Play a song, an album, an artist or a playlist at once, in the place of what is in the queue."""
    with player(ctx) as mpd:
        songs, said = chosen(mpd, what, sort)
        state(ctx, mpd, "queue")
        if not ctx.preview:
            mpd.all([("clear",), *(("add", song["file"]) for song in songs), ("play", 0)])
        return Reply(
            f"Playing {said}.", {"songs": [row(song) for song in songs[:50]]}, [thing(song) for song in songs[:50]]
        )


def chosen(mpd: Player, what: str, sort: playing.Sort | None) -> tuple[list[Song], str]:
    """The songs that are meant, and how they are called; refuses where there are none."""
    name = playing.playlist_named(playing.playlists(mpd), what) if sort in {None, "playlist"} else None
    lists = sort == "playlist" or "playlist" in what.casefold()
    if name and (lists or name.casefold() == what.strip().casefold()):
        files = playing.listed(mpd, name) or []
        if not files:
            raise Refusal(f"The playlist {name} is empty.")
        return [{"file": file} for file in files[:ADDED_AT_MOST]], f"the playlist {name}"
    if sort == "playlist":
        raise Refusal(f"There is no playlist {what.strip()!r}.")
    songs = playing.search(mpd, what.strip(), sort)[:ADDED_AT_MOST]
    if not songs:
        raise Refusal(f"I find no music called {what.strip()!r}.")
    if len(songs) == 1:
        return songs, told(songs[0])
    artists, albums = ({song.get(key, "") for song in songs} for key in ("artist", "album"))
    by = f" by {artists.pop()}" if len(artists) == 1 and "" not in artists else ""
    album = f" from {albums.pop()}" if len(albums) == 1 and "" not in albums else ""
    return songs, f"{counted(len(songs), 'song')}{album}{by}"


@service.tool(
    "reversible",
    examples=[
        "add Moon River to the queue",
        "play Hallelujah next in line, after this one",
        "queue up the album Blue Train",
        "put something by Bach at the end of the queue",
        "enqueue Yesterday",
        "afterwards play some Nina Simone",
        "line up the dinner playlist as well",
        "append a song by Queen to what is playing",
    ],
)
def enqueue(ctx: Context, what: What, sort: Sort = None) -> Reply:
    """Add a song, an album or an artist at the end of the music queue, leaving on what plays."""
    with player(ctx) as mpd:
        songs, said = chosen(mpd, what, sort)
        former = state(ctx, mpd, "queue")["queue"]
        if not ctx.preview:
            there = len(queue(mpd))
            again = [("delete", f"{len(former)}:")] if there > len(former) else []  # a call that is made again
            mpd.all([*again, *(("add", song["file"]) for song in songs)])
        return Reply(f"Added {said} to the queue.", {"songs": [row(song) for song in songs[:50]]})


@service.tool(
    "reversible",
    examples=[
        "pause the music",
        "hold the song",
        "quiet for a moment, pause",
        "stop playing for now, I'll go on later",
        "music on pause please",
        "pause playback",
        "halt the track",
        "hush, pause that",
    ],
)
def pause(ctx: Context) -> Reply:
    """Pause the music; it can go on from the same place."""
    with player(ctx) as mpd:
        if status(mpd).get("state") != "play":
            raise Refusal("Nothing is playing.")
        state(ctx, mpd, "playing")
        act(ctx, mpd, "pause", 1)
        return Reply("Paused.", {"state": "pause"})


@service.tool(
    "reversible",
    examples=[
        "resume the music",
        "go on playing",
        "continue the song",
        "unpause",
        "continue playing the music",
        "music on again",
        "play on",
        "carry on with the music",
    ],
)
def resume(ctx: Context) -> Reply:
    """Go on with the music that was paused or stopped."""
    with player(ctx) as mpd:
        if not queue(mpd):
            raise Refusal("There is nothing in the queue. Say what to play.")
        state(ctx, mpd, "playing")
        act(ctx, mpd, *(("pause", 0) if status(mpd).get("state") == "pause" else ("play",)))
        song = current(mpd)
        return Reply(f"Playing {told(song)}." if song else "Playing.", {"state": "play"}, [thing(song)] if song else [])


@service.tool(
    "reversible",
    examples=[
        "stop the music",
        "turn the music off",
        "no more music",
        "end playback",
        "enough music for today",
        "silence the player",
        "switch off the songs",
        "stop the player",
    ],
)
def stop(ctx: Context) -> Reply:
    """Stop the music."""
    with player(ctx) as mpd:
        state(ctx, mpd, "playing")
        act(ctx, mpd, "stop")
        return Reply("Stopped the music.", {"state": "stop"})


@service.tool(
    "reversible",
    examples=[
        "next song",
        "skip this track",
        "play the next one",
        "I don't like this song, skip it",
        "forward to the following track",
        "another song please",
        "skip",
        "go to the next title",
    ],
)
def next_(ctx: Context) -> Reply:
    """Skip to the next song."""
    return skip(ctx, "next", "That was the last song.")


@service.tool(
    "reversible",
    examples=[
        "previous song",
        "play the last track again",
        "go back one song",
        "play the previous song",
        "back to the previous title",
        "once more the one from before",
        "skip back",
        "return to the earlier track",
    ],
)
def previous(ctx: Context) -> Reply:
    """Go back to the song before."""
    return skip(ctx, "previous", "There is no song before this one.")


def skip(ctx: Context, command: str, end: str) -> Reply:
    """To another song; a call that is made again skips no further."""
    with player(ctx) as mpd:
        if status(mpd).get("state") == "stop":
            raise Refusal("Nothing is playing.")
        former = state(ctx, mpd, "playing")["playing"]
        if not ctx.preview and status(mpd).get("songid") == former["songid"]:
            mpd.ask(command)
        song = current(mpd)
        if status(mpd).get("state") == "stop":
            return Reply(end, {"state": "stop"})
        return Reply(f"Now {told(song)}.", {"song": row(song)}, [thing(song)])


@service.tool(
    "reversible",
    examples=[
        "set the music volume to 40 percent",
        "music at half volume",
        "volume 25",
        "put the player's volume at 60",
        "full volume for the music",
        "mute the music",
        "volume to zero",
        "sound level 35 percent please",
    ],
)
def set_volume(ctx: Context, volume: Annotated[int, Field(description="How loud, in percent", ge=0, le=100)]) -> Reply:
    """Set the volume of the music to a level."""
    return to_volume(ctx, lambda _now: volume)


@service.tool(
    "reversible",
    examples=[
        "turn the music up",
        "louder please",
        "a bit quieter",
        "turn the volume down by 20",
        "the music is too loud",
        "I can hardly hear the song",
        "turn it down a little",
        "raise the volume a little",
    ],
)
def change_volume(
    ctx: Context,
    direction: Annotated[Literal["up", "down"], Field(description="Louder is up, quieter is down")],
    by: Annotated[int, Field(description="By how many percent", ge=1, le=100)] = STEP,
) -> Reply:
    """Make the music louder or quieter."""
    return to_volume(ctx, lambda now: now + (by if direction == "up" else -by))


def to_volume(ctx: Context, reckon: Any) -> Reply:
    """Set the volume, reckoned from what it was before the call."""
    with player(ctx) as mpd:
        if int(status(mpd).get("volume", -1)) < 0:
            raise Refusal("The music player has no volume to set.")
        level = min(max(reckon(state(ctx, mpd, "volume")["volume"]), 0), 100)
        act(ctx, mpd, "setvol", level)
        return Reply(f"The volume is {level} percent.", {"volume": level})


@service.tool(
    "read",
    examples=[
        "what's playing?",
        "which song is this?",
        "who sings that?",
        "what is the name of this track?",
        "how loud is the music?",
        "is music on right now?",
        "from which album is this song?",
        "how long does this song still last?",
    ],
)
def now_playing(ctx: Context) -> Reply:
    """Say which song is playing, by whom, how far it is and how loud."""
    with player(ctx) as mpd:
        is_, song = status(mpd), current(mpd)
        data = {"state": is_.get("state"), "volume": int(is_.get("volume", -1)), "song": row(song)}
        if not song or is_.get("state") == "stop":
            return Reply("Nothing is playing.", data)
        album = f", from {song['album']}" if song.get("album") else ""
        paused = " It is paused." if is_.get("state") == "pause" else ""
        left = float(is_.get("duration", 0)) - float(is_.get("elapsed", 0))
        more = f" {playing.length_said(left)} to go." if left > 1 else ""
        return Reply(f"{told(song)}{album}.{paused}{more}", {**data, "elapsed": is_.get("elapsed")}, [thing(song)])


@service.tool(
    "read",
    examples=[
        "what's in the music queue?",
        "which songs come next?",
        "show the queue",
        "what will be played after this?",
        "how many songs are still in line?",
        "list the upcoming tracks",
        "read me the play queue",
        "what's up next?",
    ],
)
def show_queue(ctx: Context) -> Reply:
    """List the songs that are in the queue."""
    with player(ctx) as mpd:
        songs, at = queue(mpd), int(status(mpd).get("song", 0))
        if not songs:
            return Reply("The queue is empty.", {"songs": []})
        coming = songs[at + 1 :]
        said = f": {'; '.join(told(song) for song in coming[:SAID])}" if coming else ""
        text = f"{counted(len(songs), 'song')} in the queue, {len(coming)} to come{said}."
        return Reply(
            text, {"songs": [row(song) for song in songs[:200]], "at": at}, [thing(song) for song in coming[:50]]
        )


@service.tool(
    "reversible",
    examples=[
        "clear the music queue",
        "empty the queue",
        "remove all songs that are lined up",
        "forget what was to be played",
        "start with an empty queue",
        "throw out the whole play queue",
        "delete everything from the music queue",
        "wipe the upcoming songs",
    ],
)
def clear_queue(ctx: Context) -> Reply:
    """Empty the music queue, which also stops the music."""
    with player(ctx) as mpd:
        former = state(ctx, mpd, "queue")["queue"]
        act(ctx, mpd, "clear")
        return Reply(f"Removed {counted(len(former), 'song')} from the queue.", {"removed": len(former)})


@service.undoing
def put_back(ctx: Context, was: Any) -> None:
    """What was so before."""
    playing.put_back(ctx, was)


@service.shared_names
def known(ctx: Context) -> dict[str, list[str]]:
    """Playlists and artists as they were last seen."""
    return playing.known(ctx)


def next_look(ctx: Context) -> datetime | None:
    """When to look for new playlists and artists."""
    return ctx.now + LOOK_AGAIN if ctx.settings.get("player") else None


@service.due(next_look)
def due(ctx: Context) -> list[Alert]:
    """Look which playlists and artists there are, so that requests can name them; nothing is told."""
    try:
        with player(ctx) as mpd:
            playing.remember(ctx, mpd)
    except Refusal:
        return []  # not set up, or not there now: a request for music will say so
    return []


__all__ = ["collection", "service"]  # collection declares the other tools

if __name__ == "__main__":
    service.run()
