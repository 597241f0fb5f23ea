"""The web for a service: fetch an address, politely and safely, with copies for when the network is gone.

    page = ctx.web.get("https://api.example.org/v1", {"q": "Paris"}, fresh_for=timedelta(hours=1))
    page.json(), page.age, page.note

Must stay true: every connection, that of each redirect too, comes from the hub's gate; a request ends within its
time and its size; what goes wrong is a `WebFault`, a Refusal in one plain sentence that names the host.

Not covered: cookies, scripts, authentication other than by a password, HTTP/2.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.kit.decoding import text_of
from services.kit.hops import LASTING, REDIRECTS, BadAddress, Hop, Params, first_hop, next_hop
from services.kit.pages import LONGEST_HOLD, Copy, Pages
from services.kit.speech import spoken_duration
from services.kit.webfault import WebFault, as_fault, status_fault

MOST_BYTES = 2 * 1024 * 1024
SECONDS = 15.0
MOST_HOPS = 5
AGENT = "MuOS/0.1 (household assistant{service})"
STANDS_IN = frozenset({"offline", "slow", "unreachable", "refused", "limited", "broken", "cut"})
"""Faults for which an older copy is better than nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered."""

    status: int
    url: str
    """Where it was found in the end, after redirects."""
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    age: timedelta = timedelta(0)
    """Since it was fetched; nothing for what came just now."""
    stale: bool = False
    """An older copy, given because asking again failed."""
    why: str = ""
    """Of an older copy: why asking again failed, in a sentence."""
    moved: bool = False
    """The address that was asked for has moved to `url` for good."""

    @property
    def host(self) -> str:
        """For sentences."""
        return urlsplit(self.url).hostname or self.url

    @property
    def text(self) -> str:
        """The body as text."""
        return text_of(self.body, self.headers.get("content-type", ""))

    def json(self) -> Any:
        """The body read as JSON. Raises WebFault."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise WebFault("nonsense", f"{self.host} answered with something that I can't read.") from None

    @property
    def note(self) -> str:
        """For the person, at the end of a sentence: " (as of 3 hours ago; I can't reach it now)"; empty when fresh."""
        return f" (as of {spoken_duration(self.age)} ago; I can't reach it now)" if self.stale else ""


@functools.cache
def transport() -> Any:
    """This process's connections; loaded late, for most calls need none, and loading takes 20 ms and more."""
    return importlib.import_module("services.kit.transport").Transport()


