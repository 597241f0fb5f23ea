"""What can be done is told from the tools there are."""

from datetime import UTC, datetime

from agent.abilities import Abilities
from services.inmemory import InMemory
from services.tool import Call, Caller, Done

CALLER = Caller("anna", "home", "UTC", datetime.now(UTC))


async def test_one_example_of_each_service_is_told(box: InMemory) -> None:
    told = await Abilities(box).call(Call("muos_abilities", {}, CALLER))
    assert isinstance(told, Done)
    assert told.text == "You can say, for example:\nbox: “look at the cup”"


async def test_every_other_call_goes_on(box: InMemory) -> None:
    done = await Abilities(box).call(Call("box_put", {"what": "cup"}, CALLER))
    assert isinstance(done, Done)
    assert done.text == "Put cup."
