"""From an address to the next: what may be asked at first, and where a redirect may lead.

Must stay true: what was asked over an encrypted connection is never sent on in the clear; headers that may hold
a password or key go only to the host that they were meant for. The method of a redirect is as RFC 9110 says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import httpx2

Params = Mapping[str, str | int | float | bool | Sequence[str | int | float] | None]
LONGEST_ADDRESS = 4_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})
TAKEN_ALONG = frozenset({"accept", "accept-language", "content-type", "depth", "prefer", "user-agent"})
"""Headers that go to another host, too."""


class BadAddress(ValueError):
    """The text says what is wrong with the address."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way."""

    method: str
    url: httpx2.URL
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes = b""

    @property
    def host(self) -> str:
        """For sentences."""
        return self.url.host

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """What passwords are meant for."""
        return self.url.scheme, self.url.host, self.url.port


def first_hop(method: str, url: str, params: Params | None, headers: Mapping[str, str], body: bytes) -> Hop:
    """The request that a service wants. Raises BadAddress."""
    read = read_url(url)
    if params:
        given = {name: value for name, value in params.items() if value is not None}
        read = read.copy_merge_params(given)
    return Hop(method.upper(), read, {name.lower(): value for name, value in headers.items()}, body)


def read_url(url: str) -> httpx2.URL:
    """A web address, its fragment dropped. Raises BadAddress."""
    try:
        read = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, TypeError, ValueError) as error:
        raise BadAddress(f"{url[:200]!r} is no address on the web") from error
    if read.scheme not in {"http", "https"} or not read.host or len(str(read)) > LONGEST_ADDRESS:
        raise BadAddress(f"{url[:200]!r} is no address on the web")
    if read.userinfo:
        raise BadAddress("I don't use addresses with a name or password in them")
    return read.copy_with(fragment=None)


def next_hop(hop: Hop, status: int, location: str) -> Hop:
    """Where the answer sends us on to. Raises BadAddress."""
    try:
        url = read_url(str(hop.url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise BadAddress(f"{hop.host} sends me on to an address that I can't use") from error
    if hop.url.scheme == "https" and url.scheme == "http":
        raise BadAddress(f"{hop.host} sends me on to an address without encryption")
    to_get = status == 303 or (status in {301, 302} and hop.method == "POST")
    method = "GET" if to_get and hop.method != "HEAD" else hop.method
    headers = dict(hop.headers)
    if to_get:
        headers.pop("content-type", None)
    after = replace(hop, method=method, url=url, headers=headers, body=b"" if to_get else hop.body)
    upgraded = after.origin == ("https", hop.url.host, None) and hop.origin == ("http", hop.url.host, None)
    if after.origin != hop.origin and not upgraded:
        after = replace(after, headers={name: value for name, value in headers.items() if name in TAKEN_ALONG})
    return after
