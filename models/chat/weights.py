"""Weights of a local chat model, loaded with transformers and made to speak, token by token.

Must stay true: only safetensors are read, no code that comes with a model is run, and nothing is fetched. Blocks:
whoever uses it does so in a thread. Importing this takes seconds, so `local.py` does it on first use.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from jinja2 import TemplateError
from llguidance.hf import from_tokenizer
from tokenizers.decoders import DecodeStream

from models.chat.constrain import Reins, grammar
from models.chat.plain import in_words, transcript
from models.chat.protocol import Message
from models.errors import ChatFault
from models.guess import ToolSchema

THREADS = 8
"""Processor threads at the very most; one core is left to the hub, as waiting threads of torch spin."""
BITE = 128
"""Tokens of the prompt that are read at once: between two bites a turn can be cancelled."""
ROOM = 64
"""Tokens that must be left for the answer."""
NO_LIMIT = 1 << 20
MARKS = ("<tool_response>", "</tool_response>", "<tool_call>", "</tool_call>")
"""Marks of the conversation's own that no message may bring along."""


class Weights:
    """A causal language model with its tokenizer."""

    def __init__(self, folder: Path) -> None:
        """Raises what transformers raises for a folder that it can't load."""
        torch.set_num_threads(min(THREADS, max(1, (os.cpu_count() or 1) - 1)))
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # it has no types
        safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, **safe)
        self._tokenizer = tokenizer
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(
            folder, use_safetensors=True, dtype="auto", **safe
        )
        if self._device == "cpu" and model.dtype == torch.float16:
            model = model.float()  # processors reckon in it slowly or not at all
        self._model = model.eval().to(self._device)
        self._ends = ends_of(model, tokenizer)
        vocabulary = max(int(model.config.get_text_config().vocab_size), len(tokenizer))
        self._grammar_tokens = from_tokenizer(tokenizer, vocabulary, sorted(self._ends))
        added = tokenizer.added_tokens_decoder.values()
        self._special = sorted({token.content for token in added if token.special} | set(MARKS), key=len, reverse=True)
        self._special_calls = any(token.content == "<tool_call>" and token.special for token in added)
        self._last_only = "logits_to_keep" in inspect.signature(model.forward).parameters

    @property
    def context(self) -> int:
        """Tokens that fit into a conversation."""
        config = self._model.config.get_text_config()
        return int(getattr(config, "max_position_embeddings", None) or NO_LIMIT)

    def prompt(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> str:
        """The conversation as this model was trained to read it, or in plain words where its template can't."""
        clean = [self._cleaned(message) for message in messages]
        if not self._tokenizer.chat_template:
            return transcript(in_words(clean, tools))
        text = self._templated([template_row(message) for message in clean], [tool_row(tool) for tool in tools])
        if text is not None and all(tool.name in text for tool in tools):
            return text
        plain = [{"role": line.role, "content": line.content} for line in in_words(clean, tools)]
        return self._templated(plain, []) or transcript(in_words(clean, tools))

    def answer(
        self, prompt: str, tools: Sequence[ToolSchema], most: int, temperature: float = 0.0, force_call: bool = False
    ) -> Iterator[str]:
        """The answer in pieces, some empty: each step is short. Raises ChatFault for a prompt that is too long."""
        ids = self._tokenizer(prompt, add_special_tokens=not self._tokenizer.chat_template)["input_ids"]
        if len(ids) + ROOM > self.context:
            raise ChatFault(f"This conversation is too long for the model: {len(ids)} of {self.context} tokens.")
        reins = Reins(self._grammar_tokens, grammar(tools, force_call, self._special_calls)) if tools else None
        written = DecodeStream(skip_special_tokens=False)
        cache, logits = None, None
        for start in range(0, len(ids), BITE):
            logits, cache = self._read(ids[start : start + BITE], cache)
            yield ""
        for _ in range(min(most, self.context - len(ids))):
            token = choose(logits, reins, temperature)
            if token in self._ends:
                return
            yield written.step(self._tokenizer.backend_tokenizer, token) or ""
            if reins is not None:
                reins.take(token)
                if reins.done:
                    return
            logits, cache = self._read([token], cache)

    @torch.inference_mode()
    def _read(self, ids: Sequence[int], cache: Any) -> tuple[Any, Any]:
        """Logits of the token after these, and the state to go on from."""
        last = {"logits_to_keep": 1} if self._last_only else {}
        row = torch.tensor([list(ids)], device=self._device)
        out = self._model(input_ids=row, past_key_values=cache, use_cache=True, **last)
        return out.logits[0, -1, :].float().cpu(), out.past_key_values

    def _cleaned(self, message: Message) -> Message:
        """Without the marks that only the template may set: a result can't end its own message and begin another."""
        text = message.content
        while any(mark in text for mark in self._special):  # taking one out may join another
            for mark in self._special:
                text = text.replace(mark, "")
        return Message(message.role, text, message.calls, message.call_id)

    def _templated(self, rows: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str | None:
        """None where the template refuses: many know no system message, or no tools."""
        render: Callable[..., Any] = self._tokenizer.apply_chat_template
        try:
            return str(render(rows, tools=tools or None, add_generation_prompt=True, tokenize=False))
        except (TemplateError, ValueError, TypeError, KeyError):
            return None


def choose(logits: Any, reins: Reins | None, temperature: float) -> int:
    """The next token: the likeliest that is allowed, or drawn among them."""
    if reins is not None:
        allowed = torch.from_numpy(reins.allowed(len(logits)))
        logits = logits.masked_fill(~allowed, -torch.inf)
    if temperature <= 0:
        return int(logits.argmax())
    return int(torch.multinomial(torch.softmax(logits / temperature, -1), 1))


def ends_of(model: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens that end an answer."""
    given = model.generation_config.eos_token_id
    several = given if isinstance(given, list) else [given]
    return frozenset(int(token) for token in [*several, tokenizer.eos_token_id] if token is not None)


def template_row(message: Message) -> dict[str, Any]:
    """A message as chat templates take it: arguments as objects, not as text."""
    row: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.calls:
        row["tool_calls"] = [
            {"type": "function", "id": call.id, "function": {"name": call.name, "arguments": call.object}}
            for call in message.calls
        ]
    if message.role == "tool":
        row["tool_call_id"] = message.call_id
    return row


def tool_row(tool: ToolSchema) -> dict[str, Any]:
    """A tool as chat templates take it."""
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)}
    return {"type": "function", "function": function}
