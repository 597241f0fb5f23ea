"""What tests of the page in a real browser share."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Locator, Page, Request, Route

from interface.hub import Hub
from memory.note import Note, Scope

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PATIENCE_MS = 20_000
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@dataclass
class Looking:
    """A member's page, with all that the member said and is told."""

    page: Page
    member: str
    url: str
    hub: Hub

    @property
    def sheet(self) -> Locator:
        """The sheet that lies over the talk."""
        return self.page.locator("dialog.sheet")

    @property
    def memos(self) -> Locator:
        """The notes of the timeline that are in the document."""
        return self.page.locator("dialog.sheet .page .memo")

    def open(self, tab: str = "Timeline") -> Locator:
        """The sheet of memory at one of its tabs."""
        self.page.get_by_role("button", name="Memory", exact=True).click()
        self.page.get_by_role("tab", name=tab, exact=True).click()
        return self.sheet

    def hears(
        self, *texts: str, ago: timedelta = timedelta(), room: str = "home", scope: Scope = Scope.PRIVATE
    ) -> None:
        """The member said these, one minute after the other, the last of them that long ago."""
        when = datetime.now(UTC) - ago
        for back, text in enumerate(reversed(texts)):
            said = when - timedelta(minutes=back)
            self.hub.memory.remember(Note(text, self.member, said, self.member, room=room, scope=scope))

    def recalls(self, query: str) -> list[str]:
        """What memory finds for the member."""
        found = httpx.post(f"{self.url}/api/recall", json={"query": query, "member": self.member}).json()
        return [row["text"] for row in found]


def speak_as(member: str, route: Route, request: Request) -> None:
    """Send the page's request on in the member's name."""
    if request.method == "POST":
        body: dict[str, object] = request.post_data_json or {}
        route.continue_(post_data=body | {"member": member})
    else:
        route.continue_(url=f"{request.url}{'&' if '?' in request.url else '?'}member={member.replace(' ', '%20')}")


def say(page: Page, text: str) -> None:
    """Ask it in the talk."""
    page.get_by_label("Your request").fill(text)
    page.keyboard.press("Enter")


def width_needed(page: Page) -> int:
    """Pixels that the page is wide, seen or not."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


FAINT_WORDS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data; };
  const light = (c) => [0, 1, 2].map((i) => c[i] / 255).map((v) => v <= .03928
    ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = (el) => { for (; el; el = el.parentElement) {
    const c = rgba(getComputedStyle(el).backgroundColor); if (c[3] > 200) return c; } return [255, 255, 255]; };
  const faint = [];
  const walker = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || el.closest('.unseen, :disabled, style')) continue;
    const [a, b] = [light(rgba(getComputedStyle(el).color)), light(behind(el))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(`${walker.currentNode.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
"""Texts whose contrast with what lies behind them is below 4.5."""
