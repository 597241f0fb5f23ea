"""Print a page of the documentation as a PDF: `python docs/pdf.py docs/service.md build/service.pdf`.

Chromium does the typesetting (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PRINT_SECONDS = 120
STYLE = """
@page { size: A4; margin: 20mm 18mm; }
body { font: 10.5pt/1.45 "DejaVu Serif", Georgia, serif; color: #1a1a1a; hyphens: auto; }
h1, h2, h3 { font-family: "DejaVu Sans", Helvetica, sans-serif; line-height: 1.2; break-after: avoid; }
h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 1.6em; } h3 { font-size: 11.5pt; }
code { font: 0.86em "DejaVu Sans Mono", monospace; background: #f3f3f3; padding: 0 0.2em; }
pre { background: #f3f3f3; padding: 0.7em; border-radius: 4px; white-space: pre-wrap; break-inside: avoid-page; }
pre code { padding: 0; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; }
th, td { border-bottom: 0.5pt solid #999; padding: 0.3em 0.5em; text-align: left; vertical-align: top; }
tr { break-inside: avoid; }
"""


def as_html(markdown: str, title: str) -> str:
    """The page as one HTML document."""
    body = MarkdownIt("commonmark").enable("table").render(markdown)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><body>{body}</body></html>"
    )


def find_chromium() -> str | None:
    """The browser's path, if there is one."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def print_pdf(source: Path, target: Path) -> None:
    """Write the PDF. Raises RuntimeError where it can't be made."""
    chromium = find_chromium()
    if chromium is None:
        raise RuntimeError("Chromium is needed to print; on Debian: apt-get install chromium")
    text = source.read_text(encoding="utf-8")
    title = next((line.lstrip("# ") for line in text.splitlines() if line.startswith("# ")), source.stem)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(as_html(text, f"MuOS: {title}"), encoding="utf-8")
        quiet = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
        root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
        where = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target.resolve()}", "--no-pdf-header-footer"]
        made = subprocess.run(
            [chromium, *quiet, *root, *where, page.as_uri()], capture_output=True, timeout=PRINT_SECONDS, check=False
        )
    if made.returncode or not target.exists():
        raise RuntimeError(f"Chromium could not print it: {made.stderr.decode(errors='replace')[-300:]}")


def main() -> int:
    """Print; gives the exit code."""
    if len(sys.argv) != 3:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        print_pdf(Path(sys.argv[1]), Path(sys.argv[2]))
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"Printed {sys.argv[2]}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
