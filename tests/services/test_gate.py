"""What a service may connect to is what its manifest and the people say, checked by the hub, address by address."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
import sqlalchemy as sa

from services.kit.connection import Gate as ChildsEnd
from services.kit.connection import NotConnected
from services.runtime.address import is_public, plain_host
from services.runtime.gate import IN_FLIGHT, LINE_LIMIT, Barred, Gate
from services.runtime.launch import can_fork
from services.runtime.manifest import Manifest, Rights, Run, Setting
from services.runtime.settings import ServiceSettings
from services.tool import Call, Done, Failed
from tests.services.website import Answer, website

MakeService = Callable[..., Path]
Supervise = Callable[..., Any]
MakeCall = Callable[..., Call]

CLIENT = '''
from services.kit import Context, Reply, Service

service = Service(__file__)

@service.tool("read")
def fetch(ctx: Context, url: str) -> Reply:
    """Fetch a page."""
    return Reply(ctx.web.get(url, seconds=5).text)

@service.tool("read")
def greet(ctx: Context, host: str, port: int) -> Reply:
    """What a server says first."""
    with ctx.connect(host, port, 5) as connected:
        return Reply(connected.recv(100).decode())

if __name__ == "__main__":
    service.run()
'''
RIGHTS = 'python = "server.py"\n[rights]\nnetwork = ["setting:server"]\n[settings.server]\nkind = "address"'


class Chosen:
    """Settings as people made them."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def every(self, manifest: Manifest, name: str) -> Sequence[Any]:
        return [*self.values, *([manifest.settings[name].default] if manifest.settings[name].default else [])]


def manifest(*network: str, default: str | None = None) -> Manifest:
    return Manifest(
        name="sample",
        run=Run(python="server.py"),
        rights=Rights(network=network),
        settings={"server": Setting(kind="address", default=default)},
        folder=Path(),
    )


async def outcome(
    network: str | Manifest, host: str, port: int, *found: str, settings: Sequence[str] = (), seconds: float = 5
) -> str:
    """The code of the refusal, or "connected"."""
    gate = Gate(lambda: Chosen(*settings), lambda _host, _port: found)
    asked = {"id": 1, "host": host, "port": port, "seconds": seconds}
    try:
        connected = await gate.connect(network if isinstance(network, Manifest) else manifest(network), asked)
    except Barred as barred:
        return barred.code
    connected.close()
    return "connected"


