"""Attempts to take more than the service's share."""

from __future__ import annotations

import mmap
import os
import resource
import signal
import threading
import time

from benchmarks.attempts.attempt import Marks, attempt, own, system


@attempt("fill the memory", "RLIMIT_DATA")
def fill_memory(_: Marks) -> object:
    return len(bytearray(1 << 31))


@attempt("fill the memory with mappings that are shared", "seccomp")
def fill_shared(_: Marks) -> object:
    return mmap.mmap(-1, 1 << 31)


@attempt("fill the memory with files in memory", "seccomp")
def fill_files(_: Marks) -> object:
    return os.memfd_create("x")


@attempt("fill the memory with shared segments", "seccomp")
def fill_segments(_: Marks) -> object:
    return system(29, 194, 0, 1 << 30, 0o1600)


@attempt("write a file that fills the disk", "RLIMIT_FSIZE")
def fill_disk(_: Marks) -> None:
    with own("big").open("wb") as file:
        file.truncate(1 << 34)


@attempt("use up all descriptors", "RLIMIT_NOFILE")
def fill_descriptors(_: Marks) -> None:
    taken: list[int] = []
    try:
        while len(taken) < 10_000:
            taken += [os.dup(2)]
    finally:
        for number in taken:
            os.close(number)


@attempt("raise its own limits", "no capabilities")
def raise_limits(_: Marks) -> None:
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (most * 2, most * 2))


@attempt("start threads without end", "RLIMIT_DATA", "RLIMIT_DATA or process namespace")
def start_threads(_: Marks) -> None:
    over = threading.Event()
    try:
        for _each in range(5_000):
            threading.Thread(target=over.wait, daemon=True).start()
    finally:
        over.set()


@attempt("fork without end", "seccomp", "process namespace")
def fork_bomb(_: Marks) -> None:
    pids: list[int] = []
    try:
        for _each in range(2_000):
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            pids.append(pid)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
