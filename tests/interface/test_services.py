"""The services over the hub's API: listed, measured, read about and looked after."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.interface.conftest import Site

NAME = "convert"
"""A service that no other test here uses."""


@pytest.fixture
def http(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{site.url}/api", timeout=60) as http:
        yield http
        http.post(f"/services/{NAME}/wake")


def offered(http: httpx.Client) -> set[str]:
    return {tool["service"] for tool in http.get("/tools").json()}


def test_each_service_has_a_row_with_its_state(http: httpx.Client) -> None:
    rows = {row["name"]: row for row in http.get("/services").json()}
    assert rows[NAME]["title"]
    assert rows[NAME]["tools"] > 0
    assert {"state", "pid", "calls", "failed", "restarts", "swaps", "error", "waiting"} <= rows[NAME].keys()


def test_a_service_is_put_to_rest_and_woken(http: httpx.Client) -> None:
    rested = http.post(f"/services/{NAME}/rest", json={"member": "ann"}).json()
    assert rested["state"] == "withdrawn"
    assert "brings it back" in rested["text"]
    assert NAME not in offered(http)
    assert http.post(f"/services/{NAME}/restart").status_code == 409
    assert http.post(f"/services/{NAME}/wake").json()["text"].endswith("is back.")
    assert NAME in offered(http)


def test_a_service_is_swapped_and_restarted(http: httpx.Client) -> None:
    before = http.get(f"/services/stats?name={NAME}").json()[0]
    swapped = http.post(f"/services/{NAME}/swap").json()
    assert swapped["text"].endswith(": the same tools.")
    restarted = http.post(f"/services/{NAME}/restart").json()
    assert restarted["pid"] not in {0, swapped["pid"]}
    after = http.get(f"/services/stats?name={NAME}").json()[0]
    assert (after["swaps"], after["restarts"]) == (before["swaps"] + 1, before["restarts"] + 1)
    assert after["use"]["resident_mb"] > 0
    assert isinstance(http.get(f"/services/{NAME}/logs?lines=5").json(), list)


@pytest.mark.parametrize("path", ["nobody/restart", "nobody/swap", "nobody/rest", "nobody/wake", f"{NAME}/explode"])
def test_what_is_not_there_is_not_found(path: str, http: httpx.Client) -> None:
    assert http.post(f"/services/{path}").status_code == 404
    assert http.get("/services/stats?name=nobody").status_code == 404
