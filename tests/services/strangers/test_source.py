"""What people type after `muos services add` is read as they mean it, or refused in words."""

from __future__ import annotations

import pytest

from services.runtime.strangers.install import last_words
from services.runtime.strangers.source import BadSource, read_source


@pytest.mark.parametrize(
    ("typed", "kind", "package", "version", "arguments", "name"),
    [
        ("npx -y @scope/server-files /a b", "npm", "@scope/server-files", "", ("/a", "b"), "files"),
        ("npx @scope/server-files@1.2.3", "npm", "@scope/server-files", "1.2.3", (), "files"),
        ("npx --yes -p some-mcp@latest other --x", "npm", "some-mcp", "latest", ("--x",), "some"),
        ("npx --package=some-mcp -- other", "npm", "some-mcp", "", (), "some"),
        ("uvx mcp-server-time --local-timezone Europe/Paris", "pypi", "mcp-server-time", "",
         ("--local-timezone", "Europe/Paris"), "time"),
        ("uvx mcp-server-git==2025.1.1", "pypi", "mcp-server-git", "2025.1.1", (), "git"),
        ("uvx mcp_server_git@latest", "pypi", "mcp_server_git", "", (), "git"),
        ("uv tool run --from thing[cli] prog a", "pypi", "thing", "", ("a",), "thing"),
        ("pipx run some-mcp-server", "pypi", "some-mcp-server", "", (), "some"),
        ("python -m strange.thing", "command", "", "", ("python", "-m", "strange.thing"), "strange"),
        ("node /opt/my-server.js 'two words'", "command", "", "", ("node", "/opt/my-server.js", "two words"), "my"),
        ("https://mcp.example.org/mcp", "remote", "", "", (), "example"),
        ("http://127.0.0.1:9/mcp", "remote", "", "", (), "remote"),
        ("npx -y 2-fast", "npm", "2-fast", "", (), "mcp_2_fast"),
    ],
)  # fmt: skip
def test_a_command_is_read_as_it_is_meant(
    typed: str, kind: str, package: str, version: str, arguments: tuple[str, ...], name: str
) -> None:
    source = read_source([typed])
    assert (source.kind, source.package, source.version, source.arguments) == (kind, package, version, arguments)
    assert source.name == name


def test_it_may_be_typed_as_several_words() -> None:
    assert read_source(["npx", "-y", "some-server", "two words"]).arguments == ("two words",)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "npx",
        "npx -y",
        "npx -y ../evil",
        "npx -y git+https://example.org/x.git",
        "npx -y github:someone/thing",
        "npx -y file:/tmp/x",
        "npx -c 'rm -rf /'",
        "npx --registry elsewhere some-server",
        "npx -y some-server@file:x",
        "uvx",
        "uvx ./local",
        "uvx git+https://example.org/x.git",
        "uvx --from",
        "uvx --index-url elsewhere thing",
        "pipx run https://example.org/x.py",
        "ftp://example.org/mcp",
        "http://example.org/mcp",
        "https://user:pass@example.org/mcp",
        "https://example.org/mcp --fast",
        "https:///mcp",
        "npx 'unclosed",
    ],
)
def test_what_would_fetch_from_anywhere_or_is_no_package_is_refused(typed: str) -> None:
    with pytest.raises(BadSource) as refused:
        read_source([typed])
    assert str(refused.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "npm error code E404\nnpm error 404 Not Found - GET /x\nnpm error 404\n"
            "npm error 404  The requested resource 'x@latest' could not be found.\n"
            "npm error A complete log of this run",
            "The requested resource 'x@latest' could not be found.",
        ),
        (
            "npm error code ETARGET\nnpm error notarget No matching version found for x@9.",
            "No matching version found for x@9.",
        ),
        (
            "ERROR: No matching distribution found for x==9\n[notice] new pip",
            "No matching distribution found for x==9.",
        ),
        ("", "it did not say why."),
    ],
)
def test_the_line_that_says_most_is_told(said: str, told: str) -> None:
    assert last_words(said) == told
