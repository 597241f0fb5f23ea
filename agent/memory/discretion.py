"""Secrets said in passing are kept nowhere: not in memory, the journal, the dialogue or a larger model's prompt.

Must stay true: no memory tool is given one, and none is recorded on the way to it; the person is told, once, what was
left out and where it can be kept. The vault's own tools are private, and are given what they need.

Does not cover what other services are asked to do with a secret: who dictates a note gets that note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio.to_thread

from agent.dialogue import Dialogue, Transcript
from agent.turn import Answered, Called, Emit, Passed, Path, Said, Turn
from memory.sensitive import Sensitive, find, mask, named
from services.tool import Call, Done, Effect, Failed, Outcome, Tool, Toolbox

MEMORY = "memory_"
"""Begins the names of memory's tools."""
SHORTEST = 3
"""Characters of a secret that is looked for wherever else it stands."""

_STATES = re.compile(
    r"(?:(?:oh|hey|hi|so|ok|okay|well|by the way|btw|fyi|just so you know|remember(?: that)?|muos|please)[\s,:.!-]+)*"
    r"(?!i (?:need|want|would|wish|have to)\b|i'd\b|we (?:need|want|would)\b)"
    r"(?:my|our|the|his|her|their|your|this|that|it|it['’]?s|its|here|here['’]s|i|i['’]ve|we|we['’]ve|\w+['’]s|a|an"
    r"|save|keep|store|put|memori[sz]e|safeguard"
    r"|pin|pass[ -]?\w+|code|card|key|token|api|secret|wi-?fi|cv[vc]2?|mein\w*|mon|mi|login|user(?:name)?)\b"
    r"|\W*[\w-]*\d",
    re.IGNORECASE,
)
Decided = Sequence[tuple[Call, Tool]]


class Discreet:
    """The outermost toolbox: no call of memory that holds a secret goes any further."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """The inner toolbox's tools."""
        return await self.inner.tools()

    async def call(self, call: Call) -> Outcome:
        """Refuse what would be kept; what is only asked is asked without the secret."""
        found = held(call)
        if not found:
            return await self.inner.call(call)
        if any(tool.name == call.tool and tool.effect is Effect.READ for tool in await self.inner.tools()):
            return await self.inner.call(replace(call, arguments=changed(call.arguments, mask)))
        return Failed(advice(found))


def planned(plan: Callable[[Decided], None]) -> Callable[[Decided], None]:
    """The plan of a turn is recorded before its calls are made; without those that are refused."""
    return lambda decided: plan([(call, tool) for call, tool in decided if not held(call)])


def held(call: Call) -> list[Sensitive]:
    """The secrets in what memory is told; what other tools are told is their own affair."""
    return [one for text in texts(call.arguments) for one in find(text)] if call.tool.startswith(MEMORY) else []


class Narrowed:
    """Of another toolbox, the vault's tools and memory's alone."""

    def __init__(self, inner: Toolbox) -> None:
        self.inner = inner

    async def tools(self) -> Sequence[Tool]:
        """Those that may be given a secret, and those that refuse it."""
        return [tool for tool in await self.inner.tools() if tool.private or tool.name.startswith(MEMORY)]

    async def call(self, call: Call) -> Outcome:
        """As the inner toolbox."""
        return await self.inner.call(call)


def careful(path: Path, dialogue: Dialogue) -> Path:
    """The path, for which a secret that is merely stated, or is to be kept, can be nothing but the vault's.

    "My card number is …" is no contact. Any other request that holds a secret, and an answer to a question, may mean
    any tool.
    """

    async def narrowed(turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        if not find(turn.text) or _STATES.match(turn.text) is None:
            return await path(turn, toolbox, emit)
        pending = (await anyio.to_thread.run_sync(dialogue.past, turn)).pending
        return await path(turn, toolbox if pending else Narrowed(toolbox), emit)

    return narrowed


async def withhold(turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
    """The path for what holds a secret and is no request of any service: nothing after it is told."""
    found = find(turn.text)
    if not found:
        return Passed("")
    await emit(Said(advice(found)))
    return Answered()


async def remark(transcript: Transcript, private: Container[str], emit: Emit) -> None:
    """Say at the end of a turn that what it held is not remembered, unless that was said or the vault was told."""
    found = find(transcript.turn.text)
    if not found or transcript.turn.preview or advice(found) in transcript.text:
        return
    if transcript.names(private):
        if not transcript.waiting and all(isinstance(called.outcome, Failed) for called in transcript.called):
            await emit(Said(f" I kept the {found[0].kind.value} nowhere."))
    elif any(not called.call.tool.startswith(MEMORY) for called in transcript.called) or transcript.waiting:
        await emit(Said(f" What I remember of this is without the {found[0].kind.value}."))
    elif not transcript.called:
        await emit(Said(f" {advice(found)}"))


def advice(found: Sequence[Sensitive]) -> str:
    """What was recognised, that it was not kept, and where it can be."""
    what = found[0].words or found[0].kind.value.split()[0]
    return (
        f"I recognised {named(found)} and kept it nowhere. Your vault keeps such things safe; say for example:"
        f" save the password “…” for the {what}."
    )


def masked(transcript: Transcript) -> Transcript:
    """The turn as it may be kept."""
    turn = transcript.turn
    found = find(turn.text)
    values = sorted({turn.text[one.start : one.end] for one in found if one.end - one.start >= SHORTEST}, key=len)
    kinds = {turn.text[one.start : one.end]: one.kind.value for one in found}

    def veil(text: str) -> str:
        text = mask(text)
        for value in reversed(values):
            text = text.replace(value, f"[{kinds[value]}]")
        return text

    said = veil(transcript.text)
    return Transcript(
        replace(turn, text=veil(turn.text)),
        transcript.path,
        [said] if said else [],
        [veiled(called, veil) for called in transcript.called],
        transcript.waiting,
        transcript.broke,
        discreet=bool(found),
    )


def veiled(called: Called, veil: Callable[[str], str]) -> Called:
    """A call as the dialogue may keep it."""
    outcome = called.outcome
    if isinstance(outcome, Done):
        outcome = replace(outcome, touched=tuple(replace(one, name=veil(one.name)) for one in outcome.touched))
    call = replace(called.call, arguments=changed(called.call.arguments, veil))
    return replace(called, call=call, outcome=outcome)


def texts(value: Any) -> list[str]:
    """Every text in a call's arguments."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for each in inner for text in texts(each)]


def changed(value: Any, change: Callable[[str], str]) -> Any:
    """The arguments with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: changed(each, change) for key, each in value.items()}
    return [changed(each, change) for each in value] if isinstance(value, list | tuple) else value
