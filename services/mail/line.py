"""Lines to a member's mail servers: IMAP (RFC 3501) and SMTP (RFC 5321) over sockets from the hub's gate.

Must stay true: a password goes out encrypted, except to a server on this very machine; certificates are checked; an
answer takes no more memory than its limit; every fault is one sentence that names the server.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import certifi

from services.kit import Context, Refusal

SECONDS = 10.0
"""For a connection, and for each answer."""
MOST_BYTES = 30 * 1024 * 1024
"""Of one piece of an answer."""
IMAP_PORTS, SMTP_PORTS = {"imap": 143, "imaps": 993}, {"smtp": 587, "smtps": 465, "submission": 587}
ENCRYPTED = {"imaps", "smtps"}
ENCRYPTED_PORTS = {993, 465}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, and whether it is encrypted from the first byte on."""

    host: str
    port: int
    encrypted: bool


class Imap(imaplib.IMAP4):
    """IMAP over a socket that is connected already."""

    def __init__(self, connected: socket.socket, host: str) -> None:
        self._connected = connected
        super().__init__(host)

    def _create_socket(self, _timeout: float | None = None) -> socket.socket:
        return self._connected

    def read(self, size: int) -> bytes:
        """A piece whose size the server named."""
        if size > MOST_BYTES:
            raise self.abort("larger than I take")
        return super().read(size)


class Smtp(smtplib.SMTP):
    """SMTP over a socket that is connected already."""

    def __init__(self, connected: socket.socket, host: str) -> None:
        self._connected = connected
        super().__init__(host, 25, local_hostname="localhost", timeout=SECONDS)

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self._connected


def server_of(address: str, ports: dict[str, int]) -> Server:
    """Where the address points: imaps://host, or host:port."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    port = parts.port or ports.get(parts.scheme) or max(ports.values())
    return Server(parts.hostname or "", port, parts.scheme in ENCRYPTED or port in ENCRYPTED_PORTS)


def setting(ctx: Context, name: str, what: str) -> str:
    """A setting that is needed; refuses where it is missing, and says how to set it."""
    value = str(ctx.settings.get(name, "")).strip()
    if not value:
        raise Refusal(f"I don't know {what} yet. Set it with: muos services set mail {name} …")
    return value


def trusting() -> ssl.SSLContext:
    """Checks certificates by the system's authorities, and by Mozilla's list."""
    context = ssl.create_default_context()
    with suppress(OSError):
        context.load_verify_locations(certifi.where())
    return context


@contextmanager
def imap(ctx: Context) -> Iterator[Imap]:
    """A line to the server that the member's mail lies on, logged in. Raises Refusal."""
    server = server_of(setting(ctx, "imap_address", "your mail server"), IMAP_PORTS)
    with plain_words(server.host):
        line = Imap(opened(ctx, server), server.host)
        try:
            if not server.encrypted:
                encrypt(server, "STARTTLS" in line.capabilities, lambda: line.starttls(trusting()))
            log_in(ctx, server, line)
            yield line
        finally:
            with suppress(Exception):
                line.logout()


def log_in(ctx: Context, server: Server, line: Imap) -> None:
    """With the user name and the password that were set."""
    user, password = setting(ctx, "user", "your user name for mail"), setting(ctx, "password", "your mail password")
    try:
        line.login(sendable(user), sendable(password))
        told = line.capability()[1]  # a server offers more once one is logged in
        line.capabilities = tuple(bytes(told[-1] or b"").decode("ascii", "replace").upper().split())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise Refusal(f"{server.host} does not accept the user name or the password.") from None


def sendable(word: str) -> str:
    """A user name or password that can be put on the line."""
    if not word.isascii():
        raise Refusal("User names and passwords for mail may only hold letters of the English alphabet and signs.")
    return word


@contextmanager
def smtp(ctx: Context) -> Iterator[Smtp]:
    """A line to the server that sends the member's mail, logged in where it wants that. Raises Refusal."""
    server = server_of(setting(ctx, "smtp_address", "the server that sends your mail"), SMTP_PORTS)
    with plain_words(server.host):
        line = Smtp(opened(ctx, server), server.host)
        try:
            line.ehlo_or_helo_if_needed()
            if not server.encrypted:
                encrypt(server, line.has_extn("starttls"), lambda: line.starttls(context=trusting()))
                line.ehlo_or_helo_if_needed()
            if line.has_extn("auth"):
                user = setting(ctx, "user", "your user name for mail")
                if "PLAIN" in line.esmtp_features["auth"].upper().split():
                    line.esmtp_features["auth"] = "PLAIN"  # else a wrong password is tried in every way there is
                line.login(user, setting(ctx, "password", "your mail password"))
            yield line
        finally:
            with suppress(Exception):
                line.quit()


def opened(ctx: Context, server: Server) -> socket.socket:
    """A connected socket, encrypted where the server wants that from the start."""
    connected = ctx.connect(server.host, server.port, SECONDS)
    connected.settimeout(SECONDS)
    if not server.encrypted:
        return connected
    try:
        return trusting().wrap_socket(connected, server_hostname=server.host)
    except BaseException:
        connected.close()
        raise


def encrypt(server: Server, offered: bool, start: Any) -> None:
    """Encrypt the line; without that, only a server on this machine is spoken to."""
    if offered:
        start()
    elif server.host not in LOOPBACK:
        raise Refusal(f"{server.host} offers no encryption on port {server.port}, so I did not log in.")


@contextmanager
def plain_words(host: str) -> Iterator[None]:
    """Whatever goes wrong on a line, as a Refusal."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise Refusal(f"{host} can't prove that it is {host}: its certificate does not hold.") from None
    except ssl.SSLError:
        raise Refusal(f"No safe connection to {host} is possible.") from None
    except smtplib.SMTPAuthenticationError:
        raise Refusal(f"{host} does not accept the user name or the password.") from None
    except TimeoutError:
        raise Refusal(f"{host} takes too long to answer.") from None
    except (imaplib.IMAP4.abort, smtplib.SMTPServerDisconnected, OSError, EOFError) as error:
        if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
            raise Refusal(f"{host} refuses: {said(error)}.") from None
        raise Refusal(f"The connection to {host} broke off.") from None
    except imaplib.IMAP4.error as error:
        raise Refusal(f"{host} refuses: {said(error)}.") from None


def said(error: Exception) -> str:
    """What the server said, in one short line."""
    words = getattr(error, "smtp_error", None) or (error.args[0] if error.args else "")
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return "".join(sign for sign in text if sign.isprintable())[:200].rstrip(". ") or type(error).__name__
