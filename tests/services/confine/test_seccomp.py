"""The filters, run by an interpreter of classic BPF: what they refuse on each machine, this one or not."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from services.runtime.confine.numbers import NUMBERS
from services.runtime.confine.refusals import refusals
from services.runtime.confine.seccomp import ALLOW, ERROR, MACHINES, X32
from services.runtime.confine.spec import Spec

PID = 4711
ALLOWED = -1
HEADERS = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h"))
SERVICE = Spec(command=False)
COMMAND = Spec(command=True, processes=64)
PORTS = Spec(command=True, processes=64, network="ports", ports=(8123,))
ANY = Spec(command=True, processes=64, network="any")
MACHINE = Spec(command=False, machine=True)
INET, UNIX, NETLINK, STREAM, DATAGRAM, NONBLOCK = 2, 1, 16, 1, 2, 0o4000


def run(code: bytes, number: int, machine: int, arguments: tuple[int, ...]) -> int:
    """What a filter says to a call: ALLOWED, or the error number."""
    given = struct.pack("IIQ6Q", number, machine, 0, *arguments, *[0] * (6 - len(arguments)))
    program = list(struct.iter_unpack("HBBI", code))
    at = held = 0
    while True:
        operation, if_true, if_false, operand = program[at]
        at += 1
        match operation:
            case 0x20:
                (held,) = struct.unpack_from("I", given, operand)
            case 0x54:
                held &= operand
            case 0x15:
                at += if_true if held == operand else if_false
            case 0x45:
                at += if_true if held & operand else if_false
            case 0x06:
                return ALLOWED if operand == ALLOW else operand & ~ERROR
            case _:
                raise AssertionError(f"unknown operation {operation:#x}")


def told(spec: Spec, name: str, *arguments: int, machine: str = "x86_64", own_mounts: bool = True) -> int:
    """The same by the call's name."""
    column, known_as = MACHINES[machine]
    number = NUMBERS[name][column]
    assert number is not None
    return run(refusals(spec, PID, own_mounts).assemble(machine), number, known_as, arguments)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("spec", "name", "arguments", "expected"),
    [
        (SERVICE, "socket", (INET, STREAM, 0), errno.EPERM),
        (SERVICE, "socket", (UNIX, STREAM, 0), errno.EPERM),
        (SERVICE, "socketpair", (UNIX, STREAM | NONBLOCK, 0), ALLOWED),
        (SERVICE, "socketpair", (UNIX, DATAGRAM, 0), errno.EPERM),
        (SERVICE, "sendto", (5, 1 << 40, 9, 0, 0, 0), ALLOWED),
        (SERVICE, "sendto", (5, 1 << 40, 9, 0, 7, 16), errno.EPERM),
        (SERVICE, "sendto", (5, 1 << 40, 9, 0, 1 << 40, 16), errno.EPERM),
        (SERVICE, "sendmsg", (5, 1, 0x20000000), errno.EPERM),
        (SERVICE, "execve", (), errno.EPERM),
        (SERVICE, "clone", (0x3D0F00,), ALLOWED),
        (SERVICE, "clone", (17,), errno.EPERM),
        (SERVICE, "clone3", (), errno.ENOSYS),
        (SERVICE, "kill", (PID, 6), ALLOWED),
        (SERVICE, "kill", (1, 9), errno.EPERM),
        (SERVICE, "kill", (0xFFFFFFFF, 9), errno.EPERM),
        (SERVICE, "tgkill", (PID, PID + 1, 6), ALLOWED),
        (SERVICE, "tgkill", (1, 1, 6), errno.EPERM),
        (SERVICE, "prlimit64", (0, 7), ALLOWED),
        (SERVICE, "prlimit64", (1, 7), errno.EPERM),
        (SERVICE, "mmap", (0, 1, 3, 0x22), ALLOWED),
        (SERVICE, "mmap", (0, 1, 3, 0x21), errno.ENOMEM),
        (SERVICE, "mmap", (0, 1, 3, 0x01), ALLOWED),
        (SERVICE, "openat", (0, 1, 0, 0o4755), ALLOWED),
        (SERVICE, "openat", (0, 1, 0o101, 0o4755), errno.EPERM),
        (SERVICE, "openat", (0, 1, 0o101, 0o644), ALLOWED),
        (SERVICE, "fchmod", (3, 0o2755), errno.EPERM),
        (SERVICE, "fcntl", (3, 8, 1), errno.EPERM),
        (SERVICE, "fcntl", (3, 4, 1), ALLOWED),
        (SERVICE, "ioctl", (0, 0x5412), errno.EPERM),
        (SERVICE, "ioctl", (0, 0x5413), ALLOWED),
        (SERVICE, "prctl", (1, 0), errno.EPERM),
        (SERVICE, "prctl", (15, 0), ALLOWED),
        (SERVICE, "ptrace", (), errno.EPERM),
        (SERVICE, "io_uring_setup", (), errno.EPERM),
        (MACHINE, "socket", (NETLINK, 3, 0), ALLOWED),
        (MACHINE, "socket", (NETLINK, 3, 15), errno.EPERM),
        (MACHINE, "socket", (INET, STREAM, 0), errno.EPERM),
        (COMMAND, "execve", (), ALLOWED),
        (COMMAND, "clone", (17,), ALLOWED),
        (COMMAND, "clone", (0x10000000 | 17,), errno.EPERM),
        (COMMAND, "socket", (INET, STREAM, 0), errno.EPERM),
        (COMMAND, "connect", (), errno.EPERM),
        (PORTS, "socket", (INET, STREAM | NONBLOCK, 0), ALLOWED),
        (PORTS, "socket", (INET, STREAM, 262), errno.EPERM),
        (PORTS, "socket", (INET, DATAGRAM, 0), errno.EPERM),
        (PORTS, "socket", (UNIX, STREAM, 0), errno.EPERM),
        (PORTS, "connect", (), ALLOWED),
        (PORTS, "listen", (), errno.EPERM),
        (ANY, "socket", (INET, DATAGRAM, 0), ALLOWED),
        (ANY, "socket", (UNIX, STREAM, 0), errno.EPERM),
        (ANY, "listen", (), ALLOWED),
    ],
)
def test_each_kind_of_process_gets_its_own_answer(
    machine: str, spec: Spec, name: str, arguments: tuple[int, ...], expected: int
) -> None:
    assert told(spec, name, *arguments, machine=machine) == expected


