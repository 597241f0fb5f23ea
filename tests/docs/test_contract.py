"""The service contract names what the code knows: keys on the wire, keys of the manifest, codes of the gate."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from services.runtime import gate
from services.runtime.manifest import Limits, Manifest, Rights, Run, Setting, read_manifest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text()
TABLED = set(re.findall(r"`([a-z_./*]+)`", "\n".join(line.split("|")[1] for line in PAGE.splitlines() if "|" in line)))


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_every_key_that_crosses_the_wire_is_in_the_page_and_no_other() -> None:
    code = [*(ROOT / "services" / "kit").glob("*.py"), *(ROOT / "services" / "runtime").glob("*.py")]
    known = {key for file in code for key in re.findall(r"\"(muos/[a-z_]+)\"", file.read_text())}
    assert set(re.findall(r"muos/[a-z_]+", PAGE)) == known


@pytest.mark.parametrize(
    ("table", "prefix"), [(Manifest, ""), (Run, "run."), (Limits, ""), (Rights, ""), (Setting, "")], ids=str
)
def test_every_key_of_the_manifest_is_in_a_table(table: type[BaseModel], prefix: str) -> None:
    elsewhere = {"run", "limits", "rights", "settings", "folder"}  # tables of their own; not in the file
    assert not {f"{prefix}{name}" for name in table.model_fields.keys() - elsewhere} - TABLED


def test_the_manifest_that_is_shown_is_valid(tmp_path: Path) -> None:
    [shown] = fenced("toml")
    (tmp_path / "service.toml").write_text(shown)
    assert read_manifest(tmp_path).name == "tides"


def test_every_message_that_is_shown_is_json() -> None:
    shown = fenced("json")
    assert len(shown) >= 7
    for block in shown:
        rest = block.strip()
        while rest:
            message, end = json.JSONDecoder().raw_decode(rest)
            assert isinstance(message, dict)
            rest = rest[end:].strip()


def test_every_reason_of_the_gate_is_in_the_table() -> None:
    codes = set(re.findall(r"Barred\(\s*\"([a-z]+)\"|\"error\": \"([a-z]+)\"", Path(gate.__file__).read_text()))
    assert not {code for pair in codes for code in pair if code} - TABLED
