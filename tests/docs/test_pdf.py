"""The service contract can be printed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def printer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_pdf", DOCS / "pdf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_contract_becomes_a_pdf(tmp_path: Path) -> None:
    pdf = printer()
    if pdf.find_chromium() is None:
        pytest.skip("chromium is not installed")
    pdf.print_pdf(DOCS / "service.md", tmp_path / "service.pdf")
    content = (tmp_path / "service.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") + content.count(b"/Type /Page>") >= 3


def test_tables_and_code_are_set_as_such() -> None:
    page = printer().as_html("# A & B\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```toml\nname = 1\n```\n", "A & B")
    assert "<table>" in page
    assert '<code class="language-toml">' in page
    assert "<title>A &amp; B</title>" in page
