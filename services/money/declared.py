"""The service itself, which the modules of its tools declare them on."""

from __future__ import annotations

from services.kit import Service
from services.money import book

service = Service(__file__, tables=book.TABLES)
