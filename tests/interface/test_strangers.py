"""A stranger is added to a hub that runs, from the command line and over HTTP, and is gone again without a restart."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from interface.cli.main import run
from interface.running import Running, announced
from tests.interface.conftest import Site
from tests.services.strangers.conftest import tool, written


def post(site: Site, path: str, **given: Any) -> httpx.Response:
    return httpx.post(f"{site.url}/api/strangers/{path}", json=given, timeout=60)


def tools(site: Site) -> set[str]:
    return {row["name"] for row in httpx.get(f"{site.url}/api/tools", timeout=60).json()}


def test_a_running_hub_takes_it_in_and_lets_it_go(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "elsewhere"
    command = shlex.join(written(folder, tool("peek"), tool("poke", reads=None)))
    address, home = urlsplit(site.url), site.hub.settings.home
    assert address.hostname is not None
    assert address.port is not None
    with announced(home, Running(address.hostname, address.port, os.getpid())):
        added = ["services", "add", command, "--name", "guest", "--read", str(folder), "--env", "SECRET_WORD=xyzzy"]
        assert run([*added, "--yes", "--json", "--home", str(home)]) == 0
        assert json.loads(capsys.readouterr().out)["state"] == "approved"
        assert {"guest_peek", "guest_poke"} <= tools(site)
        assert run(["call", "guest_peek", "{}", "--json", "--home", str(home)]) == 0
        assert "xyzzy" in capsys.readouterr().out

        written(folder, tool("peek", "Look twice."))
        assert post(site, "guest/trust", tool="poke", trust="read").json()["tools"][1]["effect"] == "read"
        site.portal.call(site.hub.supervisor.restart, "guest")
        assert "guest_peek" not in tools(site)
        seen = post(site, "guest/review").json()
        assert (seen["state"], seen["gone"]) == ("changed", ["poke"])
        assert post(site, "guest/approve", digest="0" * 64).status_code == 409
        assert post(site, "guest/approve", digest=seen["digest"]).json()["state"] == "approved"
        assert "guest_peek" in tools(site)

        assert run(["services", "remove", "guest", "--yes", "--home", str(home)]) == 0
        assert "guest_peek" not in tools(site)


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("clock/review", {}, 409),
        ("nobody/approve", {"digest": "0"}, 409),
        ("clock/dance", {}, 422),
        ("clock/trust", {"trust": "reversible"}, 422),
        ("UP/review", {}, 422),
    ],
)
def test_what_is_no_stranger_is_told_in_words(site: Site, path: str, given: dict[str, Any], status: int) -> None:
    answer = post(site, path, **given)
    assert answer.status_code == status
    assert answer.json()["error"]
