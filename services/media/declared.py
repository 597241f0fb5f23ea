"""The service itself, and what its tools share."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit import Context, Service
from services.media import playing
from services.media.protocol import Player

service = Service(__file__)

What = Annotated[
    str,
    Field(
        description="What to look for: a song, an album, an artist",
        min_length=1,
        max_length=300,
        json_schema_extra={"x-fill": "rest"},
    ),
]
Sort = Annotated[playing.Sort | None, Field(description="What it is the name of, if that was said")]
ListName = Annotated[
    str,
    Field(description="Name of the playlist", min_length=1, max_length=100, json_schema_extra={"x-kind": "playlist"}),
]
OneList = Annotated[
    str | None,
    Field(description="Only what is in this one", max_length=100, json_schema_extra={"x-kind": "playlist"}),
]
SAID = 6
LOOK_AGAIN = timedelta(hours=6)
STEP = 10
ADDED_AT_MOST = 1_000


def act(ctx: Context, mpd: Player, *command: object) -> None:
    """One command, unless this is only a preview."""
    if not ctx.preview:
        mpd.ask(str(command[0]), *command[1:])
