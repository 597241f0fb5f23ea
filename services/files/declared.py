"""The service itself, and the parameters that its tools share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.files import contents
from services.kit import Service

service = Service(
    __file__,
    tables="""
CREATE TABLE IF NOT EXISTS trashed(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE,
    place BLOB NOT NULL, trash BLOB NOT NULL, at TEXT NOT NULL);
""",
)

Which = Annotated[
    str,
    Field(
        description="Which file: its name, a part of it, or its path",
        min_length=1,
        max_length=1_000,
        json_schema_extra={"x-kind": "file"},
    ),
]
Folder = Annotated[str | None, Field(description="In which folder", max_length=1_000)]
Text = Annotated[
    str, Field(description="The text", max_length=contents.WRITE_LIMIT, json_schema_extra={"x-fill": "rest"})
]
SAID = 8
LISTED = 200
