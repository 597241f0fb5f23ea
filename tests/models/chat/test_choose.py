"""The settings name a model: behind a server, or in a folder."""

from pathlib import Path

import pytest

from models.chat import local
from models.chat.choose import chat_of, choose_chat
from models.chat.local import LocalChat
from models.chat.openai import DEFAULT_URL, OpenAIChat
from models.errors import ChatFault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").touch()
    return tmp_path


async def test_a_name_is_a_model_of_the_server_on_this_machine() -> None:
    chat = choose_chat("qwen3:4b")
    assert isinstance(chat, OpenAIChat)
    assert (chat.name, chat.base_url) == ("qwen3:4b", DEFAULT_URL)
    await chat.aclose()


async def test_a_server_may_be_named_alone_or_with_a_model() -> None:
    for model in (None, "org/model"):
        chat = choose_chat(model, "http://127.0.0.1:9/v1", "key")
        assert isinstance(chat, OpenAIChat)
        assert (chat.name, chat.base_url) == (model or "", "http://127.0.0.1:9/v1")
        await chat.aclose()


def test_a_folder_is_a_local_model_and_nothing_is_loaded_yet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "NEEDED", ())
    assert isinstance(choose_chat(str(folder)), LocalChat)


def test_without_the_extra_a_folder_is_refused_with_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "NEEDED", ("no_such_package",))
    with pytest.raises(ChatFault, match=r"no_such_package: install MuOS with the extra `local`"):
        choose_chat(str(folder))


async def test_a_wrong_setting_is_told_on_each_turn_and_stops_nothing_else(tmp_path: Path) -> None:
    chat = chat_of(str(tmp_path / "none"))
    for _ in range(2):
        with pytest.raises(ChatFault, match="no folder"):
            await anext(chat.stream((), ()))
    await chat.aclose()
