"""What is kept of a turn: its words for the dialogue, and a note for memory.

Must stay true: what a private tool was told is kept nowhere, and a secret that was said in passing neither; a turn that
only asked memory is not remembered, so that nothing recalled is stored again; a preview neither; what was said in a
shared room belongs to that room, and what was said at home to its member alone; what was to be forgotten, and was not
understood, is not kept for having been said again.
"""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import replace

from agent.consent import consent
from agent.dialogue import Dialogue, Transcript
from agent.memory.discretion import MEMORY, masked
from agent.memory.phrases import asks_to_forget
from agent.turn import Turn
from memory.company.rooms import is_shared
from memory.errors import Refused
from memory.memory import Memory
from memory.note import Note, Scope
from services.record import PRIVATE

ITSELF = "muos_"
"""Begins the names of MuOS's own tools: undo, help, what was done."""
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
            if misunderstood(kept) and asks_to_forget(kept.turn.text):
                self._dialogue.keep(wordless(kept), private)
                return False
            worded = self._dialogue.keep(kept, private)
            if worded and told_something(kept):
                self._memory.remember(episode(kept.turn))
        except Refused as refused:
            logger.info("turn %s is not remembered: %s", transcript.turn.id, refused)
        except Exception:
            logger.exception("turn %s was answered but could not be remembered", transcript.turn.id)
        return worded


def misunderstood(transcript: Transcript) -> bool:
    """Whether nothing was called, and nothing waits."""
    return not transcript.called and transcript.waiting is None


def wordless(transcript: Transcript) -> Transcript:
    """The turn without what was said in it."""
    return replace(transcript, turn=replace(transcript.turn, text=PRIVATE), said=[PRIVATE])


def told_something(transcript: Transcript) -> bool:
    """Whether the turn is one to remember: no preview, no bare yes or no, and not one that only asked or told memory.

    Nor one that only asked MuOS itself, to undo something or what it did.
    """
    tools = [called.call.tool for called in transcript.called]
    tools += [transcript.waiting.call.tool] if transcript.waiting is not None else []
    only_memory = bool(tools) and all(tool.startswith((MEMORY, ITSELF)) for tool in tools)
    return not transcript.turn.preview and not only_memory and consent(transcript.turn.text) is None


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
