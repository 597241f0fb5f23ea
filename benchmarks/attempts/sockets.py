"""Attempts to reach other machines and other programs."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

from benchmarks.attempts.attempt import Marks, Refused, attempt


@attempt("connect to an address outside", "seccomp")
def connect_out(_: Marks) -> None:
    socket.create_connection(("192.0.2.1", 80), timeout=1)


@attempt("connect to the hub's own interface", "seccomp")
def connect_hub(m: Marks) -> None:
    socket.create_connection(("127.0.0.1", m.port), timeout=1)


@attempt("the same by IPv6", "seccomp")
def connect_six(m: Marks) -> None:
    socket.create_connection(("::1", m.port), timeout=1)


@attempt("send a datagram", "seccomp")
def datagram(m: Marks) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", m.port))


@attempt("connect to a daemon's Unix socket", "seccomp")
def connect_unix(m: Marks) -> None:
    socket.socket(socket.AF_UNIX).connect(m.socket)


@attempt("connect to an abstract Unix socket", "seccomp")
def connect_abstract(m: Marks) -> None:
    socket.socket(socket.AF_UNIX).connect(f"\0{m.abstract}")


@attempt("send to a Unix socket from a pair of its own", "seccomp")
def by_pair(m: Marks) -> None:
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.sendto(b"x", m.socket)


@attempt("send to an address from a pair of its own", "seccomp")
def by_address(m: Marks) -> None:
    ours, _ = socket.socketpair()
    ours.connect(m.socket)


for what, family, kind in (
    ("open a raw socket", socket.AF_INET, socket.SOCK_RAW),
    ("open a packet socket", getattr(socket, "AF_PACKET", 17), socket.SOCK_RAW),
    ("open a netlink socket", getattr(socket, "AF_NETLINK", 16), socket.SOCK_RAW),
    ("talk to the virtual machine's host", getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM),
    ("use the kernel's crypto socket", getattr(socket, "AF_ALG", 38), socket.SOCK_SEQPACKET),
):
    attempt(what, "seccomp")(lambda _, family=family, kind=kind: socket.socket(family, kind))  # type: ignore[misc] # as above


@attempt("listen on a port", "seccomp")
def listen(_: Marks) -> None:
    with socket.create_server(("127.0.0.1", 0)):
        return


@attempt("look up a name", "seccomp")
def look_up(_: Marks) -> object:
    return socket.getaddrinfo("example.org", 80)


@attempt("use a descriptor of the template's or the hub's", "closed at its birth")
def inherited(_: Marks) -> None:
    # 0 and 1 are its wire, 2 its log; tried first of all, before it has opened any itself
    for number in range(3, 64):
        with suppress(OSError):
            os.fstat(number)
            return
    raise Refused("there is none")
