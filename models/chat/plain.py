"""Tools in plain words: for models whose server or template knows nothing of tools.

The form is the one that Hermes and Qwen were trained on, which most other models follow when told.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from models.chat.protocol import Message, ToolCall
from models.guess import ToolSchema

HOW = """You can call tools. To call one, answer with nothing but
<tool_call>
{"name": "the tool's name", "arguments": {"parameter": "value"}}
</tool_call>
The result comes back between <tool_response> and </tool_response>. If no tool is needed, answer in plain words.
The tools:
"""


def in_words(messages: Sequence[Message], tools: Sequence[ToolSchema]) -> list[Message]:
    """The same conversation without any tool message: tools in the system's words, calls and results in text."""
    lines = [plain_message(message) for message in messages]
    if not tools:
        return lines
    manual = HOW + "\n".join(described(tool) for tool in tools)
    if lines and lines[0].role == "system":
        return [replace(lines[0], content=f"{lines[0].content}\n\n{manual}"), *lines[1:]]
    return [Message("system", manual), *lines]


def plain_message(message: Message) -> Message:
    """One message, its calls or result written out."""
    if message.role == "tool":
        return Message("user", f"<tool_response>\n{message.content}\n</tool_response>")
    written = [message.content, *map(written_call, message.calls)]
    return Message(message.role, "\n".join(part for part in written if part))


def written_call(call: ToolCall) -> str:
    """A call as the model should write it."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = call.arguments
    row = {"name": call.name, "arguments": arguments}
    return f"<tool_call>\n{json.dumps(row, ensure_ascii=False)}\n</tool_call>"


def described(tool: ToolSchema) -> str:
    """A tool on one line."""
    row = {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)}
    return json.dumps(row, ensure_ascii=False)


def transcript(messages: Sequence[Message]) -> str:
    """A conversation for a model without any template, up to where it should go on."""
    return "".join(f"### {message.role}\n{message.content}\n\n" for message in messages) + "### assistant\n"