@pytest.fixture
def port() -> Any:
    """Of a server on the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "192.0.0.8", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
        *("::ffff:8.8.8.8", "::127.0.0.1", "2002:7f00:1::", "2002:808:808::", "64:ff9b::127.0.0.1"),
        *("64:ff9b::10.0.0.1", "64:ff9b:1::1", "2001:0:1::1", "fe80::1%eth0", "not an address"),
    ],
)
def test_an_address_that_leads_into_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.6.139", "2001:67c:2e8:22::c100:68b", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "a b", "", "..", "fe80::1%lo", "a" * 300, "a/b"])
def test_what_is_no_name_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"name of a host|address"):
        plain_host(host)


def test_a_host_is_compared_however_it_is_written() -> None:
    assert plain_host("Bücher.Example.") == plain_host("xn--bcher-kva.example")
    assert plain_host("[::0:1]") == "::1"


async def test_public_means_public_addresses_on_the_ports_of_the_web(port: int) -> None:
    assert await outcome("public", "example.org", port, "127.0.0.1") == "denied"
    assert await outcome("public", "example.org", 443, "127.0.0.1") == "private"
    assert await outcome("public", "127.0.0.1", 80) == "private"
    assert await outcome("public", "example.org", 25, "8.8.8.8") == "denied"


async def test_a_named_host_is_reached_on_its_port_and_still_not_in_a_private_network(port: int) -> None:
    assert await outcome("mail.example.org:993", "mail.example.org", 994, "8.8.8.8") == "denied"
    assert await outcome("mail.example.org:993", "other.example.org", 993, "8.8.8.8") == "denied"
    assert await outcome(f"mail.example.org:{port}", "MAIL.example.org.", port, "127.0.0.1") == "private"


async def test_a_private_address_is_reached_only_where_a_person_set_exactly_it(port: int) -> None:
    here = [f"http://nas.home:{port}/path"]
    assert await outcome("setting:server", "nas.home", port, "127.0.0.1", settings=here) == "connected"
    assert await outcome("setting:server", "nas.home", port + 1, "127.0.0.1", settings=here) == "denied"
    assert await outcome("setting:server", "127.0.0.1", port, settings=here) == "denied"
    assert await outcome("setting:server", "127.0.0.1", port, settings=[f"127.0.0.1:{port}"]) == "connected"


async def test_an_address_that_only_the_author_named_may_not_be_private(port: int) -> None:
    by_default = manifest("setting:server", default=f"http://api.example.org:{port}")
    assert await outcome(by_default, "api.example.org", port, "127.0.0.1") == "private"


async def test_everything_is_reached_only_with_the_right_to_everything(port: int) -> None:
    assert await outcome("*", "127.0.0.1", port) == "connected"
    assert await outcome(manifest(), "example.org", 443, "8.8.8.8") == "denied"


async def test_of_several_addresses_only_those_that_are_allowed_are_tried(port: int) -> None:
    dead = ["::1", "127.0.0.1"]  # nothing listens on the first
    assert await outcome("setting:server", "nas.home", port, *dead, settings=[f"nas.home:{port}"]) == "connected"
    assert await outcome("public", "example.org", 80, "10.0.0.1", "fd00::1") == "private"


async def test_a_name_that_changes_its_meaning_after_the_check_gains_nothing() -> None:
    """DNS rebinding: what is connected to is what was checked, and the name is looked up once."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"]])
    gate = Gate(Chosen, lambda _host, _port: next(answers))
    with pytest.raises(Barred) as barred:
        await gate.connect(manifest("public"), {"id": 1, "host": "rebind.example.org", "port": 80, "seconds": 5})
    assert barred.value.code == "private"
    assert next(answers) == ["127.0.0.1"]


