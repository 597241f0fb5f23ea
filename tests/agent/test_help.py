"""What MuOS can do is told from the tools that there are."""

from agent.help import Helping
from services.inmemory import InMemory
from services.tool import Call, Done
from tests.agent.conftest import turn


async def test_each_service_is_named_with_an_example(box: InMemory) -> None:
    outcome = await Helping(box).call(Call("muos_help", {}, turn("").caller))
    assert isinstance(outcome, Done)
    assert outcome.data == {"examples": {"box": "look at the cup"}}
    assert "look at the cup" in outcome.text


async def test_every_other_call_goes_on(box: InMemory) -> None:
    assert isinstance(await Helping(box).call(Call("box_look", {"what": "cup"}, turn("").caller)), Done)
    assert len(box.calls) == 1
