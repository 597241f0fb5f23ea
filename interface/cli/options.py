"""Options that several commands share."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from interface.logs import log_to
from interface.settings import Settings, read_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Home = Annotated[Path | None, typer.Option("--home", help="The folder that holds all state (also MUOS_HOME).")]
Member = Annotated[str | None, typer.Option("--member", "-m", help="Who speaks.")]
Room = Annotated[str, typer.Option("--room", "-r", help="Where it is said.")]
Model = Annotated[
    str | None, typer.Option("--model", help="A chat model to reason with, by name or folder (also MUOS_MODEL).")
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help="The model's OpenAI-compatible server (also MUOS_BASE_URL).")
]
Now = Annotated[
    str | None,
    typer.Option("--now", help="When it is said, ISO 8601, such as 2026-03-04T09:00:00+01:00; now by default."),
]
EARLIEST, LATEST = 1900, 9000
"""Years between which every clock and calendar can count."""


def settings_for(home: Path | None, model: str | None = None, base_url: str | None = None) -> Settings:
    """Settings from the environment, with the home from the command line; the log goes to that home."""
    settings = read_settings()
    settings = replace(
        settings,
        home=home.expanduser() if home else settings.home,
        model=model or settings.model,
        base_url=base_url or settings.base_url,
    )
    log_to(settings.home)
    return settings


def moment(now: str | None, zone: str) -> datetime:
    """The moment given, or the present one; aware."""
    if now is None:
        return datetime.now(ZoneInfo(zone))
    try:
        given = datetime.fromisoformat(now)
    except ValueError:
        raise typer.BadParameter(
            f"--now must be an ISO 8601 moment such as 2026-03-04T09:00:00+01:00, not {now!r}."
        ) from None
    if not EARLIEST <= given.year <= LATEST:
        raise typer.BadParameter(f"--now must lie between the years {EARLIEST} and {LATEST}, not {now!r}.")
    return given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))
