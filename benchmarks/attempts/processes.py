"""Attempts to start processes, and to get at others'."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import socket
import struct
import subprocess

from benchmarks.attempts.attempt import Marks, Refused, attempt, system


@attempt("fork", "seccomp", "")
def fork(_: Marks) -> None:
    if os.fork() == 0:
        os._exit(0)


@attempt("run a program", "seccomp", "")
def run_program(_: Marks) -> None:
    subprocess.run(["/bin/true"], check=True)


@attempt("become a program", "seccomp", "")
def become(_: Marks) -> None:
    os.execv("/bin/true", ["true"])


@attempt("spawn by posix_spawn", "seccomp", "")
def spawn(_: Marks) -> None:
    os.posix_spawn("/bin/true", ["true"], {})


@attempt("run a shell", "seccomp", "")
def shell(_: Marks) -> None:
    if os.system("true"):
        raise Refused("no shell was started")


@attempt("fork by clone3, which a filter can't look into", "seccomp")
def clone(_: Marks) -> object:
    return system(435, 435, bytes(88), 88)


for what, pid in {"the hub": "hub", "the template": "template", "another service": "sibling"}.items():
    attempt(f"kill {what}", "seccomp, Landlock", "process namespace")(
        lambda m, pid=pid: os.kill(getattr(m, pid), signal.SIGKILL)  # type: ignore[misc] # as above
    )


@attempt("kill all that it can", "seccomp, Landlock", "process namespace")
def kill_all(m: Marks) -> None:
    os.kill(-1, signal.SIGTERM)  # which says that all went well where it might signal nobody
    os.kill(m.sibling, 0)


@attempt("stop the hub by a queued signal", "seccomp", "process namespace")
def queue_signal(m: Marks) -> object:
    queued = struct.pack("3i", signal.SIGSTOP, 0, -1)
    return system(129, 138, m.hub, int(signal.SIGSTOP), queued + bytes(128 - len(queued)))


@attempt("have the kernel signal the hub", "seccomp")
def own_signal(m: Marks) -> None:
    ours, _ = socket.socketpair()
    fcntl.fcntl(ours, fcntl.F_SETOWN, m.hub)


@attempt("trace the hub", "seccomp")
def trace(m: Marks) -> object:
    return system(101, 117, 16, m.hub, 0, 0)


@attempt("read the hub's memory", "seccomp")
def read_process(m: Marks) -> object:
    return system(310, 270, m.hub, bytes(16), 1, bytes(16), 1, 0)


@attempt("write to the hub's memory", "seccomp")
def write_process(m: Marks) -> object:
    return system(311, 271, m.hub, bytes(16), 1, bytes(16), 1, 0)


@attempt("take a descriptor from the hub", "seccomp, Landlock", "process namespace")
def take_descriptor(m: Marks) -> object:
    return system(438, 438, os.pidfd_open(m.hub), 1, 0)


@attempt("lower the hub's limits", "seccomp")
def lower_limits(m: Marks) -> None:
    resource.prlimit(m.hub, resource.RLIMIT_CPU, (1, 1))


@attempt("take the hub's processors away", "seccomp")
def pin(m: Marks) -> None:
    os.sched_setaffinity(m.hub, {0})


@attempt("make the hub nice", "seccomp")
def renice(m: Marks) -> None:
    os.setpriority(os.PRIO_PROCESS, m.hub, 19)


@attempt("outlive the template", "seccomp")
def outlive(_: Marks) -> object:
    return system(157, 167, 1, 0, 0, 0, 0)
