"""Asking what would happen says so and changes nothing, whatever is asked about."""

import pytest

from agent.ladder import Rung, climb
from agent.policy import Guarded
from agent.preview import plain_verb, previewed
from agent.turn import Answered, Emit, Passed, Said, Turn
from services.inmemory import InMemory
from services.tool import Call, Effect, Failed, Tool, Toolbox
from tests.agent.conftest import ANYTHING, Events, turn

ASKED = {
    "what would happen if I deleted the shopping list?": "delete the shopping list",
    "What would happen if I delete all my notes": "delete all my notes",
    "what happens if I cancel the dentist appointment?": "cancel the dentist appointment",
    "what if I moved the meeting to 5": "move the meeting to 5",
    "what would you do if I asked you to delete all my notes": "delete all my notes",
    "what would happen if I said “delete all my notes”?": "delete all my notes",
    "tell me what would happen if I undid the last change": "undo the last change",
    "what would happen if we removed bread and added milk": "remove bread and add milk",
    "what would change if I were to rename the list to groceries": "rename the list to groceries",
    "dry run: add milk to the shopping list": "add milk to the shopping list",
    "dry-run, delete all my notes": "delete all my notes",
    "do a dry run: cancel my 3 o'clock": "cancel my 3 o'clock",
    "pretend to add milk to the shopping list": "add milk to the shopping list",
    "pretend that I added milk to the shopping list": "add milk to the shopping list",
    "pretend I said delete all my notes": "delete all my notes",
    "just show me what it would do: remind me to call mum at 5": "remind me to call mum at 5",
    "show me what you would do: delete all my notes": "delete all my notes",
    "preview: delete the note about the cabin": "delete the note about the cabin",
    "simulate deleting all my notes": "delete all my notes",
    "add milk to the shopping list, but don't actually do it": "add milk to the shopping list",
    "delete all my notes (dry run)": "delete all my notes",
    "delete my notes, just tell me what you would do": "delete my notes",
    "without doing anything, delete my notes": "delete my notes",
    "don't do it, just show me what would happen: clear the list": "clear the list",
}
NOT_ASKED = (
    "what if it rains tomorrow?",
    "what would the weather be",
    "what's a dry run",
    "remind me to do a dry run at 5",
    "preview my calendar for tomorrow",
    "note that pretend play is fun",
    "what do I have on Tuesday?",
    "add milk",
    "what would happen if I deleted " + "x" * 10_000,
    "dry run",
    "",
)


@pytest.mark.parametrize(("said", "meant"), ASKED.items())
def test_the_request_inside_is_found(said: str, meant: str) -> None:
    assert previewed(said) == meant


@pytest.mark.parametrize("said", NOT_ASKED)
def test_anything_else_is_no_preview(said: str) -> None:
    assert previewed(said) is None


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        (said, verb)
        for verb, forms in {
            "delete": "deleted deleting",
            "add": "added adding",
            "cancel": "cancelled canceled cancelling",
            "stop": "stopped stopping",
            "empty": "emptied",
            "schedule": "scheduled",
            "send": "sent sending",
            "clear": "cleared",
            "share": "shared",
            "remember": "remembered",
            "call": "called",
        }.items()
        for said in forms.split()
    ],
)
def test_a_verb_is_led_back_to_its_plain_form(said: str, verb: str) -> None:
    assert plain_verb(said) == verb


async def burning(said: Turn, toolbox: Toolbox, emit: Emit) -> Answered | Passed:
    """A path that burns, puts, or uses a stranger's tool, as it is told."""
    outcome = await toolbox.call(Call(f"box_{said.text.split()[0]}", {"what": "cup"}, said.caller, confirmed=said.yes))
    await emit(Said(outcome.reason if isinstance(outcome, Failed) else getattr(outcome, "text", "")))
    return Answered()


async def answer(box: InMemory, events: Events, text: str) -> str:
    await climb(turn(text, yes=True), [Rung("reflex", burning)], Guarded(box), events)
    return "".join(said.text for said in events.all if isinstance(said, Said))


@pytest.mark.parametrize(("tool", "asks"), [("put", False), ("burn", True)])
async def test_a_turn_that_asks_what_would_happen_changes_nothing(
    box: InMemory, events: Events, tool: str, asks: bool
) -> None:
    said = await answer(box, events, f"dry run: {tool} the cup")
    assert said.startswith("Nothing was changed.")
    assert ("I would ask you first" in said) == asks
    assert not box.calls


async def test_a_strangers_tool_that_can_not_say_beforehand_is_not_called(box: InMemory, events: Events) -> None:
    reached: list[Call] = []

    def mail(call: Call) -> Failed:
        reached.append(call)
        return Failed("sent")

    box.add(Tool("box_mail", "Mail.", ANYTHING, Effect.IRREVERSIBLE, "box", previews=False), mail)
    said = await answer(box, events, "what would happen if I mailed the cup?")
    assert "can't say beforehand" in said
    assert not reached