async def test_what_goes_wrong_has_a_name(port: int) -> None:
    def offline(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror("no such host")

    with pytest.raises(Barred) as barred:
        await Gate(Chosen, offline).connect(manifest("public"), {"host": "example.org", "port": 80, "seconds": 5})
    assert barred.value.code == "unknown"
    with socket.create_server(("127.0.0.1", 0)) as gone:
        closed = gone.getsockname()[1]
    assert await outcome("*", "127.0.0.1", closed) == "refused"
    for asked in ({"host": 5, "port": 80}, {"host": "a", "port": "80"}, {"host": "a", "port": 0}, {}):
        with pytest.raises(Barred) as barred:
            await Gate(Chosen).connect(manifest("*"), asked)
        assert barred.value.code == "bad"


async def test_a_resolver_that_hangs_keeps_nobody_longer_than_asked() -> None:
    hanging = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        hanging.wait(60)
        return []

    gate = Gate(Chosen, hang)
    with pytest.raises(Barred) as barred:
        await gate.connect(manifest("public"), {"host": "example.org", "port": 80, "seconds": 0.05})
    hanging.set()
    assert barred.value.code == "slow"


@asynccontextmanager
async def line(gate: Gate, of: Manifest) -> AsyncIterator[socket.socket]:
    """A child's end of a line that is served."""
    async with anyio.create_task_group() as tasks:
        end = gate.open(of, tasks)
        assert end is not None
        with end:
            yield end
        tasks.cancel_scope.cancel()


async def test_a_socket_is_handed_over_connected(port: int) -> None:
    async with line(Gate(lambda: Chosen(f"127.0.0.1:{port}")), manifest("setting:server")) as end:
        mine = ChildsEnd(end)
        connected = await anyio.to_thread.run_sync(mine.connect, "127.0.0.1", port)
        assert connected.getpeername() == ("127.0.0.1", port)
        connected.close()
        with pytest.raises(NotConnected, match="may not connect") as refused:
            await anyio.to_thread.run_sync(mine.connect, "127.0.0.1", port + 1)
        assert refused.value.code == "denied"


@pytest.mark.parametrize("noise", [b"no json\n", b"[]\n", b"x" * (LINE_LIMIT + 10), b'{"id":' + b"[" * 3_000 + b"\n"])
async def test_a_child_that_sends_nonsense_is_cut_off_and_the_hub_lives(noise: bytes) -> None:
    async with line(Gate(Chosen), manifest("*")) as end:
        end.settimeout(10)
        await anyio.to_thread.run_sync(end.sendall, noise)
        with pytest.raises(NotConnected, match="closed"):
            await anyio.to_thread.run_sync(ChildsEnd(end).connect, "127.0.0.1", 9)


async def test_a_child_that_asks_for_too_much_at_once_is_told_so() -> None:
    hanging = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        hanging.wait(60)
        raise OSError

    async with line(Gate(Chosen, hang), manifest("public")) as end:
        end.settimeout(10)
        asked = b"".join(
            json.dumps({"id": number, "host": "example.org", "port": 80, "seconds": 10}).encode() + b"\n"
            for number in range(IN_FLIGHT + 1)
        )
        await anyio.to_thread.run_sync(end.sendall, asked)
        answer = json.loads(await anyio.to_thread.run_sync(end.recv, 4096))
        hanging.set()
    assert (answer["id"], answer["error"]) == (IN_FLIGHT, "busy")


async def test_a_child_that_reads_no_answers_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.gate.SEND_SECONDS", 0.05)
    async with line(Gate(Chosen), manifest("public")) as end:
        end.settimeout(20)

        def flood() -> None:
            while True:
                end.sendall(b'{"id": 1, "host": "example.org", "port": 1, "seconds": 1}\n' * 1_000)

        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await anyio.to_thread.run_sync(flood)


def test_a_late_answer_is_dropped_with_its_socket() -> None:
    """It belongs to a request that was given up."""
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as late, socket.socket() as wanted:
        for number, handed in ((7, late), (1, wanted)):
            socket.send_fds(ours, [json.dumps({"id": number, "ok": True}).encode() + b"\n"], [handed.fileno()])
        connected = ChildsEnd(theirs).connect("example.org", 80)
        assert connected.fileno() > 0
        connected.close()


@pytest.mark.parametrize("fork", [True, False])
async def test_a_service_reaches_what_a_person_set_and_nothing_else(
    fork: bool, tmp_path: Path, make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    if fork and not can_fork():
        pytest.skip("needs a platform that forks")
    make_service(code=CLIENT, run=RIGHTS)
    settings = ServiceSettings(sa.create_engine(f"sqlite:///{tmp_path}/settings.sqlite"))
    options = {} if fork else {"fork": False}
    with website() as site:
        site.pages["/"] = Answer(b"hello")
        async with supervise(settings=settings, **options) as supervisor:
            refused = await supervisor.call(call("sample_fetch", url=site.url("/")))
            assert isinstance(refused, Failed)
            assert refused.reason == f"Sample may not connect to 127.0.0.1 on port {site.port}."
            await supervisor.set("sample", "owner", "server", site.url())
            answered = await supervisor.call(call("sample_fetch", url=site.url("/")))
            assert isinstance(answered, Done)
            assert answered.text == "hello"
            site.pages["/on"] = Answer(status=302, headers={"Location": f"http://localhost:{site.port}/"})
            for elsewhere in (
                call("sample_greet", host="127.0.0.1", port=site.port + 1),
                call("sample_fetch", url=site.url("/on")),
            ):
                barred = await supervisor.call(elsewhere)
                assert isinstance(barred, Failed)
                assert "may not connect" in barred.reason
    settings.engine.dispose()


async def test_a_service_without_rights_has_no_line_to_the_gate(
    make_service: MakeService, supervise: Supervise, call: MakeCall
) -> None:
    make_service(code=CLIENT)
    async with supervise() as supervisor:
        refused = await supervisor.call(call("sample_greet", host="example.org", port=80))
    assert isinstance(refused, Failed)
    assert refused.reason == "This service may not use the network, so it can't connect to example.org."
