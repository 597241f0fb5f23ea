"""A yes counts for the call that was asked about, once, and only as the very next thing said."""

import pytest
import sqlalchemy as sa

from agent.consent import Consent, consent
from agent.dialogue import Dialogue, Transcript
from agent.ladder import Rung, climb
from agent.policy import Guarded
from agent.turn import Answered, Emit, Passed, Said, Turn
from services.inmemory import InMemory
from services.journal import Journal
from services.journalled import Journalled
from services.record import Status
from services.tool import Call, Toolbox
from tests.agent.conftest import Events, turn


async def burning(turn: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
    """A path that burns the cup when told to burn, and chats otherwise."""
    if "burn" in turn.text:
        await toolbox.call(Call("box_burn", {"what": "cup"}, turn.caller))
    else:
        await emit(Said("hm"))
    return Answered()


class House:
    def __init__(self, box: InMemory, journal: Journal, engine: sa.Engine) -> None:
        self.journal = journal
        self.dialogue = Dialogue(engine)
        self.toolbox = Journalled(Guarded(box), journal)
        self.rungs = [
            Rung("reflex", Consent(self.dialogue, journal, self.toolbox)),
            Rung("reflex", burning),
        ]

    async def hears(self, said: Turn) -> str:
        transcript = Transcript(said)

        async def emit(event: object) -> None:
            transcript.add(event)  # type: ignore[arg-type]  # every event comes as one

        await climb(said, self.rungs, self.toolbox, emit)
        self.dialogue.keep(transcript)
        return transcript.text


@pytest.fixture
def house(box: InMemory, journal: Journal, engine: sa.Engine) -> House:
    return House(box, journal, engine)


async def test_a_yes_runs_exactly_what_was_asked(house: House, box: InMemory) -> None:
    await house.hears(turn("burn it"))
    assert not box.calls
    await house.hears(turn("yes"))
    [call] = box.calls
    assert (call.tool, dict(call.arguments), call.confirmed) == ("box_burn", {"what": "cup"}, True)


async def test_a_no_cancels_it(house: House, box: InMemory, journal: Journal) -> None:
    await house.hears(turn("burn it"))
    await house.hears(turn("no"))
    await house.hears(turn("yes"))
    assert not box.calls
    assert journal.entries("owner", 1)[0].status is Status.CANCELLED


async def test_a_yes_after_something_else_runs_nothing(house: House, box: InMemory) -> None:
    for text in ("burn it", "nice weather", "yes"):
        await house.hears(turn(text))
    assert not box.calls


@pytest.mark.parametrize("other", [{"member": "bob"}, {"room": "kitchen"}])
async def test_a_yes_of_another_member_or_in_another_room_runs_nothing(
    house: House, box: InMemory, other: dict[str, str]
) -> None:
    await house.hears(turn("burn it"))
    await house.hears(turn("yes", **other))
    assert not box.calls


async def test_a_second_yes_does_not_run_it_again(house: House, box: InMemory) -> None:
    for text in ("burn it", "yes", "yes"):
        await house.hears(turn(text))
    assert len(box.calls) == 1


async def test_a_waiting_call_can_be_decided_by_its_id(
    house: House, box: InMemory, journal: Journal, engine: sa.Engine, events: Events
) -> None:
    await house.hears(turn("burn it"))
    await house.hears(turn("something else"))
    [entry] = journal.entries("owner", 1)
    await Consent(house.dialogue, journal, house.toolbox).decide(entry.id, True, turn(""), events)
    assert len(box.calls) == 1


@pytest.mark.parametrize("text", ["yes", "Yes!", "ok", "do it", "go ahead.", "yes, please do"[:3]])
def test_plain_agreement_is_a_yes(text: str) -> None:
    assert consent(text) is True


@pytest.mark.parametrize("text", ["yes but only the first", "no milk today", "", "yesterday", "okay google"])
def test_anything_more_is_neither(text: str) -> None:
    assert consent(text) is None


async def test_a_yes_or_no_to_nothing_says_so_and_does_nothing(house: House, box: InMemory) -> None:
    for text in ("no", "yes"):
        assert "Nothing is waiting" in await house.hears(turn(text))
    assert not box.calls
