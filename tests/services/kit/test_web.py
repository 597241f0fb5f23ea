"""The web as a service sees it: what is fetched, what is kept, and every way in which it can go wrong."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.kit.connection import NotConnected
from services.kit.transport import TooLarge, Transport, Unreadable
from services.kit.web import Page, Web
from services.kit.webfault import WebFault, as_fault
from tests.services.website import Answer, Website, straight

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
At = Callable[..., Web]


def fault(web: Web, url: str, seconds: float = 10, most_bytes: int = 100_000) -> WebFault:
    with pytest.raises(WebFault) as fault:
        web.get(url, seconds=seconds, most_bytes=most_bytes)
    assert str(fault.value).endswith(".")
    assert "\n" not in str(fault.value)
    return fault.value


# What is fetched


def test_a_page_comes_with_its_text_and_says_who_asked(at: At, site: Website) -> None:
    site.pages["/a"] = Answer("née".encode(), headers={"Content-Type": "text/plain; charset=utf-8", "X-One": "1"})
    page = at().get(site.url("/a?x=1"), {"q": "tea & toast", "n": 2, "none": None}, {"Accept-Language": "fr"})
    assert (page.status, page.text, page.headers["x-one"], page.note) == (200, "née", "1", "")
    assert site.asked[0].path == "/a?x=1&q=tea+%26+toast&n=2"
    assert site.asked[0].headers["user-agent"] == "MuOS/0.1 (household assistant; sample)"
    assert site.asked[0].headers["accept-language"] == "fr"
    assert site.asked[0].headers["host"] == f"127.0.0.1:{site.port}"


def test_a_connection_is_used_again_and_one_that_was_closed_is_not(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"a")
    site.pages["/last"] = Answer(b"z", headers={"Connection": "close"})
    opened: list[int] = []

    def counted(host: str, port: int, seconds: float) -> socket.socket:
        opened.append(port)
        return straight(host, port, seconds)

    via = Transport(counted)
    web = Web(None, NOW, "", via)
    for path in ("/a", "/a", "/last", "/a"):
        web.get(site.url(path))
    via.close()
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", lambda data: data),
    ],
)
def test_what_is_packed_is_unpacked(at: At, site: Website, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = b"over and over again " * 10_000
    site.pages["/a"] = Answer(pack(body), headers={"Content-Encoding": encoding})
    assert at().get(site.url("/a")).body == body


def test_other_methods_carry_a_body_and_a_password_and_see_every_ordinary_status(at: At, site: Website) -> None:
    site.pages["/dav"] = Answer(b"<multistatus/>", 207)
    page = at().request(
        "PROPFIND", site.url("/dav"), b"<propfind/>", {"Depth": "1"}, auth=("anna", "pässword"), params={"a": 1}
    )
    asked = site.asked[0]
    assert (page.status, asked.method, asked.body, asked.headers["depth"]) == (207, "PROPFIND", b"<propfind/>", "1")
    assert asked.headers["authorization"] == "Basic YW5uYTpww6Rzc3dvcmQ="
    assert at().request("DELETE", site.url("/nothing")).status == 404
    site.pages["/dav"] = Answer(b"", 500)
    with pytest.raises(WebFault, match="problem of its own"):
        at().request("REPORT", site.url("/dav"))


def test_json_that_is_none_is_said() -> None:
    assert Page(200, "https://api.example.org/", {}, b'{"a": [1]}').json() == {"a": [1]}
    for body in (b"<html>", b"[" * 100_000, b"\xff"):
        with pytest.raises(WebFault, match=r"api\.example\.org answered with something that I can't read\."):
            Page(200, "https://api.example.org/", {}, body).json()


# Redirects


def test_redirects_are_followed_and_a_lasting_move_is_told(at: At, site: Website) -> None:
    site.pages["/old"] = Answer(status=301, headers={"Location": "/older"})
    site.pages["/older"] = Answer(status=308, headers={"Location": site.url("/new")})
    site.pages["/new"] = Answer(b"here")
    page = at().get(site.url("/old"))
    assert (page.text, page.url, page.moved) == ("here", site.url("/new"), True)
    site.pages["/older"] = Answer(status=302, headers={"Location": "/new"})
    assert not at().get(site.url("/old")).moved


def test_redirects_without_end_are_given_up(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(status=302, headers={"Location": "/a"})
    assert fault(at(), site.url("/a")).code == "redirects"
    assert len(site.asked) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/", "http://a:b@c/", "//\x00"])
def test_a_redirect_to_what_is_no_web_address_ends_there(at: At, site: Website, location: str) -> None:
    site.pages["/a"] = Answer(status=302, headers={"Location": location})
    assert fault(at(), site.url("/a")).code in {"address", "cut"}


def test_a_redirect_asks_the_gate_again(site: Website) -> None:
    """So that a public page can't send a service into the private network."""

    def gate(host: str, port: int, seconds: float) -> socket.socket:
        if port != site.port:
            raise NotConnected("private", f"{host} lies in a private network.")
        return straight(host, port, seconds)

    site.pages["/a"] = Answer(status=302, headers={"Location": "http://127.0.0.1:1/admin"})
    via = Transport(gate)
    assert fault(Web(None, NOW, "", via), site.url("/a")).code == "private"
    via.close()


@pytest.mark.parametrize("url", ["", "example.org", "ftp://a/", "http://", "https://u:p@a/", "http://[::1", "x" * 5000])
def test_what_is_no_address_is_refused_unasked(at: At, url: str) -> None:
    assert fault(at(), url).code == "address"


