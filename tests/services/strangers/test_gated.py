"""HTTP over connections that something else opened: encrypted, checked, and with its faults mapped."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx2
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import Receive, Scope, Send

from services.kit.connection import NotConnected
from services.runtime.strangers import gated

pytestmark = pytest.mark.anyio


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now = datetime.datetime.now(datetime.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


async def hello(scope: Scope, _: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["scheme"].encode() * 100_000})


@asynccontextmanager
async def secured(certificate: tuple[Path, Path]) -> AsyncIterator[str]:
    """A server that speaks only TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            hello,
            log_level="critical",
            lifespan="off",
            ssl_certfile=str(certificate[0]),
            ssl_keyfile=str(certificate[1]),
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            with anyio.fail_after(30):
                while not server.started:
                    await anyio.lowlevel.checkpoint()
            yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
            server.should_exit = True


def by_hand(host: str, port: int, seconds: float) -> socket.socket:
    """Stands for the hub's gate."""
    return socket.create_connection((host, port), seconds)


async def test_what_is_encrypted_is_read_where_its_certificate_is_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gated, "connect", by_hand)
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    async with secured(certificate) as url, httpx2.AsyncClient(transport=gated.transport(trusted)) as client:
        for _ in range(2):
            assert (await client.get(url)).content == b"https" * 100_000


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gated, "connect", by_hand)
    async with secured(certificate) as url, httpx2.AsyncClient(transport=gated.transport()) as client:
        with pytest.raises(httpx2.ConnectError, match="no secure connection"):
            await client.get(url)


async def test_what_the_gate_refuses_is_said_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(host: str, port: int, seconds: float) -> socket.socket:
        raise NotConnected("denied", f"Odd may not connect to {host}.")

    monkeypatch.setattr(gated, "connect", refuse)
    async with httpx2.AsyncClient(transport=gated.transport()) as client:
        with pytest.raises(httpx2.ConnectError, match=r"Odd may not connect to example\.org"):
            await client.get("https://example.org/")
