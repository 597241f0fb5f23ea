"""Landlock: which files a process may open, from now on and for good, and all that it starts.

Source: docs.kernel.org/userspace-api/landlock.html. It does not cover looking (stat, readlink), nor a
file's mode, owner and times: those are for `namespaces`. What is already open stays open.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from services.runtime.confine.kernel import LINUX, call

CREATE, ADD_RULE, RESTRICT = 444, 445, 446
"""The same numbers on every machine."""
VERSION = 1
PATH_BENEATH, NET_PORT = 1, 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
MAKE_FIFO, MAKE_SYM, REFER, TRUNCATE = 1 << 10, 1 << 12, 1 << 13, 1 << 14
RIGHTS = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1)
"""All that a version of Landlock can refuse, by version; later ones as the last."""
CONNECT_TCP = 2
ALL_TCP = 3
NET_VERSION, SCOPE_VERSION = 4, 6
SCOPES = 3
"""Abstract Unix sockets and signals stay among what was confined together."""
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = (READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_FIFO | MAKE_SYM) | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
"""What a rule on a file may grant."""


@cache
def version() -> int:
    """0 where there is none."""
    if not LINUX:
        return 0
    try:
        return call("landlock_create_ruleset", CREATE, None, 0, VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[str, int]], ports: tuple[int, ...] | None) -> None:
    """Allow only what the rules say, by path; and TCP connections only to `ports`, or to any if None.

    A path that is not there is passed over. Raises OSError.
    """
    known = version()
    handled = RIGHTS[min(known, len(RIGHTS) - 1)]
    net = ALL_TCP if known >= NET_VERSION and ports is not None else 0
    attributes = [handled, net, SCOPES][: 1 if known < NET_VERSION else 2 if known < SCOPE_VERSION else 3]
    packed = struct.pack(f"{len(attributes)}Q", *attributes)
    ruleset = call("landlock_create_ruleset", CREATE, packed, len(packed), 0)
    try:
        for path, rights in rules:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError, OverflowError):
                _allow(ruleset, path, rights & handled)
        for port in ports or () if net else ():
            rule = struct.pack("QQ", CONNECT_TCP, port)
            call("landlock_add_rule", ADD_RULE, ruleset, NET_PORT, rule, 0)
        call("landlock_restrict_self", RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= ON_FILES
        rule = struct.pack("=Qi", rights, opened)
        call("landlock_add_rule", ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)
