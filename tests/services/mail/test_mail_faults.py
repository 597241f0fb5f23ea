"""Mail against servers that refuse, break off, talk nonsense, or have no good certificate."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.mail import line, outbox
from services.mail.server import service
from tests.services.direct import connect
from tests.services.mail.conftest import LUNCH
from tests.services.mailserver import MailServer, mail_server

Say = Callable[..., tuple[str, dict[str, Any]]]


def test_a_wrong_password_is_said_for_both_servers(say: Say, three: MailServer) -> None:
    wrong = {"password": "wrong"}
    refusal = "!127.0.0.1 does not accept the user name or the password."
    assert say("unread", settings=wrong)[0] == refusal
    assert say("send", address="bob@example.com", text="hi", settings=wrong)[0] == refusal
    assert say("unread", settings={"password": ""})[0].startswith("!I don't know your mail password yet. Set it with")


def serving(answer: Callable[[socket.socket], None]) -> tuple[int, threading.Thread]:
    """A server that treats its one caller so."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            caller, _ = listener.accept()
            with caller:
                answer(caller)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return listener.getsockname()[1], thread


@pytest.mark.parametrize(
    ("greeting", "text"),
    [
        (b"", "!The connection to 127.0.0.1 broke off."),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "!The connection to 127.0.0.1 broke off."),
        (b"* BYE too busy\r\n", "!127.0.0.1 refuses:"),
        (b"* OK hi\r\n* CAPABILITY IMAP4rev1\r\n", "!The connection to 127.0.0.1 broke off."),
        (b"* OK " + b"x" * 2_000_000 + b"\r\n", "!127.0.0.1"),
    ],
)
def test_a_server_that_breaks_off_or_talks_nonsense_is_named(say: Say, greeting: bytes, text: str) -> None:
    def answer(caller: socket.socket) -> None:
        caller.settimeout(5)
        try:
            caller.sendall(greeting)
            caller.recv(64) if b"OK hi" in greeting else None
        except OSError:
            pass

    port, thread = serving(answer)
    said = say("unread", settings={"imap_address": f"127.0.0.1:{port}"})[0]
    thread.join(10)
    assert said.startswith(text), said


def test_a_server_that_hangs_is_given_up(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "SECONDS", 0.3)
    over = threading.Event()

    def answer(_caller: socket.socket) -> None:
        over.wait(30)

    port, thread = serving(answer)
    assert say("unread", settings={"imap_address": f"127.0.0.1:{port}"})[0] == "!127.0.0.1 takes too long to answer."
    over.set()
    thread.join(10)


def test_a_piece_that_is_announced_as_huge_is_not_read(say: Say) -> None:
    def answer(caller: socket.socket) -> None:
        caller.settimeout(5)
        caller.sendall(b"* OK hi\r\n")
        tag = caller.recv(256).split()[0]
        try:
            caller.sendall(b"* CAPABILITY {999999999}\r\n" + tag + b" OK\r\n")
            caller.recv(64)
        except OSError:
            pass

    port, thread = serving(answer)
    said = say("unread", settings={"imap_address": f"127.0.0.1:{port}"})[0]
    thread.join(10)
    assert said.startswith("!The connection to 127.0.0.1 broke off.")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody knows, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return folder / "cert.pem", folder / "key.pem"


def test_certificates_are_checked_with_tls_and_with_starttls(
    say: Say, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(certificate) as server:
        server.deliver(LUNCH)
        addresses = (f"imaps://localhost:{server.imaps_port}", f"localhost:{server.imap_port}")
        for address in addresses:
            text = say("unread", settings={"imap_address": address})[0]
            assert text == "!localhost can't prove that it is localhost: its certificate does not hold."
        known = ssl.create_default_context(cafile=str(certificate[0]))
        monkeypatch.setattr(line, "trusting", lambda: known)
        for address in addresses:
            assert "Lunch on Friday" in say("unread", settings={"imap_address": address})[0]
        other = f"imaps://127.0.0.1:{server.imaps_port}"
        assert say("unread", settings={"imap_address": other})[0].startswith("!127.0.0.1 can't prove that it is")


def test_a_password_never_goes_out_in_the_clear_but_to_this_machine(
    say: Say, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kit.reply.connect", lambda _host, port, seconds: connect("127.0.0.1", port, seconds))
    for name, port in (("imap_address", server.imap_port), ("smtp_address", server.smtp_port)):
        tool = "unread" if name == "imap_address" else "send"
        arguments = {} if tool == "unread" else {"address": "bob@example.com", "text": "hi"}
        text = say(tool, settings={name: f"mail.example.org:{port}"}, **arguments)[0]
        assert text == f"!mail.example.org offers no encryption on port {port}, so I did not log in."


def test_without_settings_it_says_how_to_set_them(say: Say) -> None:
    assert say("unread", settings={"imap_address": ""})[0] == (
        "!I don't know your mail server yet. Set it with: muos services set mail imap_address …"
    )


def test_records_of_old_mails_are_forgotten(say: Say, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    say("send", address="bob@example.com", text="one")
    monkeypatch.setattr(outbox, "KEPT_SECONDS", -1)
    say("send", address="bob@example.com", text="two")
    assert len(list((service._opened().folder / "outbox").glob("*.json"))) == 1
