"""A chat model from a folder of safetensors, run in this process: no server, nothing fetched.

Must stay true: it works only while its answer is being taken, so a turn that is cancelled stops it, and it never
holds up the event loop. One answer at a time. The loading and the speaking themselves are in `weights.py`.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from models.chat.answer import Answer
from models.chat.protocol import Asks, Message, Piece, Text
from models.errors import ChatFault
from models.guess import ToolSchema

logger = logging.getLogger(__name__)

LOADING = 300.0
"""Seconds that loading may take: some gigabytes from a slow disk."""
MOST = 1_024
"""Tokens of one answer."""
NEEDED = ("torch", "transformers", "safetensors", "llguidance")
REFUSED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
"""Pickled weights, which can run any code when they are loaded."""
OPEN_THINKING = "<think>"


class LocalChat:
    """A model in a folder."""

    def __init__(self, folder: Path, *, most: int = MOST, temperature: float = 0.0, force_call: bool = False) -> None:
        """`force_call`: every answer must be a call. Raises ChatFault for a folder that can't be used."""
        check_folder(folder)
        self.name = folder.name
        self.folder = folder
        self.most = most
        self.temperature = temperature
        self.force_call = force_call
        self._weights: Any = None
        self._loading = threading.Lock()
        self._one = anyio.Semaphore(1)

    async def stream(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> AsyncGenerator[Piece, None]:
        """The answer as it comes; calls at its end. Raises ChatFault."""
        async with self._one:
            weights = await self._loaded()
            prompt = await anyio.to_thread.run_sync(weights.prompt, messages, tools)
            begin = partial(weights.answer, prompt, tools, self.most, self.temperature, self.force_call)
            answer = Answer([tool.name for tool in tools], thinking=prompt.rstrip().endswith(OPEN_THINKING))
            with closing(begin()) as pieces:
                while (piece := await anyio.to_thread.run_sync(step, pieces)) is not None:
                    if words := answer.hear(piece):
                        yield Text(words)
        if words := answer.end():
            yield Text(words)
        for call in answer.calls:
            yield Asks(call)

    async def aclose(self) -> None:
        """Let go of the weights."""
        self._weights = None

    async def _loaded(self) -> Any:
        try:
            with anyio.fail_after(LOADING):
                return await anyio.to_thread.run_sync(self._load, abandon_on_cancel=True)
        except TimeoutError:
            raise ChatFault(f"Loading the model {self.name} took longer than {LOADING:.0f} seconds.") from None

    def _load(self) -> Any:
        with self._loading:
            if self._weights is None:
                try:
                    self._weights = importlib.import_module("models.chat.weights").Weights(self.folder)
                except Exception as fault:  # transformers raises bare exceptions of every kind
                    logger.warning("the chat model in %s can't be loaded", self.folder, exc_info=True)
                    reason = " ".join(str(fault).split())[:200]
                    raise ChatFault(f"The model in {str(self.folder)!r} can't be loaded: {reason}") from fault
            return self._weights


def step(pieces: Iterator[str]) -> str | None:
    """The next piece; None at the end. Raises ChatFault."""
    try:
        return next(pieces, None)
    except ChatFault:
        raise
    except (RuntimeError, ValueError, IndexError) as fault:  # torch: out of memory; llguidance: too complex
        logger.warning("the local chat model broke off", exc_info=True)
        raise ChatFault(f"The model broke off: {' '.join(str(fault).split())[:200]}") from fault


def check_folder(folder: Path) -> None:
    """Raises ChatFault where the folder has no weights that we load, or the extra is not installed."""
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        pickled = sorted(path.name for path in folder.iterdir() if path.suffix in REFUSED)
        if pickled:
            raise ChatFault(
                f"{pickled[0]!r} in {str(folder)!r} is a pickle, which may run any code when it is loaded."
                " MuOS loads safetensors only."
            )
        raise ChatFault(f"{str(folder)!r} has no config.json with *.safetensors beside it.")
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ChatFault(f"A local model needs {', '.join(missing)}: install MuOS with the extra `local`.")
