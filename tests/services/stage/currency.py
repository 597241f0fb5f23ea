"""Around the currency service: the bank's two files, with made-up rates, in its published form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.website import Answer, Website, website

FORM = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
	<Cube>{days}</Cube>
</gesmes:Envelope>"""
DAYS = {
    "2026-03-03": {"USD": "1.25", "JPY": "160", "GBP": "0.8"},
    "2026-03-02": {"USD": "1.28", "JPY": "161", "GBP": "0.81"},
    "2026-02-27": {"USD": "1.40", "JPY": "158.5", "GBP": "0.82"},
    "2026-01-05": {"USD": "1.30", "JPY": "150", "GBP": "0.85"},
}
"""One euro is so much; the newest first, as in the bank's file."""


def document(days: Mapping[str, Mapping[str, str]]) -> bytes:
    """The file for these days."""
    parts = []
    for day, rates in days.items():
        rows = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())
        parts.append(f"<Cube time='{day}'>{rows}</Cube>")
    return FORM.format(days="".join(parts)).encode()


def furnish(site: Website) -> None:
    """Put both files on a site."""
    xml = {"Content-Type": "text/xml"}
    newest = next(iter(DAYS))
    site.pages["/rates/eurofxref-daily.xml"] = Answer(document({newest: DAYS[newest]}), headers=xml)
    site.pages["/rates/eurofxref-hist-90d.xml"] = Answer(document(DAYS), headers=xml)


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, Any]]:
    """The bank."""
    with website() as site:
        furnish(site)
        yield {"server": site.url("/rates")}
