"""What people have set for services: addresses, folders, passwords; for the household or each member.

Must stay true: a value reaches only the service that declares the setting, and a member's own value only calls
made for that member. Secrets lie in the hub's database, readable by whoever can read the home, and are never shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from services.runtime.errors import BadSetting
from services.runtime.manifest import Manifest, Setting

metadata = sa.MetaData()
service_settings = sa.Table(
    "service_settings",
    metadata,
    sa.Column("service", sa.String, primary_key=True),
    sa.Column("member", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
HOUSEHOLD = ""
"""Stands in the place of the member where a setting is everyone's."""
LONGEST = 4_000
"""Characters of a value."""
FOLDERS = 50
FLAGS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


class ServiceSettings:
    """All that was set, kept in memory, stored in the hub's database. Writes block; use them from a thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        metadata.create_all(engine)
        self._values: dict[tuple[str, str, str], Any] = {}
        self._read()

    def _read(self) -> None:
        with self.engine.connect() as db:
            rows = db.execute(sa.select(service_settings)).mappings().all()
        self._values = {(row["service"], row["member"], row["name"]): row["value"] for row in rows}

    def put(self, manifest: Manifest, member: str, name: str, value: Any) -> None:
        """Set it; None takes what was set away. Raises BadSetting."""
        setting = declared(manifest, name)
        key = {"service": manifest.name, "member": owner(setting, member), "name": name}
        checked = None if value is None else check(name, setting, value)
        try:
            with self.engine.begin() as db:
                db.execute(sa.delete(service_settings).filter_by(**key))
                if checked is not None:
                    db.execute(sa.insert(service_settings).values(**key, value=checked))
        except sa.exc.DBAPIError as error:
            raise BadSetting(f"{name} was not set, because MuOS can't write to its home: {error.orig}.") from error
        self._read()

    def forget(self, service: str) -> None:
        """Drop all that was set for a service."""
        with self.engine.begin() as db:
            db.execute(sa.delete(service_settings).where(service_settings.c.service == service))
        self._read()

    def forget_member(self, member: str) -> int:
        """Drop all that a member has set for themselves; how many settings that were."""
        with self.engine.begin() as db:
            count = db.execute(sa.delete(service_settings).where(service_settings.c.member == member)).rowcount
        self._read()
        return count

    def of(self, manifest: Manifest, member: str) -> dict[str, Any]:
        """What a call made for the member is given: values by name, defaults included."""
        found = {}
        for name, setting in manifest.settings.items():
            value = self._values.get((manifest.name, owner(setting, member), name), setting.default)
            if value is not None:
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def every(self, manifest: Manifest, name: str) -> list[Any]:
        """All values of a setting, whoever set them: what a right that it gives covers."""
        values = [value for (service, _, key), value in self._values.items() if (service, key) == (manifest.name, name)]
        setting = manifest.settings.get(name)
        if setting is not None and setting.default is not None:
            values.append(setting.default)
        return values

    def rows(self, manifest: Manifest, member: str) -> list[dict[str, Any]]:
        """Every setting for people to see; of a secret only whether there is one."""
        given = self.of(manifest, member)
        rows = []
        for name, setting in manifest.settings.items():
            was_set = (manifest.name, owner(setting, member), name) in self._values
            shown = None if setting.kind == "secret" else given.get(name)
            rows.append(
                {
                    "name": name,
                    "kind": setting.kind,
                    "about": setting.about,
                    "of": setting.of,
                    "value": shown,
                    "default": setting.default,
                    "set": was_set,
                }
            )
        return rows


def owner(setting: Setting, member: str) -> str:
    """Under whom it is stored."""
    return member if setting.of == "member" else HOUSEHOLD


def declared(manifest: Manifest, name: str) -> Setting:
    """The setting of that name. Raises BadSetting."""
    if name not in manifest.settings:
        there = f"There are: {', '.join(manifest.settings)}." if manifest.settings else "It has none."
        raise BadSetting(f"{manifest.called} has no setting {name!r}. {there}")
    return manifest.settings[name]


def check(name: str, setting: Setting, value: Any) -> Any:
    """The value as it is stored: str, float, bool or list of str. Raises BadSetting."""
    match setting.kind:
        case "flag":
            return as_flag(name, value)
        case "number":
            return as_number(name, value)
        case "folders":
            return as_folders(name, value)
        case "address":
            return as_address(name, as_text(name, value))
    return as_text(name, value)


def as_text(name: str, value: Any) -> str:
    """Text of a sensible length in one line."""
    if not isinstance(value, str) or len(value) > LONGEST or any(ord(c) < 32 for c in value):
        raise BadSetting(f"{name} must be one line of at most {LONGEST} characters.")
    return value.strip()


def as_flag(name: str, value: Any) -> bool:
    """yes or no."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in FLAGS:
        return FLAGS[value.strip().lower()]
    raise BadSetting(f"{name} must be yes or no, not {value!r}.")


def as_number(name: str, value: Any) -> float:
    """A finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadSetting(f"{name} must be a number, not {value!r}.") from None
    if not math.isfinite(number):
        raise BadSetting(f"{name} must be a finite number.")
    return number


def as_address(name: str, value: str) -> str:
    """A URL, or host:port."""
    host, port = host_and_port(value)
    if not host or port is None:
        raise BadSetting(
            f"{name} must be an address such as https://example.org or mail.example.org:993, not {value!r}."
        )
    return value


def as_folders(name: str, value: Any) -> list[str]:
    """Existing folders, resolved."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or len(given) > FOLDERS or not all(isinstance(one, str) for one in given):
        raise BadSetting(f"{name} must be a folder or a list of folders.")
    folders = []
    for one in given:
        folder = Path(as_text(name, one)).expanduser()
        if not folder.is_absolute() or not folder.is_dir():
            raise BadSetting(f"{name}: {one!r} is no folder; give whole paths of folders that exist.")
        folders.append(str(folder.resolve()))
    return folders


SCHEMES = {"http": 80, "https": 443, "mqtt": 1883, "mqtts": 8883, "imap": 143, "imaps": 993, "smtp": 25, "smtps": 465}


def host_and_port(address: str) -> tuple[str, int | None]:
    """What an address setting names: a URL's host and port, or those of `host:port`."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        return parts.hostname or "", parts.port or SCHEMES.get(parts.scheme)
    except ValueError:
        return "", None


class Unset:
    """Settings where nobody can set any: the defaults of the manifests."""

    def forget_member(self, member: str) -> int:
        """Nothing was set."""
        return 0

    def of(self, manifest: Manifest, member: str) -> Mapping[str, Any]:
        """The defaults."""
        values = {name: setting.default for name, setting in manifest.settings.items()}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v is not None}

    def every(self, manifest: Manifest, name: str) -> list[Any]:
        """The default, if there is one."""
        setting = manifest.settings.get(name)
        return [] if setting is None or setting.default is None else [setting.default]
