"""What a person types after `muos services add`: a command that people use for MCP servers, or an address.

    npx -y some-server ARGS…        a package of npm, run by node
    uvx some-server ARGS…           a package of PyPI, run by Python; `pipx run` likewise
    python -m thing, ./server …     any other command, run as it is
    https://host/mcp                a server elsewhere, over streamable HTTP

Must stay true: only plain names of packages are taken, never an address or a path that npm or pip would fetch or
build from; a flag that we do not know is refused rather than passed on.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["npm", "pypi", "command", "remote"]
NPM_SPEC = re.compile(r"(?P<name>(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*)(?:@(?P<version>[\w.^~*+-]+))?")
PYPI_SPEC = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?P<extras>\[[A-Za-z0-9,._-]+\])?(?:(?:==|@)(?P<version>[\w.!+-]+))?"
)
AFFIXES = re.compile(r"^(mcp[_-]server[_-]|server[_-]|mcp[_-])|([_-]mcp[_-]server|[_-]server|[_-]mcp)$")
NAME_LIMIT = 31
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class BadSource(ValueError):
    """What was typed can't be added; says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A stranger, as it was asked for."""

    kind: Kind
    text: str
    """As typed."""
    package: str = ""
    """npm, pypi: the package's name."""
    extras: str = ""
    """pypi: as in `[cli]`."""
    version: str = ""
    """As asked for; empty: the latest."""
    program: str = ""
    """npm, pypi: which of its programs; empty: the one that npx or uvx would run."""
    arguments: tuple[str, ...] = ()
    """command: program and arguments; else the arguments alone."""
    url: str = ""

    @property
    def name(self) -> str:
        """A name for the service, from what it is called elsewhere."""
        if self.kind == "remote":
            host = (urlsplit(self.url).hostname or "remote").removeprefix("www.").removeprefix("mcp.")
            return as_name("remote" if host in LOOPBACK else host.split(".")[0])
        if self.kind == "command":
            parts = [part for part in self.arguments if not part.startswith("-")]
            last = parts[1] if len(parts) > 1 else parts[0]
            return as_name(re.sub(r"\.\w+$", "", last.rstrip("/").rsplit("/", 1)[-1]))
        return as_name(self.package.rsplit("/", 1)[-1])


def as_name(text: str) -> str:
    """A service's name from another name."""
    plain = re.sub(r"[^a-z0-9]+", "_", AFFIXES.sub("", AFFIXES.sub("", text.lower()))).strip("_")
    return (plain if plain[:1].isalpha() else f"mcp_{plain}".rstrip("_"))[:NAME_LIMIT].rstrip("_")


def read_source(words: Sequence[str]) -> Source:
    """The source in the words, which may all stand in one. Raises BadSource."""
    text = words[0].strip() if len(words) == 1 else shlex.join(words)
    try:
        parts = shlex.split(text)
    except ValueError as error:
        raise BadSource(f"{text!r} can't be read: {error}.") from error
    if not parts:
        raise BadSource('Nothing was given. Try: muos services add "npx -y some-server"')
    if "://" in parts[0]:
        return remote(text, parts)
    for start, read in READERS:
        if tuple(parts[: len(start)]) == start:
            return read(text, parts[len(start) :])
    return Source("command", text, arguments=tuple(parts))


def remote(text: str, parts: Sequence[str]) -> Source:
    """An address."""
    url = urlsplit(parts[0])
    if len(parts) > 1:
        raise BadSource("An address takes no arguments.")
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise BadSource(f"{parts[0]!r} is no address of a server; it begins with https://.")
    if url.username or url.password:
        raise BadSource("A password does not belong in the address: give a token with --env TOKEN=…")
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise BadSource("Over http:// anybody in between can read and change what is said: use https://.")
    return Source("remote", text, url=parts[0])


def npm(text: str, parts: Sequence[str]) -> Source:
    """npx [-y] [-p PACKAGE] NAME[@VERSION] ARGS…"""
    given, rest = options(parts, {"-p", "--package"}, {"-y", "--yes", "-q", "--quiet", "--"})
    found = NPM_SPEC.fullmatch(given or (rest[0] if rest else ""))
    if found is None:
        raise BadSource("npx takes the name of a package here, such as npx -y @scope/some-server.")
    program = (rest[0] if rest else "") if given else ""
    return Source("npm", text, found["name"], "", found["version"] or "", program, tuple(rest[1:]))


def uvx(text: str, parts: Sequence[str]) -> Source:
    """uvx [--from PACKAGE] NAME[==VERSION] ARGS…"""
    return pypi("uvx", text, *options(parts, {"--from"}, {"-q", "--quiet", "--"}))


def pipx(text: str, parts: Sequence[str]) -> Source:
    """pipx run [--spec PACKAGE] NAME[==VERSION] ARGS…"""
    return pypi("pipx run", text, *options(parts, {"--spec"}, {"-q", "--quiet", "--"}))


def pypi(tool: str, text: str, given: str, rest: Sequence[str]) -> Source:
    """A package of PyPI, and which of its programs."""
    found = PYPI_SPEC.fullmatch(given or (rest[0] if rest else ""))
    if found is None:
        raise BadSource(f"{tool} takes the name of a package here, such as {tool} some-server.")
    version = "" if found["version"] == "latest" else found["version"] or ""
    program = (rest[0] if rest else "") if given else ""
    return Source("pypi", text, found["name"], found["extras"] or "", version, program, tuple(rest[1:]))


READERS: tuple[tuple[tuple[str, ...], Callable[[str, Sequence[str]], Source]], ...] = (
    (("npx",), npm),
    (("uvx",), uvx),
    (("uv", "tool", "run"), uvx),
    (("pipx", "run"), pipx),
)


def options(parts: Sequence[str], valued: set[str], flags: set[str]) -> tuple[str, list[str]]:
    """The value of the one option that takes one, and what stands behind all options. Raises BadSource."""
    left, value = list(parts), ""
    while left and left[0].startswith("-"):
        option, equals, beside = left.pop(0).partition("=")
        if option in valued:
            if not equals and not left:
                raise BadSource(f"{option} names a package.")
            value = beside if equals else left.pop(0)
        elif option not in flags:
            raise BadSource(f"I do not know the option {option}; the package's own go behind its name.")
    return value, left
