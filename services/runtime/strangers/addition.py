"""Adding a stranger: its package, its manifest and its rights in a folder of their own.

Must stay true: the folder appears in one step, complete, or not at all; without a word from the person it has no
rights: no network, no folder but its own. That it is there does not mean that it may be called: see approval.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.runtime.manifest import MANIFEST, SETTING, VARIABLE
from services.runtime.strangers.install import Installed, Tell, install
from services.runtime.strangers.source import BadSource, Source

PLACE = "services.d"
DRAFTS = Path("cache") / "adding"
CONFINED = {"GIT_CONFIG_NOSYSTEM": "1"}
"""Variables for programs that would give up where they may not read the system's own settings."""
RESERVED = frozenset({"memory", "muos"})
"""The hub's own tools are called by these names."""
ADDRESS, TOKEN = "MUOS_REMOTE_ADDRESS", "MUOS_REMOTE_TOKEN"
"""The variables that tell the child of a server elsewhere where it is, and what opens it."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
NETWORK = re.compile(r"\*|public|[A-Za-z0-9.:\[\]-]+:\d{1,5}")
SECONDS, START_SECONDS = 60.0, 30.0
MEMORY_MB = 512
REMOTE_SERVER = '''"""Passes on what a server elsewhere offers; its address and token are settings."""

from services.runtime.strangers.remote import main

main()
'''


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person grants it, besides running."""

    name: str = ""
    """What to call it; empty: after its package."""
    read: Sequence[Path] = ()
    write: Sequence[Path] = ()
    network: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added:
    """A stranger that is there, and has yet to be approved."""

    name: str
    folder: Path
    installed: Installed
    settings: Mapping[str, str]
    """What is still to be set: values that must not lie in a file of the folder."""


def add(source: Source, wishes: Wishes, home: Path, taken: Collection[str], tell: Tell) -> Added:
    """Install it and make its folder. Raises BadSource, InstallFailed, OSError; then nothing is left. Blocks."""
    name = free_name(source, wishes, home, taken)
    check_wishes(source, wishes)
    draft = home / DRAFTS / f"{name}.{os.getpid()}"
    draft.mkdir(parents=True)
    try:
        installed = installed_in(source, draft, tell)
        text, settings = manifest_text(name, source, wishes, installed)
        (draft / MANIFEST).write_text(text, encoding="utf-8")
        if source.kind == "remote":
            (draft / "server.py").write_text(REMOTE_SERVER, encoding="utf-8")
        folder = home / PLACE / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Added(name, folder, installed, settings)


def installed_in(source: Source, folder: Path, tell: Tell) -> Installed:
    """The package; or what takes its place where nothing is to be installed."""
    if source.kind in {"npm", "pypi"}:
        return install(source, folder, tell)
    if source.kind == "remote":
        return Installed((), "", f"Passes on what {source.url} offers.")
    program, *words = source.arguments
    rest = [str(Path(word).absolute()) if Path(word).is_file() else word for word in words]
    if program in {"python", "python3"}:
        return Installed((sys.executable, *rest), "")
    found = shutil.which(program)
    if found is None:
        raise BadSource(f"There is no program {program!r} here.")
    return Installed((str(Path(found).absolute()), *rest), "")


def free_name(source: Source, wishes: Wishes, home: Path, taken: Collection[str]) -> str:
    """A name that no other service has. Raises BadSource."""

    def used(name: str) -> bool:
        return name in taken or name in RESERVED or (home / PLACE / name).exists()

    name = wishes.name or source.name
    if not NAME.fullmatch(name):
        raise BadSource(f"{name!r} won't do as a name: small letters, digits and _, such as my_files. Give --name.")
    if not used(name):
        return name
    if wishes.name:
        raise BadSource(f"There is a service {name!r} already; choose another --name.")
    return next(other for number in range(2, 1_000) if not used(other := f"{name[:27]}{number}"))


def check_wishes(source: Source, wishes: Wishes) -> None:
    """Raises BadSource for rights that can't be given."""
    for folder in (*wishes.read, *wishes.write):
        if not folder.is_dir():
            raise BadSource(f"{str(folder)!r} is no folder, so it can't be granted.")
    for right in wishes.network:
        if not NETWORK.fullmatch(right):
            raise BadSource(f"{right!r} is no address to grant: give host:port, or '*' for everything.")
    for name in wishes.environment:
        if not re.fullmatch(VARIABLE, name):
            raise BadSource(f"{name!r} can't be the name of a variable.")
    if source.kind == "remote" and (wishes.read or wishes.write or wishes.network):
        raise BadSource(
            "A server elsewhere reaches no folder and no other address: leave out --read, --write, --network."
        )
    if source.kind == "remote" and wishes.environment.keys() - {"TOKEN"}:
        raise BadSource("A server elsewhere takes one secret: --env TOKEN=…")


def manifest_text(name: str, source: Source, wishes: Wishes, installed: Installed) -> tuple[str, dict[str, str]]:
    """The manifest, and the settings that are to be set apart from it."""
    remote = source.kind == "remote"
    environment = {} if remote else dict(wishes.environment)
    secrets = {setting_name(each, environment): value for each, value in environment.items()}
    tables: dict[str, dict[str, Any]] = {
        "": {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "description": installed.about[:300],
            "version": installed.version or "1",
            "source": source.text,
        },
        "run": {"python": "server.py"} if remote else {"command": list(installed.command)},
        "run.environment": CONFINED | {each: f"{SETTING}{setting_name(each, environment)}" for each in environment},
        "limits": {"seconds": SECONDS, "start_seconds": START_SECONDS, "memory_mb": MEMORY_MB},
        "rights": {
            "network": list(wishes.network),
            "read": [str(folder.resolve()) for folder in wishes.read],
            "write": [str(folder.resolve()) for folder in wishes.write],
        },
    }
    for each in environment:
        about = f"Handed to it as the variable {each}."
        tables[f"settings.{setting_name(each, environment)}"] = {"kind": "secret", "about": about}
    if remote:
        tables["run.environment"] = {ADDRESS: f"{SETTING}address", TOKEN: f"{SETTING}token"}
        tables["rights"] = {"network": [f"{SETTING}address"]}
        tables["settings.address"] = {"kind": "address", "about": "Where the server is."}
        tables["settings.token"] = {"kind": "secret", "about": "The token that the server wants, if it wants one."}
        secrets = {"address": source.url}  # set, and no default: a person named it, so it may be a private one
        secrets |= {"token": wishes.environment["TOKEN"]} if "TOKEN" in wishes.environment else {}
    return "\n".join(line for table, rows in tables.items() for line in table_lines(table, rows)), secrets


def setting_name(variable: str, every: Collection[str]) -> str:
    """The setting behind a variable: its name in small letters, with a number where two would have the same."""
    plain = [each for each in every if each.lower() == variable.lower()]
    name = re.sub(r"^[^a-z]+", "", variable.lower())[:36] or "variable"
    return name if len(plain) < 2 else f"{name}_{plain.index(variable) + 1}"


def table_lines(table: str, rows: Mapping[str, Any]) -> list[str]:
    """A table of TOML; its values are text, numbers and lists of them, which JSON writes alike."""
    if not rows:
        return []
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items()]
    return [f"[{table}]", *lines, ""] if table else [*lines, ""]
