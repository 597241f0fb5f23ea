"""Consent: a yes or a no to the call that the last answer asked about.

Must stay true: a yes runs exactly the call that was recorded when it was asked for, and only when it is the
very next thing that the same member says in the same room, or names the call by its id.
"""

from __future__ import annotations

from dataclasses import replace

import anyio.to_thread

from agent.dialogue import Dialogue
from agent.flows import Flows
from agent.ladder import Announced
from agent.turn import Answered, Emit, Passed, Said, Turn
from services.journal import Journal
from services.record import Entry, Status
from services.tool import Done, Failed, Toolbox

YES = frozenset(
    phrase.strip()
    for phrase in """
    yes | y | yeah | yep | yup | sure | sure thing | ok | okay | yes please | please do | do it | yes do it | go ahead
    | yes go ahead | go on | confirm | confirmed | i confirm | that's right | of course | right | correct | i'm sure
    | yes i'm sure
    """.split("|")
)
NO = frozenset(
    phrase.strip()
    for phrase in """
    no | n | nope | nah | no thanks | no thank you | don't | do not | no don't | stop | wait | cancel | cancel that
    | never mind | nevermind | forget it | leave it | better not | not now | abort
    """.split("|")
)

STOP = frozenset({"stop", "cancel", "cancel that", "abort", "never mind", "nevermind", "forget it"})
"""Of these, what also stops work that is under way."""


def plain(text: str) -> str:
    """The text without what does not count in a yes or a no."""
    return text.strip().lower().replace("\u2019", "'").replace(",", "").strip(" .!")


def consent(text: str) -> bool | None:
    """Whether the text is a plain yes or no; None if it is anything else."""
    said = plain(text)
    return True if said in YES else False if said in NO else None


class Consent:
    """The path that takes up what waits for a yes."""

    def __init__(self, dialogue: Dialogue, journal: Journal, toolbox: Toolbox, flows: Flows | None = None) -> None:
        self.dialogue = dialogue
        self.journal = journal
        self.toolbox = toolbox
        """The toolbox below `Asking`: here, and only here, calls carry a confirmation."""
        self.flows = flows

    async def __call__(self, turn: Turn, _toolbox: Toolbox, emit: Emit) -> Answered | Passed:
        """Answer if the last answer waits for a yes and this is one, or a no."""
        decided = consent(turn.text)
        if decided is None or turn.preview:
            return Passed("")
        past = await anyio.to_thread.run_sync(self.dialogue.past, turn)
        if past.waiting is None:
            if past.pending is not None and not decided:
                await emit(Said("All right, never mind."))
                return Answered()
            if past.pending is not None:
                return Passed("")
            await emit(Said(await self._stopped(turn) or "Nothing is waiting for a yes or a no."))
            return Answered()
        return await self.decide(past.waiting, decided, turn, emit)

    async def _stopped(self, turn: Turn) -> str:
        """Cancel what runs meanwhile, if "stop" or "cancel that" was said; empty if there is nothing."""
        if self.flows is None or plain(turn.text) not in STOP:
            return ""
        running = await anyio.to_thread.run_sync(self.flows.newest, turn.member, turn.id)
        return (await self.flows.cancel(running, turn.member))[1] if running else ""

    async def decide(self, call_id: str, yes: bool, turn: Turn, emit: Emit) -> Answered | Passed:
        """Run the waiting call, or cancel it."""
        entry = await anyio.to_thread.run_sync(self.journal.find, call_id, turn.member)
        if entry is None or entry.status is not Status.WAITING:
            await emit(Said("That no longer waits for an answer." if entry else f"I know of no action {call_id!r}."))
            return Answered()
        if not yes:
            await anyio.to_thread.run_sync(self.journal.cancel, entry.id, "You said no.")
            await emit(Said("All right, I left it as it is."))
            return Answered()
        await emit(Said(await self._run(entry, emit)))
        return Answered()

    async def _run(self, entry: Entry, emit: Emit) -> str:
        outcome = await Announced(self.toolbox, emit).call(replace(entry.call, confirmed=True))
        match outcome:
            case Done():
                return outcome.text
            case Failed():
                return outcome.reason
            case _:
                return outcome.question