def test_without_mounts_of_its_own_changing_a_mode_does_nothing_and_goes_well() -> None:
    assert told(SERVICE, "fchmodat", 0, 1, 0o600) == ALLOWED
    assert told(SERVICE, "fchmodat", 0, 1, 0o600, own_mounts=False) == 0
    assert told(SERVICE, "utimensat", 3, 0, 1, own_mounts=False) == ALLOWED
    assert told(SERVICE, "utimensat", 3, 1 << 40, 1, own_mounts=False) == 0


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_machine_and_of_the_second_set_are_unknown(machine: str) -> None:
    code, (_, known_as) = refusals(SERVICE, PID).assemble(machine), MACHINES[machine]
    assert run(code, 0, known_as, ()) == ALLOWED
    assert run(code, 0, 0x40000003, ()) == errno.ENOSYS
    assert run(code, X32 + 39, known_as, ()) == errno.ENOSYS


@pytest.mark.parametrize("spec", [SERVICE, COMMAND, PORTS, ANY, MACHINE])
@pytest.mark.parametrize("machine", MACHINES)
def test_no_filter_jumps_out_of_itself(machine: str, spec: Spec) -> None:
    program = list(struct.iter_unpack("HBBI", refusals(spec, PID, False).assemble(machine)))
    assert len(program) <= 4096
    assert all(at + 1 + max(row[1], row[2]) < len(program) for at, row in enumerate(program[:-1]))
    assert program[-1][0] == 0x06


@pytest.mark.parametrize("column", [0, 1])
def test_the_numbers_are_those_of_the_kernels_headers(column: int) -> None:
    if not HEADERS[column].exists():
        pytest.skip("the kernel's headers are not installed")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[column].read_text()))
    known = {name: int(found[name]) for name in NUMBERS if name in found}
    assert {name: NUMBERS[name][column] for name in known} == known
