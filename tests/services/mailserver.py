"""A real Dovecot (IMAP) and a real aiosmtpd (SMTP) on the loopback for tests, for one account."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD = "anna@example.org", "s3cret"
START_SECONDS = 20.0
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
disable_plaintext_auth = no
auth_failure_delay = 0
login_trusted_networks = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
ssl = {ssl}
{certificate}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
"""


@dataclass
class MailServer:
    """Both servers, and what reached them."""

    imap_port: int
    imaps_port: int
    smtp_port: int
    folder: Path
    outgoing: list[Any] = field(default_factory=list)
    """What the SMTP server took: envelopes of aiosmtpd."""
    refuse: Callable[[str], str | None] = lambda _stage: None
    """Given RCPT or DATA, what the SMTP server answers instead of taking it; it may also raise."""

    @contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        """Another program's line to the mailbox."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10) as line:
            line.login(USER, PASSWORD)
            yield line

    def deliver(self, text: str | bytes, folder: str = "INBOX", flags: str = "", at: float | None = None) -> None:
        """A mail comes in."""
        raw = text.replace("\n", "\r\n").encode() if isinstance(text, str) else text
        with self.imap() as line:
            when = imaplib.Time2Internaldate(at if at is not None else time.time())
            assert line.append(f'"{folder}"', flags, when, raw)[0] == "OK"

    def mails(self, folder: str) -> list[tuple[str, str]]:
        """Subject and flags of each mail in a folder."""
        with self.imap() as line:
            if line.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            rows = line.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        found = []
        for row in rows:
            if isinstance(row, tuple):
                flags = row[0].decode().partition("FLAGS (")[2].partition(")")[0].replace("\\Recent", "").strip()
                found.append((row[1].decode().partition(":")[2].strip(), flags))
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """What the member would set."""
        return {
            "imap_address": f"127.0.0.1:{self.imap_port}",
            "smtp_address": f"127.0.0.1:{self.smtp_port}",
            "user": USER,
            "password": PASSWORD,
            "name": "Anna",
        }


class Receiver:
    """What aiosmtpd asks when a mail comes."""

    def __init__(self, server: list[MailServer]) -> None:
        self.server = server

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Takes everyone, unless told otherwise."""
        answer = self.server[0].refuse("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keeps the mail."""
        answer = self.server[0].refuse("DATA")
        if answer is None:
            self.server[0].outgoing.append(envelope)
        return answer or "250 OK"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> Any:
    """Whether user and password are right."""
    smtp = pytest.importorskip("aiosmtpd.smtp")
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return smtp.AuthResult(success=right, handled=False)


@contextmanager
def mail_server(certificate: tuple[Path, Path] | None = None) -> Iterator[MailServer]:
    """Both servers until the block ends; with a certificate and its key they offer encryption."""
    if shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None:
        pytest.skip("Dovecot, the IMAP server (Debian's dovecot-imapd), is not installed")
    controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd, the SMTP server, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="muos-mail-"))
    folder.chmod(0o755)
    serving: list[MailServer] = []
    sending = controller.Controller(
        Receiver(serving), "127.0.0.1", free_port(), authenticator=login, auth_require_tls=False
    )
    try:
        with dovecot(folder, certificate) as (port, tls_port):
            serving.append(MailServer(port, tls_port, sending.port, folder))
            sending.start()
            try:
                yield serving[0]
            finally:
                sending.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def dovecot(folder: Path, certificate: tuple[Path, Path] | None) -> Iterator[tuple[int, int]]:
    """The IMAP server; gives its ports."""
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "mail").mkdir()
    port, tls_port = free_port(), free_port()
    own = getpass.getuser()
    user = "nobody" if os.getuid() == 0 else own
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    if os.getuid() == 0:
        shutil.chown(folder / "mail", user, group)
    names = {"internal": "dovecot", "internal_group": "dovecot", "login": "dovenull"}
    if os.getuid() != 0:
        names = {"internal": own, "internal_group": group, "login": own}
    lines = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else ""
    ports = {"port": port, "tls_port": tls_port if certificate else 0}
    ssl = {"ssl": "yes" if certificate else "no", "tls": "yes" if certificate else "no", "certificate": lines}
    text = CONFIGURATION.format(folder=folder, user=user, group=group, **names, **ports, **ssl)
    (folder / "dovecot.conf").write_text(text)
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert program is not None
    process = subprocess.Popen(
        [program, "-F", "-c", str(folder / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        until_it_listens(process, port, folder)
        yield port, tls_port
    finally:
        process.terminate()
        process.communicate(timeout=START_SECONDS)


def until_it_listens(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Wait for the greeting; fails with what the server says where it does not start."""
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as probe:
                probe.settimeout(5)
                assert probe.recv(4).startswith(b"* OK")
                return
        except OSError:
            log = folder / "log"
            if process.poll() is not None or time.monotonic() > ends:
                said = log.read_text() if log.exists() else ""
                why = (process.stderr.read().decode() if process.poll() is not None and process.stderr else "") + said
                raise AssertionError(f"Dovecot did not start: {why}") from None
            time.sleep(0.02)