# Faults


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "rejected"), (401, "forbidden"), (403, "forbidden"), (404, "missing"), (410, "missing"), (500, "broken")],
)
def test_every_status_that_is_no_success_has_a_name(at: At, site: Website, status: int, code: str) -> None:
    site.pages["/a"] = Answer(b"sorry", status)
    found = fault(at(), site.url("/a"))
    assert (found.code, found.status) == (code, status)


@pytest.mark.parametrize("misbehave", ["hang", "drip"])
def test_an_answer_that_does_not_come_or_does_not_end_is_given_up_in_time(
    at: At, site: Website, misbehave: str
) -> None:
    site.pages["/a"] = getattr(site, misbehave)
    assert fault(at(), site.url("/a"), seconds=0.3).code == "slow"


def test_a_body_without_end_is_given_up_at_its_limit(at: At, site: Website) -> None:
    site.pages["/a"] = site.pour
    assert fault(at(), site.url("/a")).code == "large"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_given_up_at_the_limit_of_what_it_unpacks_to(at: At, site: Website, layers: int) -> None:
    bomb = b"\0" * 50_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    site.pages["/a"] = Answer(bomb, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})
    assert fault(at(), site.url("/a")).code == ("large" if layers == 1 else "nonsense")


@pytest.mark.parametrize(("encoding", "body"), [("gzip", b"\x1f\x8bnot gzip"), ("br", b"x"), ("zstd", b"x")])
def test_what_can_not_be_unpacked_is_said(at: At, site: Website, encoding: str, body: bytes) -> None:
    site.pages["/a"] = Answer(body, headers={"Content-Encoding": encoding})
    assert fault(at(), site.url("/a")).code == "nonsense"


@pytest.mark.parametrize(
    "said",
    [
        *(b"", b"220 mail.example.org ESMTP\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"\x16\x03\x01\x00"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_said(at: At, site: Website, said: bytes) -> None:
    def misbehave(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(said)

    site.pages["/a"] = misbehave
    assert fault(at(), site.url("/a")).code == "cut"


def test_a_get_that_is_cut_off_is_sent_once_more_and_a_post_is_not(at: At, site: Website) -> None:
    def cut_once(handler: BaseHTTPRequestHandler) -> None:
        site.pages["/a"] = Answer(b"now")
        handler.connection.shutdown(socket.SHUT_RDWR)

    site.pages["/a"] = cut_once
    assert at().get(site.url("/a")).text == "now"
    site.pages["/a"] = cut_once
    with pytest.raises(WebFault, match="broke off"):
        at().request("POST", site.url("/a"), b"pay")
    assert [asked.method for asked in site.asked] == ["GET", "GET", "POST"]


def test_nothing_that_can_be_raised_gets_past_unmapped() -> None:
    known = [getattr(httpcore2, name) for name in httpcore2.__all__]
    kinds = [kind for kind in known if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 10
    errors = [kind("x") for kind in kinds]
    errors += [ssl.SSLError("x"), TimeoutError(), OSError("x"), TooLarge(), Unreadable(), ValueError("x")]
    for error in errors:
        assert str(as_fault(error, "example.org")).endswith("."), error
    assert as_fault(httpcore2.ReadTimeout("x"), "a").code == "slow"


# Asked less often


def test_a_server_that_wants_to_be_left_alone_is(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"", 429, {"Retry-After": "120"})
    found = fault(at(), site.url("/a"))
    assert (found.code, found.retry_after) == ("limited", timedelta(seconds=120))
    assert str(found) == "127.0.0.1 wants to be asked less often. Try again in 2 minutes."
    site.pages["/a"] = Answer(b"a")
    assert fault(at(timedelta(seconds=60)), site.url("/a")).code == "limited"
    assert len(site.asked) == 1
    assert at(timedelta(seconds=121)).get(site.url("/a")).text == "a"


def test_when_to_come_back_may_be_a_date(at: At, site: Website) -> None:
    site.pages["/a"] = Answer(b"", 503, {"Retry-After": "Wed, 04 Mar 2026 09:10:00 GMT"})
    assert fault(at(), site.url("/a")).retry_after == timedelta(minutes=10)
    site.pages["/b"] = Answer(b"", 429, {"Retry-After": "soon"})
    assert fault(at(HOUR), site.url("/b")).retry_after is None


# Encryption


def certificate(folder: Path, address: str) -> Path:
    """One that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{address}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(("vouches", "trusted"), [("127.0.0.1", True), ("127.0.0.1", False), ("127.0.0.2", True)])
def test_only_a_server_that_can_prove_who_it_is_is_talked_to(tmp_path: Path, vouches: str, trusted: bool) -> None:
    file = certificate(tmp_path, vouches)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)

    def serve(listening: socket.socket) -> None:
        plain, _ = listening.accept()
        with plain:
            try:
                with serving.wrap_socket(plain, server_side=True) as safe:
                    safe.recv(10_000)
                    safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        via = Transport(straight, ssl.create_default_context(cafile=str(file)) if trusted else None)
        web, url = Web(None, NOW, "", via), f"https://127.0.0.1:{listening.getsockname()[1]}/"
        if trusted and vouches == "127.0.0.1":
            assert web.get(url).text == "safe"
        else:
            assert fault(web, url).code == "insecure"
        via.close()
        thread.join(10)
