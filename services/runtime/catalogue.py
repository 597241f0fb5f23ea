"""Which tools each service has, remembered on disk, so that a request is understood with no service running.

Must stay true: an entry counts only for exactly the files it was made from (the service's, the kit's and this
format); what is missing, damaged or half written counts as absent. The folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from services.runtime.manifest import Manifest
from services.runtime.wire import as_tool, registry_name
from services.tool import Tool

FORMAT = "1"
KIT = Path(__file__).resolve().parents[1] / "kit"
WHOLE_BYTES = 1_000_000
"""A file up to this size counts by its content, a larger one by size and time of change."""
FILES_LIMIT = 2_000
"""Files of a service folder that count."""
TOOLS_LIMIT = 200
"""Tools of one service; further ones are left out."""
SCHEMA_LIMIT = 100_000
"""Characters of a schema; a tool with a longer one is left out."""


class Catalogue:
    """The folder of remembered lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kit = ""

    def read(self, manifest: Manifest) -> list[dict[str, Any]] | None:
        """The service's tools as MCP objects, if they are known for its present files. Blocks."""
        try:
            entry = json.loads(self._file(manifest).read_text(encoding="utf-8"))
            if entry["key"] == self.key(manifest) and isinstance(entry["tools"], list):
                return [tool for tool in entry["tools"] if isinstance(tool, dict)]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return None

    def write(self, manifest: Manifest, tools: Sequence[dict[str, Any]], key: str = "") -> None:
        """Remember them; where the disk does not take it, they are asked for again next time. Blocks.

        `key`: of the files that they were listed from, where those may have changed since.
        """
        file = self._file(manifest)
        draft = file.with_suffix(f".{os.getpid()}.part")
        try:
            entry = json.dumps({"key": key or self.key(manifest), "tools": list(tools)})
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(entry, encoding="utf-8")
            draft.replace(file)
        except (OSError, ValueError):
            with suppress(OSError):
                draft.unlink()

    def key(self, manifest: Manifest) -> str:
        """A digest of all that the list of tools can depend on."""
        self._kit = self._kit or digest(KIT)
        parts = (FORMAT, sys.version, self._kit, str(manifest.folder), digest(manifest.folder))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _file(self, manifest: Manifest) -> Path:
        return self.folder / f"{manifest.name}.json"


def digest(folder: Path) -> str:
    """A digest of the files below a folder, their names and their content."""
    total = hashlib.sha256()
    for file in counted_files(folder):
        status = file.stat()
        content = (
            file.read_bytes() if status.st_size <= WHOLE_BYTES else f"{status.st_size} {status.st_mtime_ns}".encode()
        )
        total.update(f"{file.relative_to(folder)}\0{len(content)}\0".encode(errors="surrogatepass"))
        total.update(content)
    return total.hexdigest()


def counted_files(folder: Path) -> Iterable[Path]:
    """The files that say what a service is: no hidden ones, nothing compiled."""
    found: list[Path] = []
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "__pycache__")))
        found += [Path(place, name) for name in sorted(names) if not name.startswith(".") and not name.endswith(".pyc")]
        if len(found) >= FILES_LIMIT:
            break
    return [file for file in found[:FILES_LIMIT] if file.is_file()]


def sound(service: str, listed: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """The tools that can be used, as listed, and for each that can't why."""
    names: set[str] = set()
    tools: list[dict[str, Any]] = []
    faults: list[str] = []
    for entry in listed[:TOOLS_LIMIT]:
        own = entry.get("name")
        if not isinstance(own, str) or not own:
            faults.append("a tool has no name")
        elif registry_name(service, own) in names:
            faults.append(f"two tools are called {own!r}")
        elif fault := schema_fault(entry.get("inputSchema")):
            faults.append(f"{own}: {fault}")
        else:
            names.add(registry_name(service, own))
            tools.append(entry)
    if len(listed) > TOOLS_LIMIT:
        faults.append(f"it has more than {TOOLS_LIMIT} tools")
    return tools, faults


def understood(service: str, listed: Sequence[dict[str, Any]]) -> dict[str, tuple[Tool, str]]:
    """Sound tools by registry name, each with what its service calls it."""
    siblings = frozenset(str(entry.get("name")) for entry in listed)
    tools = [(as_tool(service, entry, siblings), str(entry["name"])) for entry in listed if "name" in entry]
    return {tool.name: (tool, own) for tool, own in tools}


def schema_fault(schema: object) -> str:
    """What is wrong with a tool's schema; empty where nothing is."""
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        return "its schema is not that of an object"
    try:
        if len(json.dumps(schema)) > SCHEMA_LIMIT:
            return f"its schema is longer than {SCHEMA_LIMIT} characters"
        Draft202012Validator.check_schema(schema)
    except (SchemaError, ValueError, RecursionError) as error:
        return f"its schema is no JSON Schema ({str(error).splitlines()[0][:200]})"
    return ""
