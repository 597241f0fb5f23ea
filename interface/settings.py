"""Settings: read once from the environment and the command line, then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path
from tzlocal import get_localzone_name

DEFAULT_PORT = 8420


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Each field names its environment variable."""

    home: Path = field(default_factory=lambda: Path(user_data_path("muos")))
    """MUOS_HOME: all state lives below it."""
    host: str = "127.0.0.1"
    """MUOS_HOST: anything but loopback needs a token."""
    port: int = DEFAULT_PORT
    """MUOS_PORT"""
    member: str = "owner"
    """MUOS_MEMBER: who speaks when nobody is named."""
    zone: str = "UTC"
    """MUOS_ZONE: IANA time zone; the system's by default."""
    model: str | None = None
    """MUOS_MODEL: name of a chat model, or a folder of safetensors weights; none by default."""
    base_url: str | None = None
    """MUOS_BASE_URL: an OpenAI-compatible server, such as http://127.0.0.1:11434/v1."""
    api_key: str | None = field(default=None, repr=False)
    """MUOS_API_KEY: for that server, if it wants one."""
    services: tuple[Path, ...] = ()
    """MUOS_SERVICES: further folders of services, separated as in PATH."""
    idle: float = 300.0
    """MUOS_IDLE: seconds after which an unused service goes to sleep."""
    record: str | None = field(default=None, repr=False)
    """MUOS_RECORD: a PostgreSQL database for what is remembered, such as postgresql+psycopg://muos@host/muos."""
    vectors: str | None = field(default=None, repr=False)
    """MUOS_VECTORS: a Chroma server for the index of vectors, such as http://host:8000."""
    watch: bool = False
    """MUOS_WATCH: swap a service by itself when its folder changes; for who writes one."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; raises ValueError naming the variable that is wrong."""
    port = environment.get("MUOS_PORT", str(DEFAULT_PORT))
    if not port.isdigit() or not 0 <= int(port) < 65_536:
        raise ValueError(f"MUOS_PORT must be a number from 0 to 65535, not {port!r}.")
    idle = environment.get("MUOS_IDLE", "300")
    try:
        idle_seconds = float(idle)
    except ValueError:
        raise ValueError(f"MUOS_IDLE must be a number of seconds, not {idle!r}.") from None
    home = environment.get("MUOS_HOME")
    return Settings(
        home=Path(home).expanduser() if home else Path(user_data_path("muos")),
        host=environment.get("MUOS_HOST", "127.0.0.1"),
        port=int(port),
        member=environment.get("MUOS_MEMBER", "owner"),
        zone=environment.get("MUOS_ZONE") or get_localzone_name() or "UTC",
        model=environment.get("MUOS_MODEL") or None,
        base_url=environment.get("MUOS_BASE_URL") or None,
        api_key=environment.get("MUOS_API_KEY") or None,
        services=tuple(Path(part) for part in environment.get("MUOS_SERVICES", "").split(os.pathsep) if part),
        idle=idle_seconds,
        record=environment.get("MUOS_RECORD") or None,
        vectors=environment.get("MUOS_VECTORS") or None,
        watch=environment.get("MUOS_WATCH", "").lower() in ("1", "true", "yes", "on"),
    )
