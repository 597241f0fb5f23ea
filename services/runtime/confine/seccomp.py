"""seccomp: which system calls a process may make, from now on and for good, and all that it starts.

What is refused fails with an error number, so that the service can say what it may not do; nothing is killed.
The filter is classic BPF, assembled here. Source: docs.kernel.org/userspace-api/seccomp_filter.html.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable

from services.runtime.confine.kernel import LINUX, PR_GET_SECCOMP, check, library, prctl
from services.runtime.confine.numbers import NUMBERS

LOAD, JUMP_EQUAL, JUMP_ANY_BIT, AND, RETURN = 0x20, 0x15, 0x45, 0x54, 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000
CALL_NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
"""Where they stand in what the filter is given; each argument has eight bytes."""
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column in NUMBERS, and the kernel's name of the machine."""
X32 = 0x40000000
"""Marks the calls of a second set that x86_64 has, with other numbers: all refused."""
PR_SET_SECCOMP, FILTER = 22, 2
WORD = 0xFFFFFFFF

Code = list[tuple[int, int, int, int]]
"""Instructions: operation, jump if true, jump if false, operand."""


class Rules:
    """The rules of one filter, call by call; what has none is allowed."""

    def __init__(self) -> None:
        self._blocks: dict[str, Code] = {}

    def refuse(self, names: str, number: int = errno.EPERM) -> None:
        """Whatever the arguments. The number 0 makes it do nothing and say that it went well."""
        for name in names.split():
            self._blocks[name] = [answer(number)]

    def unless(self, names: str, argument: int, values: Iterable[int], mask: int = WORD) -> None:
        """Refuse where the argument, masked, is none of the values."""
        allowed = list(values)
        code: Code = [low(argument), (AND, 0, 0, mask)]
        code += [(JUMP_EQUAL, len(allowed) - at, 0, value) for at, value in enumerate(allowed)]
        self._add(names, [*code, answer(errno.EPERM)])

    def when(
        self, names: str, argument: int, values: Iterable[int], mask: int = WORD, number: int = errno.EPERM
    ) -> None:
        """Refuse where the argument, masked, is one of the values."""
        code: Code = [low(argument), (AND, 0, 0, mask)]
        for value in values:
            code += [(JUMP_EQUAL, 0, 1, value), answer(number)]
        self._add(names, code)

    def with_bits(self, names: str, argument: int, bits: int, given: tuple[int, int] | None = None) -> None:
        """Refuse where the argument has any of the bits; `given`: only where another argument has those bits."""
        code: Code = [low(argument), (JUMP_ANY_BIT, 0, 1, bits), answer(errno.EPERM)]
        if given is not None:
            code = [low(given[0]), (JUMP_ANY_BIT, 0, len(code), given[1]), *code]
        self._add(names, code)

    def without_bits(self, names: str, argument: int, bits: int) -> None:
        """Refuse where the argument has none of the bits."""
        self._add(names, [low(argument), (JUMP_ANY_BIT, 1, 0, bits), answer(errno.EPERM)])

    def with_pointer(self, names: str, argument: int, number: int = errno.EPERM) -> None:
        """Refuse where the argument points to anything."""
        for half in (low(argument), (LOAD, 0, 0, low(argument)[3] + 4)):
            self._add(names, [half, (JUMP_EQUAL, 1, 0, 0), answer(number)])

    def _add(self, names: str, code: Code) -> None:
        for name in names.split():
            self._blocks[name] = self._blocks.get(name, []) + code

    def assemble(self, machine: str) -> bytes:
        """The filter for the kernel. Raises KeyError for a machine that is not in MACHINES."""
        column, known_as = MACHINES[machine]
        code: Code = [(LOAD, 0, 0, MACHINE), (JUMP_EQUAL, 1, 0, known_as), answer(errno.ENOSYS)]
        code += [(LOAD, 0, 0, CALL_NUMBER), (JUMP_ANY_BIT, 0, 1, X32), answer(errno.ENOSYS)]
        for name, block in self._blocks.items():
            number = NUMBERS[name][column]
            if number is not None:
                whole = [*block, (RETURN, 0, 0, ALLOW)]
                code += [(JUMP_EQUAL, 0, len(whole), number), *whole]
        code.append((RETURN, 0, 0, ALLOW))
        return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def answer(number: int) -> tuple[int, int, int, int]:
    """Fail with this error."""
    return (RETURN, 0, 0, ERROR | number)


def low(argument: int) -> tuple[int, int, int, int]:
    """Load the lower half of an argument (both machines are little-endian)."""
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument)


def supported() -> bool:
    """Whether filters can be used here."""
    if not LINUX or platform.machine() not in MACHINES:
        return False
    try:
        return prctl("PR_GET_SECCOMP", PR_GET_SECCOMP) in (0, FILTER)
    except OSError:
        return False


def install(rules: Rules) -> None:
    """Put them in force. The process must have set no_new_privs. Raises OSError."""
    code = rules.assemble(platform.machine())
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(kept))
    check(int(library().prctl(PR_SET_SECCOMP, FILTER, program, 0, 0)), "PR_SET_SECCOMP")
