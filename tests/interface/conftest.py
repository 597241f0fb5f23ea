"""A whole MuOS, served over HTTP on a free port of this machine, for all tests of the ways in over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, expect, sync_playwright

from interface.http.app import build_app
from interface.http.guard import COOKIE
from interface.http.server import Server, take_address
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.tokens import Tokens
from tests.interface.browsing import CHROMIUM, FLAGS, PATIENCE_MS, Looking

STARTING = 60.0
"""Seconds that a hub may take to come up on a busy machine."""


@dataclass(frozen=True)
class Site:
    """Where it is served, and the hub behind it with the event loop it runs in."""

    url: str
    hub: Hub
    portal: BlockingPortal


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One real hub with its real services. Tests keep apart by speaking as members of their own."""
    home: Path = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, port=0, zone="Europe/Paris")
    with (
        take_address(settings.host, settings.port) as listener,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(open_hub(settings)) as hub,
    ):
        portal.call(hub.keep_watch)
        server = Server(build_app(hub))
        serving = portal.start_task_soon(server.serve, [listener])
        portal.call(until_ready, server)
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", hub, portal)
        server.should_exit = True
        serving.result()


async def until_ready(server: Server) -> None:
    """Wait for the server to take requests."""
    with anyio.fail_after(STARTING):
        await server.ready.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        yield browser


@pytest.fixture
def looking(browser: Browser, site: Site) -> Iterator[Looking]:
    """The page of a member of its own; it must not complain, nor ask for anything from elsewhere."""
    member = f"Ann{uuid4().hex[:8]}"
    complaints: list[str] = []
    expect.set_options(timeout=PATIENCE_MS)
    with browser.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda made: None if made.url.startswith(site.url) else complaints.append(made.url))
        token = Tokens(site.hub.engine).make(member)
        context.add_cookies([{"name": COOKIE, "value": token, "url": site.url}])
        page.goto(site.url)
        yield Looking(page, member, site.url, site.hub)
    assert complaints == []
