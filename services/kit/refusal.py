"""Why something can't be done, said to the person."""

from __future__ import annotations


class Refusal(Exception):
    """Raised by a tool: it can't be done, and why, in one sentence for the person. Takes back all writes."""
