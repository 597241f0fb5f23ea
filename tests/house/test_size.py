"""The house stays small enough to study: limits on files and functions, kept by a machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("agent", "services", "memory", "interface", "models", "network", "benchmarks", "tests")
FILE_LIMIT = 400
FUNCTION_LIMIT = 50

EXCEPTIONS: dict[str, str] = {}
"""`path` or `path::function` with the reason why it may be longer."""


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def too_long() -> dict[str, int]:
    found: dict[str, int] = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        if (lines := len(text.splitlines())) > FILE_LIMIT:
            found[name] = lines
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LIMIT:
                    found[f"{name}::{node.name}"] = length
    return found


def test_files_and_functions_stay_within_the_limits() -> None:
    excess = {name: lines for name, lines in too_long().items() if name not in EXCEPTIONS}
    assert not excess, f"split these (lines): {excess}"


def test_every_exception_is_still_needed() -> None:
    assert not [name for name in EXCEPTIONS if name not in too_long()]
