"""Memory as tools, so that "remember that …" and "what did I say about …" go through the same door as all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio.to_thread

from memory.errors import Refused
from memory.memory import Memory
from memory.note import Note
from services.tool import Call, Done, Effect, Failed, Hears, Outcome, Tool

RECALLED = 3
"""How many notes are told at once."""

TOOLS = (
    Tool(
        name="memory_remember",
        description="Remember something that the person says about themselves, people, places or things.",
        schema={
            "type": "object",
            "properties": {
                "text": {"type": "string", "description": "What to remember", "minLength": 1, "x-fill": "rest"}
            },
            "required": ["text"],
            "additionalProperties": False,
        },
        effect=Effect.REVERSIBLE,
        service="memory",
        examples=(
            "remember that I parked on level 3",
            "remember my blood type is A positive",
            "keep in mind that Bob is vegetarian",
            "don't forget that the ladder is at the neighbours'",
            "please remember I like my tea without sugar",
            "you should know that Ella hates mushrooms",
            "for later: the red cable belongs to the printer",
            "bear in mind we have guests until Sunday",
            "could you remember my locker is number 88",
            "memorise this, my shirt size is medium",
        ),
        undo="memory_undo",
        idempotent=True,
    ),
    Tool(
        name="memory_recall",
        description="Recall what was said or remembered earlier about something.",
        schema={
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What about", "minLength": 1, "x-fill": "rest"}},
            "required": ["query"],
            "additionalProperties": False,
        },
        effect=Effect.READ,
        service="memory",
        examples=(
            "what did I say about the car?",
            "what do you remember about Bob?",
            "do you remember where I parked?",
            "what did I tell you about the ladder?",
            "did I mention anything on Ella?",
            "recall what we said about the guests",
            "what have I told you of my tea?",
            "remind me what I said regarding the printer",
            "could you recall my blood type",
            "what do you know about my locker?",
        ),
        idempotent=True,
    ),
    Tool(
        name="memory_undo",
        description="Forget what an earlier call remembered.",
        schema={"type": "object", "properties": {"call": {"type": "string"}}, "required": ["call"]},
        effect=Effect.REVERSIBLE,
        service="memory",
        idempotent=True,
        hidden=True,
    ),
)


class Memories:
    """A toolbox over the memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    async def tools(self) -> Sequence[Tool]:
        """Remember and recall."""
        return TOOLS

    async def call(self, call: Call) -> Outcome:
        """Remember, recall or forget."""
        work = {"memory_remember": self._remember, "memory_recall": self._recall, "memory_undo": self._forget}
        if call.tool not in work:
            return Failed(f"Memory has no tool {call.tool!r}.", Hears.MODEL)
        [needed] = next(tool for tool in TOOLS if tool.name == call.tool).schema["required"]
        text = call.arguments.get(needed)
        if not isinstance(text, str) or not text.strip():
            return Failed(f"{needed}: some text is needed.", Hears.MODEL)
        return await anyio.to_thread.run_sync(work[call.tool], call, text.strip())

    def _remember(self, call: Call, text: str) -> Outcome:
        caller = call.caller
        note = Note(
            text=text,
            who=caller.member,
            when=caller.now,
            member=caller.member,
            room=caller.room,
            turn=call.id,
            asked=True,
            id=call.id,
        )
        said = f"I'll remember that {text.rstrip('.')}."
        if call.preview:
            return Done(said)
        try:
            kept = self.memory.remember(note)
        except Refused as refused:
            return Failed(str(refused))
        # said before, it is the older note that stays: undo must not take that away
        return Done(said, {"text": text, "note": kept.id}, undoable=kept.id == call.id)

    def _recall(self, call: Call, query: str) -> Outcome:
        caller = call.caller
        found = self.memory.recall(query, member=caller.member, room=caller.room, k=RECALLED, now=caller.now)
        if not found:
            return Done(f"I remember nothing about {query.rstrip('?')}.", {"notes": []})
        rows: list[dict[str, Any]] = [
            {
                "id": hit.note.id,
                "text": hit.note.text,
                "who": hit.note.who,
                "when": hit.note.when.isoformat(),
                "score": round(hit.score, 4),
                "why": hit.why,
            }
            for hit in found
        ]
        said = "; ".join(f"“{row['text']}” ({said_when(hit.note, call)})" for row, hit in zip(rows, found, strict=True))
        return Done(f"You said: {said}.", {"notes": rows})

    def _forget(self, call: Call, note: str) -> Outcome:
        if call.preview:
            return Done("I would forget that again.")
        self.memory.forget(note, call.caller.member)
        return Done("Undone: I forgot that again.")


def said_when(note: Note, call: Call) -> str:
    """The note's day as people say it."""
    days = (call.caller.now.date() - note.when.astimezone(call.caller.now.tzinfo).date()).days
    near = {0: "today", 1: "yesterday"}
    return near.get(days, f"on {note.when:%-d %B %Y}")
