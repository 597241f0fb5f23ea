"""Attempts on the machine itself, by system calls that no service needs."""

from __future__ import annotations

import fcntl

from benchmarks.attempts.attempt import Marks, attempt, system

for what, (x86, arm, *arguments) in {
    "mount": (165, 40, b"none", b"/", b"tmpfs", 0, b""),
    "unmount": (166, 39, b"/proc", 2),
    "enter new namespaces": (272, 97, 0x10000000),
    "enter a namespace": (308, 268, 0, 0),
    "load a BPF program": (321, 280, 0, bytes(128), 128),
    "use io_uring": (425, 425, 8, bytes(120)),
    "read keys of the kernel's": (250, 219, 0, -3, 0),
    "watch the processor": (298, 241, bytes(128), 0, -1, -1, 0),
    "handle page faults itself": (323, 282, 1),
    "load a kernel module": (175, 105, b"", 0, b""),
    "load another kernel": (246, 104, 0, 0, 0, 0),
    "change its personality": (135, 92, 0x0040000),
    "rename the machine": (170, 161, b"x", 1),
    "set the clock": (227, 112, 0, bytes(16)),
    "read the kernel's log": (103, 116, 3, bytes(64), 64),
    "queue messages with other programs": (68, 186, 4711, 0o1600),
    "call by the second set of numbers": (0x40000000 + 39, None),
}.items():
    attempt(what, "seccomp")(lambda _, x=x86, a=arm, rest=tuple(arguments): system(x, a, *rest))  # type: ignore[misc] # as above


@attempt("type into the person's terminal", "seccomp")
def type_in(_: Marks) -> None:
    fcntl.ioctl(0, 0x5412, b"x")
