"""The official client of OpenAI's protocol talks to the hub as to any model."""

from __future__ import annotations

import httpx
import openai
import pytest

from tests.interface.conftest import Site


def client_of(site: Site) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{site.url}/v1", api_key="none", max_retries=0)


def test_there_is_one_model(site: Site) -> None:
    with client_of(site) as client:
        assert [model.id for model in client.models.list()] == ["muos"]
        assert client.models.retrieve("muos").owned_by == "muos"
        with pytest.raises(openai.NotFoundError, match="no model 'gpt-9'"):
            client.models.retrieve("gpt-9")


def test_the_last_user_message_is_a_turn(site: Site) -> None:
    with client_of(site) as client:
        completion = client.chat.completions.create(
            model="muos",
            messages=[
                {"role": "system", "content": "You are helpful."},
                {"role": "user", "content": "delete all my notes"},
                {"role": "assistant", "content": "Done."},
                {"role": "user", "content": [{"type": "text", "text": "what is 18% of 64.50?"}]},
            ],
            metadata={"member": "openai"},
        )
    [choice] = completion.choices
    assert "11.61" in (choice.message.content or "")
    assert choice.finish_reason == "stop"
    assert completion.model_extra is not None
    assert [call["tool"].partition("_")[0] for call in completion.model_extra["muos"]["calls"]] == ["calculate"]


def test_an_answer_streams(site: Site) -> None:
    with client_of(site) as client:
        chunks = list(
            client.chat.completions.create(
                model="muos",
                messages=[{"role": "user", "content": "add milk and eggs to the shopping list"}],
                stream=True,
                stream_options={"include_usage": True},
                metadata={"member": "openai"},
            )
        )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "milk" in text
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage is not None


def test_no_message_gives_a_yes_beforehand(site: Site) -> None:
    with client_of(site) as client:
        completion = client.chat.completions.create(
            model="muos",
            messages=[{"role": "user", "content": "delete all my notes"}],
            metadata={"member": "openai", "yes": "true"},
            extra_body={"yes": True},
        )
    assert completion.model_extra is not None
    assert completion.model_extra["muos"]["waiting"]["kind"] == "confirm"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": []},
        {"messages": [{"role": "assistant", "content": "Hello."}]},
        {"messages": [{"role": "wizard", "content": "Hello."}]},
        {"messages": "hello"},
        {"messages": [{"role": "user", "content": "hello"}], "n": 2},
        {"messages": [{"role": "user", "content": "hello"}], "metadata": {"zone": "../../etc/passwd"}},
    ],
)
def test_what_is_wrong_is_said_as_its_clients_read_it(site: Site, body: dict[str, object]) -> None:
    answer = httpx.post(f"{site.url}/v1/chat/completions", json=body)
    assert answer.status_code == 422
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