class Web:
    """What a call may ask of the web."""

    def __init__(self, folder: Path | None = None, now: datetime | None = None, service: str = "", via: Any = None):
        """`folder`: where copies are kept; `via`: a Transport other than this process's own."""
        self._pages = Pages(folder) if folder is not None else None
        self._now = now or datetime.now(UTC)
        self._agent = AGENT.format(service=f"; {service}" if service else "")
        self._via = via

    def get(
        self,
        url: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        fresh_for: timedelta | None = None,
        most_bytes: int = MOST_BYTES,
        seconds: float = SECONDS,
    ) -> Page:
        """The page at an address. Raises WebFault, also for every status of 400 and more.

        With `fresh_for`, a copy no older than that is given without asking, and an older one when asking fails.
        """
        hop = self._first("GET", url, params, headers or {}, b"")
        if fresh_for is None or self._pages is None:
            return self._successful(hop, most_bytes, seconds)
        key = key_of(hop)
        copy = self._pages.get(key, self._now)
        if copy is not None and self._age(copy) <= fresh_for:
            return self._kept(copy)
        try:
            return self._renewed(hop, key, copy, most_bytes, seconds)
        except WebFault as fault:
            if copy is None or fault.code not in STANDS_IN:
                raise
            return self._kept(copy, str(fault))

    def request(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        params: Params | None = None,
        most_bytes: int = MOST_BYTES,
        seconds: float = SECONDS,
    ) -> Page:
        """Any request, never from a copy. Raises WebFault; of statuses, only for 429 and those of 500 and more."""
        given = dict(headers or {})
        if auth is not None:
            given["authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        page = self._follow(self._first(method, url, params, given, body), most_bytes, seconds)
        if page.status == 429 or page.status >= 500:
            raise self._status_fault(page)
        return page

    # One request with its redirects

    def _first(self, method: str, url: str, params: Params | None, headers: Mapping[str, str], body: bytes) -> Hop:
        try:
            return first_hop(method, url, params, {"user-agent": self._agent, "accept": "*/*", **headers}, body)
        except BadAddress as fault:
            raise WebFault("address", f"{fault}.") from None

    def _successful(self, hop: Hop, most_bytes: int, seconds: float) -> Page:
        page = self._follow(hop, most_bytes, seconds)
        if page.status >= 400:
            raise self._status_fault(page)
        return page

    def _status_fault(self, page: Page) -> WebFault:
        fault = status_fault(page.status, page.headers, page.host, self._now)
        if fault.code == "limited" and self._pages is not None:
            wait = min(fault.retry_after or timedelta(minutes=1), LONGEST_HOLD)
            self._pages.hold(page.host, self._now + wait)
        return fault

    def _follow(self, hop: Hop, most_bytes: int, seconds: float) -> Page:
        """The answer at the end of the redirects. Raises WebFault."""
        until, moved = time.monotonic() + seconds, False
        for number in range(MOST_HOPS + 1):
            answered = self._ask(hop, most_bytes, until)
            location = answered.headers.get("location")
            if answered.status not in REDIRECTS or not location:
                return Page(answered.status, str(hop.url), answered.headers, answered.body, moved=moved)
            moved = answered.status in LASTING and (moved or number == 0)
            try:
                hop = next_hop(hop, answered.status, location)
            except BadAddress as fault:
                code = "insecure" if "encryption" in str(fault) else "address"
                raise WebFault(code, f"{fault}, so I stopped.") from None
        raise WebFault("redirects", f"{hop.host} keeps sending me on to other addresses.")

    def _ask(self, hop: Hop, most_bytes: int, until: float) -> Any:
        """One answer; a GET whose connection was cut before any answer came is sent once more."""
        held = self._pages.held(hop.host, self._now) if self._pages is not None else None
        if held is not None:
            wait = held - self._now
            text = f"{hop.host} wants to be asked less often. Try again in {spoken_duration(wait)}."
            raise WebFault("limited", text, 429, wait)
        module = importlib.import_module("services.kit.transport")
        via = self._via or transport()
        asked = module.Asked(hop.method, hop.url, hop.headers, hop.body, most_bytes, until)
        for tries_left in (1, 0):
            try:
                return via.exchange(asked)
            except Exception as error:  # mapped whatever it is: as_fault knows each kind
                fault = as_fault(error, hop.host)
                if fault.code != "cut" or hop.method not in {"GET", "HEAD"} or not tries_left:
                    raise fault from error
        raise AssertionError("unreachable")

    # Copies

    def _renewed(self, hop: Hop, key: str, copy: Copy | None, most_bytes: int, seconds: float) -> Page:
        """Fetched, or confirmed by the server to be the same as the copy; and kept. Raises WebFault."""
        assert self._pages is not None
        page = self._follow(replace(hop, headers={**hop.headers, **conditions(copy)}), most_bytes, seconds)
        if page.status == 304 and copy is not None:
            copy = replace(copy, fetched=self._now)
        elif page.status >= 300:
            raise self._status_fault(page)
        else:
            copy = Copy(page.url, page.status, page.headers, page.body, page.moved, self._now)
        self._pages.put(key, copy)
        return self._kept(copy)

    def _kept(self, copy: Copy, why: str = "") -> Page:
        age = self._age(copy)
        return Page(copy.status, copy.url, copy.headers, copy.body, age, bool(why), why, copy.moved)

    def _age(self, copy: Copy) -> timedelta:
        return max(self._now - copy.fetched, timedelta(0))


def key_of(hop: Hop) -> str:
    """What makes two requests the same: the address, and all headers but who asks; passwords only as a digest."""
    told = sorted((name, value) for name, value in hop.headers.items() if name != "user-agent")
    return hashlib.sha256(json.dumps([str(hop.url), told]).encode()).hexdigest()


def conditions(copy: Copy | None) -> dict[str, str]:
    """Headers that ask for the page only where it is another than the copy."""
    if copy is None:
        return {}
    names = {"etag": "if-none-match", "last-modified": "if-modified-since"}
    return {names[name]: copy.headers[name] for name in names if name in copy.headers}
