"""Which chat model the settings mean: a folder, or a model behind a server."""

from __future__ import annotations

import logging
from pathlib import Path

from models.chat.local import LocalChat
from models.chat.openai import OpenAIChat
from models.chat.protocol import Chat
from models.chat.scripted import ScriptedChat
from models.errors import ChatFault

logger = logging.getLogger(__name__)

PATH_STARTS = ("/", "./", "../", "~")
"""What looks like this is a path, and no server's name of a model."""


def choose_chat(model: str | None, base_url: str | None = None, api_key: str | None = None) -> Chat:
    """The chat model that is meant; nothing is loaded or asked yet. Raises ChatFault."""
    folder = Path(model).expanduser() if model else None
    if folder is not None and folder.is_dir() and not base_url:
        return LocalChat(folder)
    if model and model.startswith(PATH_STARTS) and not base_url:
        raise ChatFault(f"There is no folder {model!r}.")
    return OpenAIChat(model, base_url, api_key)


def chat_of(model: str | None, base_url: str | None = None, api_key: str | None = None) -> Chat:
    """The same, but where there is none, one that says why on every turn: all else must go on."""
    try:
        return choose_chat(model, base_url, api_key)
    except ChatFault as fault:
        logger.warning("no chat model: %s", fault)
        return ScriptedChat(fault)
