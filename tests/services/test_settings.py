"""What people set for services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.runtime.errors import BadManifest, BadSetting
from services.runtime.manifest import Manifest, read_manifest
from services.runtime.settings import ServiceSettings, host_and_port

MANIFEST = """
name = "sample"
[run]
python = "server.py"
[rights]
network = ["setting:address"]
[settings.address]
kind = "address"
default = "https://example.org"
[settings.folders]
kind = "folders"
[settings.password]
kind = "secret"
of = "member"
[settings.limit]
kind = "number"
[settings.loud]
kind = "flag"
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return write(tmp_path, MANIFEST)


def write(folder: Path, text: str) -> Manifest:
    (folder / "server.py").touch()
    (folder / "service.toml").write_text(text)
    return read_manifest(folder)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield engine
    engine.dispose()


def test_a_setting_has_its_default_until_it_is_set(manifest: Manifest, engine: sa.Engine) -> None:
    settings = ServiceSettings(engine)
    assert settings.of(manifest, "owner") == {"address": "https://example.org"}
    settings.put(manifest, "owner", "address", "http://127.0.0.1:8080")
    assert settings.of(manifest, "anna")["address"] == "http://127.0.0.1:8080"
    settings.put(manifest, "anna", "address", None)
    assert settings.of(manifest, "owner")["address"] == "https://example.org"


def test_a_members_own_setting_is_given_to_that_member_alone(manifest: Manifest, engine: sa.Engine) -> None:
    settings = ServiceSettings(engine)
    settings.put(manifest, "anna", "password", "hunter2")
    assert settings.of(manifest, "anna")["password"] == "hunter2"
    assert "password" not in settings.of(manifest, "bob")


def test_settings_outlive_the_process(manifest: Manifest, engine: sa.Engine) -> None:
    ServiceSettings(engine).put(manifest, "owner", "limit", "12.5")
    assert ServiceSettings(engine).of(manifest, "owner")["limit"] == 12.5


def test_a_right_covers_every_value_that_anyone_set(manifest: Manifest, engine: sa.Engine) -> None:
    settings = ServiceSettings(engine)
    settings.put(manifest, "owner", "address", "https://weather.example:8443")
    assert settings.every(manifest, "address") == ["https://weather.example:8443", "https://example.org"]


def test_a_secret_is_never_shown(manifest: Manifest, engine: sa.Engine) -> None:
    settings = ServiceSettings(engine)
    settings.put(manifest, "owner", "password", "hunter2")
    assert "hunter2" not in str(settings.rows(manifest, "owner"))
    assert [row["set"] for row in settings.rows(manifest, "owner") if row["name"] == "password"] == [True]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("address", "nonsense", "must be an address"),
        ("address", "http://host:notaport", "must be an address"),
        ("address", "two\nlines", "one line"),
        ("limit", "many", "must be a number"),
        ("limit", "nan", "finite"),
        ("loud", "perhaps", "yes or no"),
        ("folders", "/no/such/folder", "no folder"),
        ("folders", "relative", "no folder"),
        ("wings", "2", "has no setting 'wings'"),
    ],
)
def test_what_will_not_do_is_refused(manifest: Manifest, engine: sa.Engine, name: str, value: Any, says: str) -> None:
    settings = ServiceSettings(engine)
    before = settings.of(manifest, "owner")
    with pytest.raises(BadSetting, match=says):
        settings.put(manifest, "owner", name, value)
    assert settings.of(manifest, "owner") == before


def test_folders_are_kept_resolved(manifest: Manifest, engine: sa.Engine, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    settings = ServiceSettings(engine)
    settings.put(manifest, "owner", "folders", [str(tmp_path / "link")])
    assert settings.of(manifest, "owner")["folders"] == [str(real)]


def test_a_right_must_name_a_setting_that_exists(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match="no setting"):
        write(tmp_path, 'name = "s"\n[run]\npython = "server.py"\n[rights]\nread = ["setting:folders"]\n')


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("https://example.org/path", "example.org", 443),
        ("http://127.0.0.1:8123", "127.0.0.1", 8123),
        ("mail.example.org:993", "mail.example.org", 993),
        ("[::1]:1883", "::1", 1883),
        ("mqtt://broker", "broker", 1883),
        ("example.org", "example.org", None),
    ],
)
def test_an_address_names_a_host_and_a_port(address: str, host: str, port: int | None) -> None:
    assert host_and_port(address) == (host, port)
