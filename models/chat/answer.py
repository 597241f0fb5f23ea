"""What a model writes, told apart: words for the person, its thinking, and calls that it wrote as text.

Many servers and small models write a call into the answer: between <tool_call> marks (Hermes, Qwen), in a fenced
block, or as the whole answer (Llama 3). It counts as a call only if it names a tool that was offered.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

from models.chat.protocol import ToolCall
from models.errors import ChatFault

LIMIT = 100_000
"""Characters of one answer, thinking and calls included; a model that runs wild is stopped."""
THINK, CALL, FENCE, WHOLE = "<think>", "<tool_call>", "```", "{"
CLOSERS = {THINK: "</think>", CALL: "</tool_call>", FENCE: "```"}
STRAY = "</think>"
"""Ends thinking whose beginning was in the prompt."""


class Answer:
    """One answer as it comes in."""

    def __init__(self, tools: Collection[str], thinking: bool = False) -> None:
        """`tools`: names on offer. `thinking`: the prompt ended within thinking."""
        self.calls: list[ToolCall] = []
        self._tools = tools
        self._marks = (THINK, STRAY, CALL, FENCE) if tools else (THINK, STRAY)
        self._open = THINK if thinking else ""
        self._kept = self._open
        self._searched = 0
        self._begun = False
        self._size = 0

    def hear(self, text: str) -> str:
        """Take in the next piece; gives what the person may see of it by now. Raises ChatFault if it never ends."""
        self._size += len(text)
        if self._size > LIMIT:
            raise ChatFault("The model's answer had no end, so I stopped it.")
        self._kept += text
        shown: list[str] = []
        while (piece := self._block() if self._open else self._plain()) is not None:
            shown.append(piece)
        return self._show("".join(shown))

    def end(self) -> str:
        """The answer is over; gives what is left to show."""
        kept, self._kept = self._kept, ""
        if self._open:
            kept = self._read(kept)
        return self._show(kept)

    def _show(self, text: str) -> str:
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text

    def _plain(self) -> str | None:
        """The next plain words; None: more must come first."""
        if not self._begun:
            self._kept = self._kept.lstrip()
            if self._tools and self._kept.startswith(WHOLE):
                self._open = WHOLE
                return ""
        place, mark = min(((at, mark) for mark in self._marks if (at := self._kept.find(mark)) >= 0), default=(-1, ""))
        if mark:
            words, self._kept = self._kept[:place], self._kept[place:]
            if mark == STRAY:
                self._kept = self._kept.removeprefix(STRAY)
            else:
                self._open, self._searched = mark, len(mark)
            self._begun = self._begun or bool(words.strip())
            return words
        held = max(len(part) for mark in self._marks for part in beginnings(mark) if self._kept.endswith(part))
        words = self._kept[: len(self._kept) - held]
        self._kept = self._kept[len(words) :]
        return words or None

    def _block(self) -> str | None:
        """The rest of what was opened, once it is closed."""
        closer = CLOSERS.get(self._open)
        place = self._kept.find(closer, self._searched) if closer else -1
        if closer is None or place < 0:
            self._searched = max(self._searched, len(self._kept) - len(closer or ""))
            return None
        block, self._kept = self._kept[: place + len(closer)], self._kept[place + len(closer) :]
        return self._read(block)

    def _read(self, block: str) -> str:
        """What to show of a block: nothing if it is thinking or a call, which is kept."""
        mark, self._open, self._searched = self._open, "", 0
        if mark == THINK:
            return ""
        body = block.removeprefix(mark).removesuffix(CLOSERS[mark]) if mark in CLOSERS else block
        calls = calls_in(body.removeprefix("json") if mark == FENCE else body, self._tools)
        self.calls += calls
        return "" if calls else block


def beginnings(mark: str) -> list[str]:
    """Every proper beginning of a mark, the empty one included."""
    return [mark[:length] for length in range(len(mark))]


def calls_in(text: str, tools: Collection[str]) -> list[ToolCall]:
    """The calls that a text is; none if it is anything else."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = given if isinstance(given, list) else [given]
    calls = [call_of(row, tools) for row in rows]
    return [call for call in calls if call is not None] if all(calls) else []


def call_of(row: Any, tools: Collection[str]) -> ToolCall | None:
    """A call as the usual forms have it, if it names one of the tools."""
    if isinstance(row, Mapping) and isinstance(row.get("function"), Mapping):
        row = row["function"]
    if not isinstance(row, Mapping) or row.get("name") not in tools:
        return None
    arguments = row.get("arguments", row.get("parameters", {}))
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return ToolCall(new_id(), row["name"], text)


def new_id() -> str:
    """An id for a call that came without one."""
    return f"call_{uuid4().hex[:16]}"
