"""A service's manifest, `service.toml`, and how services are found: a folder that has one is a service.

Must stay true: a bad manifest is one clear sentence about one service; all others are found as before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.runtime.errors import BadManifest

MANIFEST = "service.toml"
MANIFEST_LIMIT = 64 * 1024
"""Bytes; a longer one is refused unread."""
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
SETTING = "setting:"
"""Begins a right that is given by what a person set."""


class Table(BaseModel):
    """A table of the manifest: unknown keys are refused, so that a slip of the pen is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(Table):
    """How its process is started: exactly one of the two."""

    python: str | None = None
    """A Python file in the folder, run as a script in a child of the template process."""
    command: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Any MCP server that speaks over its standard input and output; run in the folder."""
    environment: Annotated[dict[Annotated[str, Field(pattern=VARIABLE)], str], Field(max_length=50)] = {}
    """Variables that it finds in its environment: `setting:NAME` for the household's, else the value itself."""

    @model_validator(mode="after")
    def one_of_the_two(self) -> Self:
        """Neither and both are mistakes."""
        if (self.python is None) == (self.command is None):
            raise ValueError('give either python = "server.py" or command = [...]')
        return self


class Limits(Table):
    """What it may take."""

    seconds: Annotated[float, Field(gt=0, le=3600)] = 10.0
    """A call that takes longer is given up, and the process replaced."""
    start_seconds: Annotated[float, Field(gt=0, le=600)] = 10.0
    """From its start until it lists its tools."""
    memory_mb: Annotated[int, Field(ge=64, le=1_000_000)] = 256
    """Private memory of the process, what the template shares with it included."""
    concurrent: Annotated[int, Field(ge=1, le=256)] = 4
    """Calls in flight at once; further ones wait in the hub."""
    open_files: Annotated[int, Field(ge=32, le=65_536)] = 256
    """Files, pipes and connections that a process of it may have open."""
    processes: Annotated[int, Field(ge=0, le=4_096)] | None = None
    """Processes and threads of a command: 128 where nothing is said. A Python service has none but its own: 0."""
    disk_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 512
    """What its data folder may hold; at this it is stopped until there is room again."""
    cpu_seconds: Annotated[int, Field(ge=10, le=1_000_000)] = 1_800
    """Processor time of one process; one that has used it up is replaced."""


class Rights(Table):
    """What it may reach beyond its own folder; nothing by itself."""

    network: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """`public` (any public address, ports 80 and 443), `host:port`, `setting:NAME`, or `*`: anything at all."""
    read: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """Folders that it may read: absolute, beginning with `~/`, or `setting:NAME`."""
    write: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """Folders that it may change; they may be read too."""
    tools: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """Reads of other services that it may call: names of the registry, or `places_*`."""

    @property
    def settings(self) -> frozenset[str]:
        """The settings that give rights."""
        entries = (*self.network, *self.read, *self.write)
        return frozenset(entry.removeprefix(SETTING) for entry in entries if entry.startswith(SETTING))


class Setting(Table):
    """Something that people may set for a service."""

    kind: Literal["text", "number", "flag", "address", "folders", "secret"] = "text"
    """address: a URL or host:port; folders: a list of paths; secret: never shown again."""
    about: Annotated[str, Field(max_length=300)] = ""
    """One sentence for people."""
    default: str | bool | float | tuple[str, ...] | None = None
    of: Literal["household", "member"] = "household"
    """Whose it is: one for all, or each member's own."""


class Manifest(Table):
    """What a service says about itself."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    """Unique; its tools are called `<name>_<tool>`."""
    title: Annotated[str, Field(max_length=80)] = ""
    """For people; the name with a capital where it is left out."""
    description: Annotated[str, Field(max_length=1_000)] = ""
    version: str = "1"
    run: Run
    limits: Limits = Limits()
    rights: Rights = Rights()
    source: Annotated[str, Field(max_length=2_000)] = ""
    """The command or address that someone else's server was added by; one that has it runs only as approved."""
    settings: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Setting] = {}
    folder: Path
    """Where it was found; not in the file."""

    @model_validator(mode="after")
    def settings_exist(self) -> Self:
        """A right that a setting gives needs the setting."""
        if unknown := sorted(self.at_birth - self.settings.keys()):
            raise ValueError(f"its rights or environment name {unknown[0]!r}, which is no setting")
        return self

    @property
    def at_birth(self) -> frozenset[str]:
        """The settings that a process is given at its start and not with each call."""
        given = (value for value in self.run.environment.values() if value.startswith(SETTING))
        return self.rights.settings | {value.removeprefix(SETTING) for value in given}

    @property
    def stranger(self) -> bool:
        """Whether someone else wrote it."""
        return bool(self.source)

    @property
    def called(self) -> str:
        """Its name in sentences for people."""
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Broken:
    """A service folder that can't be used."""

    name: str
    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The services in some folders, by name."""

    manifests: tuple[Manifest, ...]
    broken: tuple[Broken, ...]


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest. Raises BadManifest."""
    file = folder / MANIFEST
    try:
        if file.stat().st_size > MANIFEST_LIMIT:
            raise BadManifest(f"{file} is longer than {MANIFEST_LIMIT} bytes.")
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        manifest = Manifest.model_validate({**values, "folder": folder.resolve()})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise BadManifest(f"{file}: {where}: {fault['msg']}.") from error
    except (OSError, ValueError) as error:
        raise BadManifest(f"{file} can't be read: {error}") from error
    if manifest.run.python is not None and not (folder / manifest.run.python).is_file():
        raise BadManifest(f"{file}: run.python names {manifest.run.python!r}, which is not there.")
    return manifest


def find_services(folders: Iterable[Path]) -> Found:
    """Every service in the folders, or that one of them is; of two with one name the first counts."""
    manifests: dict[str, Manifest] = {}
    broken: list[Broken] = []
    for folder in [service for place in folders for service in service_folders(place)]:
        try:
            manifest = read_manifest(folder)
            if manifest.name in manifests:
                raise BadManifest(
                    f"{folder} calls itself {manifest.name!r}, as does {manifests[manifest.name].folder}."
                )
            manifests[manifest.name] = manifest
        except BadManifest as error:
            broken.append(Broken(folder.name, folder, str(error)))
    return Found(tuple(manifests.values()), tuple(broken))


def service_folders(place: Path) -> list[Path]:
    """The folder itself if it has a manifest, else those right below it that have one."""
    if (place / MANIFEST).exists():
        return [place]
    try:
        return sorted(file.parent for file in place.glob(f"*/{MANIFEST}"))
    except OSError:
        return []
