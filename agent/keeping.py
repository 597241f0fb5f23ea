"""What is kept of a turn: its words for the dialogue, and a note for memory.

Must stay true: what a private tool was told is kept nowhere, and a secret that was said in passing neither; a turn that
only asked memory is not remembered, so that nothing recalled is stored again; a preview neither; what was said in a
shared room belongs to that room, and what was said at home to its member alone.
"""

from __future__ import annotations

import logging
from collections.abc import Container

from agent.dialogue import Dialogue, Transcript
from agent.discretion import MEMORY, masked
from agent.turn import Turn
from memory.memory import Memory
from memory.note import Note, Scope
from memory.rooms import is_shared

logger = logging.getLogger(__name__)


class Keeping:
    """Keeps turns that have ended. Methods block; use them from a thread."""

    def __init__(self, dialogue: Dialogue, memory: Memory) -> None:
        self._dialogue = dialogue
        self._memory = memory

    def keep(self, transcript: Transcript, private: Container[str]) -> bool:
        """Keep the turn; whether its words may be. A fault here is logged: the answer stands."""
        worded = True
        if not transcript.turn.text.strip():
            return worded
        try:
            kept = masked(transcript)
            worded = self._dialogue.keep(kept, private)
            if worded and told_something(kept):
                self._memory.remember(episode(kept.turn))
        except Exception:
            logger.exception("turn %s was answered but could not be remembered", transcript.turn.id)
        return worded


def told_something(transcript: Transcript) -> bool:
    """Whether the turn is one to remember: not a preview, and not one that only asked or told memory."""
    tools = [called.call.tool for called in transcript.called]
    tools += [transcript.waiting.call.tool] if transcript.waiting is not None else []
    only_memory = bool(tools) and all(tool.startswith(MEMORY) for tool in tools)
    return not transcript.turn.preview and not only_memory


def episode(turn: Turn) -> Note:
    """The turn as a note: for its member, or for the room where it was said to all."""
    return Note(
        text=turn.text,
        who=turn.member,
        when=turn.now,
        member=turn.member,
        room=turn.room,
        turn=turn.id,
        scope=Scope.ROOM if is_shared(turn.room) else Scope.PRIVATE,
        id=turn.id,
    )
