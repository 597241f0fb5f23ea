"""The files that a process needs to run at all: system libraries, Python, a program and what lies beside it."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2]
"""The code of the kit and of our services, not their data."""
SYSTEM = (
    *("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/gnu/store"),
    *("/run/current-system", "/home/linuxbrew/.linuxbrew"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ssl", "/etc/pki", "/etc/ca-certificates"),
    *("/etc/localtime", "/etc/timezone", "/etc/locale.alias", "/etc/mime.types", "/etc/alternatives"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version"),
    *("/proc/filesystems", "/proc/sys/kernel/osrelease", "/proc/sys/vm/overcommit_memory", "/proc/self"),
    *("/sys/devices/system/cpu", "/sys/fs/cgroup", "/dev/zero"),
)
"""What may be read: programs and libraries, certificates, the time zone, facts about the machine."""
NETWORK = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/host.conf", "/etc/services"),
    *("/etc/protocols", "/run/systemd/resolve/stub-resolv.conf"),
)
"""The same for a program that may open sockets of its own."""
MACHINE = ("/proc", "/sys")
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
BESIDE = ("bin", "lib", "lib32", "lib64", "libexec", "pyvenv.cfg")
"""Of an installation prefix: the parts that a program needs. Not `share`: people's own data lie in ~/.local/share."""


@cache
def python_places() -> tuple[str, ...]:
    """This Python, its packages, and the code of the services."""
    paths = sysconfig.get_paths()
    named = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    packages = [place for place in sys.path if os.path.basename(place) in ("site-packages", "dist-packages")]
    return tuple(dict.fromkeys([*named, *packages, *beside(prefixes), str(SERVICES)]))


def program_places(command: Sequence[str], folder: Path, path: str | None) -> list[str]:
    """What a command needs: its program where it was found and where that leads, and files named as arguments."""
    found = command[0] if "/" in command[0] else shutil.which(command[0], path=path)
    programs = [] if found is None else [folder / found, (folder / found).resolve()]
    prefixes = [program.parent.parent for program in programs if program.parent.name == "bin"]
    # a script in an environment of Python's is run by the Python that the environment was made from
    pythons = [(prefix / "bin" / "python").resolve() for prefix in prefixes if (prefix / "pyvenv.cfg").is_file()]
    prefixes += [python.parent.parent for python in pythons]
    files = [each for each in command[1:] if each.startswith("/") and os.path.isfile(each)]
    return list(dict.fromkeys([*map(str, programs), *beside(map(str, prefixes)), *files]))


def beside(prefixes: Iterable[str]) -> list[str]:
    """The parts of installation prefixes that programs need; the system's own are allowed anyway."""
    return [os.path.join(prefix, part) for prefix in prefixes if prefix not in ("/", "/usr") for part in BESIDE]
