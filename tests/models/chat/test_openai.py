"""The OpenAI-compatible backend against a real server on loopback that behaves as servers really do."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest

from models.chat.openai import OpenAIChat
from models.chat.protocol import Asks, Message, Piece, Text, ToolCall
from models.errors import ChatFault
from models.guess import ToolSchema
from tests.models.chat.server import Answers, ScriptedServer, asks, chunk, says

ASKED = [Message("system", "You are MuOS."), Message("user", "put milk on the list")]
TOOLS = [
    ToolSchema("lists_add", "Add to a list.", {"type": "object", "properties": {"items": {"type": "array"}}}),
    ToolSchema("lists_show", "Show a list.", {"type": "object", "properties": {}}),
]
MILK = {"items": ["milk"]}
MILK_JSON = json.dumps(MILK)


async def heard(
    *answers: Answers, tools: Sequence[ToolSchema] = TOOLS, silence: float = 5.0, retries: int = 1
) -> tuple[str, list[tuple[str, Any]], list[dict[str, Any]]]:
    """The words, the calls and what the server was asked, in one turn."""
    with ScriptedServer(*answers) as server:
        chat = OpenAIChat("tiny", server.url, silence=silence, retries=retries)
        try:
            pieces = [piece async for piece in chat.stream(ASKED, tools)]
        finally:
            await chat.aclose()
    calls = [piece.call for piece in pieces if isinstance(piece, Asks)]
    assert len({call.id for call in calls}) == len(calls)
    return said(pieces), [(call.name, json.loads(call.arguments)) for call in calls], server.asked


def said(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def part(name: str | None = None, arguments: Any = None, **more: Any) -> dict[str, Any]:
    return {"tool_calls": [{**more, "function": {"name": name, "arguments": arguments}}]}


def lines(*deltas: dict[str, Any], end: str = "tool_calls") -> Answers:
    return Answers([*map(chunk, deltas), chunk({}, end), "data: [DONE]"])


async def test_words_come_as_they_are_sent() -> None:
    with ScriptedServer(says("Hello ", "there.")) as server:
        chat = OpenAIChat("tiny", server.url)
        assert [piece async for piece in chat.stream(ASKED, TOOLS)] == [Text("Hello "), Text("there.")]
        await chat.aclose()
    [request] = server.asked
    assert request["model"] == "tiny"
    assert [tool["function"]["name"] for tool in request["tools"]] == ["lists_add", "lists_show"]


CALL_FORMS = {
    "in pieces": lines(
        part("lists_add", "", index=0, id="a"), part(None, '{"items":', index=0), part(None, ' ["milk"]}', index=0)
    ),
    "whole, without index or id": lines(part("lists_add", MILK_JSON)),
    "pieces without index": lines(part("lists_add", '{"items": '), part(None, '["milk"]}')),
    "the name with every piece": lines(
        part("lists_add", '{"items": ', index=0, id="a"), part("lists_add", '["milk"]}', index=0, id="a")
    ),
    "arguments as an object": lines(part("lists_add", MILK, index=0)),
    "as one message": Answers(
        ["data: " + json.dumps({"choices": [{"finish_reason": "stop", "message": part("lists_add", MILK_JSON)}]})]
    ),
    "as marked text": says("<tool", '_call>{"name": "lists_add", "argu', f'ments": {MILK_JSON}}}', "</tool_call>"),
    "as marked text that is not closed": says(f'<tool_call>\n{{"name": "lists_add", "arguments": {MILK_JSON}}}'),
    "as a fenced block": says("``", f'`json\n{{"name": "lists_add", "parameters": {MILK_JSON}}}\n', "```"),
    "as the whole answer": says('{"name": "lists_add"', f', "parameters": {MILK_JSON}}}'),
    "as a function": says(json.dumps({"type": "function", "function": {"name": "lists_add", "arguments": MILK_JSON}})),
    "after thinking": says(
        "<think>I should call </tool_call> it</think>\n\n",
        f'<tool_call>{{"name": "lists_add", "arguments": {MILK_JSON}}}</tool_call>',
    ),
}


@pytest.mark.parametrize("form", CALL_FORMS)
async def test_a_call_is_understood(form: str) -> None:
    words, calls, _ = await heard(CALL_FORMS[form])
    assert (words, calls) == ("", [("lists_add", MILK)])


PARALLEL_FORMS = {
    "by index": asks(("lists_add", MILK), ("lists_show", {})),
    "all with index 0": lines(part("lists_add", MILK_JSON, index=0, id="a"), part("lists_show", "{}", index=0, id="b")),
    "with the same id": lines(part("lists_add", MILK_JSON, index=0, id="a"), part("lists_show", "{}", index=1, id="a")),
    "without index": lines(part("lists_add", MILK_JSON), part("lists_show", "{}")),
    "as text": says(
        f'<tool_call>{{"name": "lists_add", "arguments": {MILK_JSON}}}</tool_call>\n',
        '<tool_call>{"name": "lists_show"}</tool_call>',
    ),
}


@pytest.mark.parametrize("form", PARALLEL_FORMS)
async def test_several_calls_at_once_are_all_understood(form: str) -> None:
    _, calls, _ = await heard(PARALLEL_FORMS[form])
    assert calls == [("lists_add", MILK), ("lists_show", {})]


SHOWN = {
    "a fenced block that is no call": (
        ["So:\n```json\n", '{"a": 1}\n``', "` done"],
        'So:\n```json\n{"a": 1}\n``` done',
    ),
    "an object that is no call": (['{"name": "rm_all", ', '"arguments": {}}'], '{"name": "rm_all", "arguments": {}}'),
    "what looks like a mark": (["a < b, a <tool", "s>, `x` and ``"], "a < b, a <tools>, `x` and ``"),
    "words around thinking": (["<thi", "nk>hm", "m</thi", "nk>\n\nYes", "."], "Yes."),
    "words after thinking begun in the prompt": (["</think>", "Yes."], "Yes."),
    "nothing of thinking that is not closed": (["<think>hmm"], ""),
}


@pytest.mark.parametrize("what", SHOWN)
async def test_the_person_is_shown(what: str) -> None:
    pieces, shown = SHOWN[what]
    words, calls, _ = await heard(says(*pieces))
    assert (words, calls) == (shown, [])


async def test_a_reasoning_field_is_not_shown() -> None:
    answer = lines({"reasoning_content": "hm", "reasoning": "hm", "content": None}, {"content": "Yes."}, end="stop")
    assert (await heard(answer))[0] == "Yes."


async def test_empty_choices_and_unknown_ends_do_no_harm() -> None:
    empty = ['data: {"choices": []}', 'data: {"usage": {}}', ": keep alive"]
    answer = Answers([*empty, chunk({"content": "Yes."}), chunk({}, "eos_token_reached"), *empty, "data: [DONE]"])
    assert (await heard(answer))[0] == "Yes."


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_server_is_asked_again(status: int) -> None:
    words, _, asked = await heard(Answers(status=status), says("Yes."))
    assert words == "Yes."
    assert len(asked) == 2


FAULTS = {
    "refused the key": Answers(status=401),
    "has no model 'tiny'": Answers(status=404),
    "busy": Answers(status=429),
    r"an error \(500: out of memory\)": Answers(status=500, body={"error": {"message": "out of memory"}}),
    r"an error \(503": Answers(status=503),
    "cut off": Answers([chunk({"content": "Hel"})], cut=True),
    "was cut off in the middle": Answers([chunk({"content": "Hel"})]),
    "gave no answer": Answers(['data: {"choices": []}', "data: [DONE]"]),
    "did not answer in time": Answers([chunk({"content": "Hel"})], silent=True),
    "can't be read": Answers(["data: {not json"]),
    "an answer that can't be read": Answers(['data: {"choices": 5}']),
    "can't be read.": Answers(["data: 5"]),
    "broke off with an error: no memory": Answers(['data: {"error": {"message": "no memory."}}']),
    "without naming it": lines(part(None, "{}", index=0)),
    "no end": Answers([chunk({"content": "x" * 200_000})]),
}


@pytest.mark.parametrize("reason", FAULTS)
async def test_a_fault_is_one_clear_sentence(reason: str) -> None:
    with pytest.raises(ChatFault, match=reason) as fault:
        await heard(FAULTS[reason], silence=0.2)
    assert "\n" not in str(fault.value)


async def test_retries_are_bounded() -> None:
    with ScriptedServer(Answers(status=503)) as server:
        chat = OpenAIChat("tiny", server.url, retries=2)
        with pytest.raises(ChatFault):
            await anext(aiter(chat.stream(ASKED, TOOLS)))
        await chat.aclose()
    assert len(server.asked) == 3


async def test_a_server_that_is_not_there_can_not_be_reached() -> None:
    with ScriptedServer() as server:
        gone = server.url
    chat = OpenAIChat("tiny", gone, retries=0)
    with pytest.raises(ChatFault, match="can't be reached"):
        await anext(aiter(chat.stream(ASKED, TOOLS)))
    await chat.aclose()


async def test_a_model_that_takes_no_tools_is_given_them_in_words() -> None:
    refusal = Answers(status=400, body={"error": {"message": "tiny does not support tools"}})
    call = says(f'<tool_call>{{"name": "lists_add", "arguments": {MILK_JSON}}}</tool_call>')
    _, calls, asked = await heard(refusal, call)
    assert calls == [("lists_add", MILK)]
    assert "tools" not in asked[1]
    assert "lists_show" in asked[1]["messages"][0]["content"]


async def test_without_a_name_the_first_talking_model_of_the_server_is_taken() -> None:
    with ScriptedServer(says("Yes."), models=["nomic-embed", "small", "big"]) as server:
        chat = OpenAIChat(None, server.url)
        assert said([piece async for piece in chat.stream(ASKED, ())]) == "Yes."
        await chat.aclose()
    assert (chat.name, server.asked[0]["model"]) == ("small", "small")


async def test_a_server_without_any_model_says_so() -> None:
    with ScriptedServer(says("Yes."), models=[]) as server:
        chat = OpenAIChat(None, server.url)
        with pytest.raises(ChatFault, match="no model yet"):
            await anext(aiter(chat.stream(ASKED, ())))
        await chat.aclose()


async def test_results_go_back_in_the_protocols_own_form() -> None:
    call = ToolCall("c1", "lists_add", MILK_JSON)
    done = [*ASKED, Message("assistant", "", (call,)), Message("tool", "Added.", call_id="c1")]
    with ScriptedServer(says("Done.")) as server:
        chat = OpenAIChat("tiny", server.url)
        assert said([piece async for piece in chat.stream(done, TOOLS)]) == "Done."
        await chat.aclose()
    assert server.asked[0]["messages"][2]["tool_calls"][0]["function"] == {"name": "lists_add", "arguments": MILK_JSON}
    assert server.asked[0]["messages"][3] == {"role": "tool", "content": "Added.", "tool_call_id": "c1"}


async def test_an_answer_that_is_left_early_holds_no_connection() -> None:
    with ScriptedServer(Answers([chunk({"content": "Hel"})], silent=True)) as server:
        chat = OpenAIChat("tiny", server.url)
        async with aclosing(chat.stream(ASKED, ())) as pieces:
            assert await anext(pieces) == Text("Hel")
        await chat.aclose()
