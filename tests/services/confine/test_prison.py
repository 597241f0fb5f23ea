"""A process that has confined itself: with and without namespaces, as an ordinary user too."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from services.runtime.confine import namespaces
from services.runtime.confine.enforcement import means_here
from services.runtime.confine.kernel import PR_SET_DUMPABLE, prctl
from services.runtime.confine.prison import confine
from services.runtime.confine.spec import Spec

MEANS = means_here()
pytestmark = pytest.mark.skipif(not (MEANS.landlock and MEANS.seccomp), reason=f"needs Landlock and seccomp: {MEANS}")
NOBODY = 65534

Act = Callable[[], object]


def confined(spec: Spec, act: Act, user: int = 0, own_mounts: bool = True) -> str:
    """What came of doing it in a confined child: "done", or the error."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if user:
                os.setgid(user)
                os.setuid(user)
                prctl("PR_SET_DUMPABLE", PR_SET_DUMPABLE, 1)
            if not own_mounts:
                namespaces.enter = lambda spec: not spec
            confine(spec)
            told = f"done {act()}"
        except BaseException as error:
            told = f"{type(error).__name__} {getattr(error, 'errno', '')} {traceback.format_exc()}"
        os.write(writer, told[:4000].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        told = file.read().decode()
    os.waitpid(pid, 0)
    return told


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data folder, one that is granted, and one that is not; anybody may use them, but for the confinement."""
    for name in ("data", "granted", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
        (tmp_path / name / "file").write_text("secret")
        (tmp_path / name / "file").chmod(0o666)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path


def spec(place: Path, command: bool = False, **more: object) -> Spec:
    """One with a data folder and a folder to read."""
    values = {"write": [str(place / "data")], "read": [str(place / "granted")], "command": command, **more}
    return Spec.from_message(values)


@pytest.mark.parametrize("own_mounts", [True, False])
@pytest.mark.parametrize("user", [0, NOBODY])
@pytest.mark.parametrize(
    ("folder", "reads", "writes"), [("data", True, True), ("granted", True, False), ("other", False, False)]
)
def test_only_what_is_granted_can_be_read_and_only_the_data_folder_written(
    place: Path, folder: str, reads: bool, writes: bool, user: int, own_mounts: bool
) -> None:
    if user and os.getuid() != 0:
        pytest.skip("only root can become someone else")
    file = place / folder / "file"
    read = confined(spec(place), file.read_text, user, own_mounts)
    wrote = confined(spec(place), lambda: file.write_text("x"), user, own_mounts)
    assert read.startswith("done") == reads, read
    assert wrote.startswith("done") == writes, wrote


@pytest.mark.parametrize("own_mounts", [True, False])
def test_modes_of_files_elsewhere_stay_as_they_are(place: Path, own_mounts: bool) -> None:
    confined(spec(place), lambda: os.chmod(place / "other" / "file", 0o600), own_mounts=own_mounts)
    assert (place / "other" / "file").stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize("own_mounts", [True, False])
def test_a_folder_that_may_be_changed_can_be_moved_about_in(place: Path, own_mounts: bool) -> None:
    def move() -> str:
        (place / "data" / "inner").mkdir()
        os.rename(place / "data" / "file", place / "data" / "inner" / "file")
        return (place / "data" / "inner" / "file").read_text()

    nested = spec(place, write=[str(place / "data"), str(place / "data" / "inner")])
    assert confined(nested, move, own_mounts=own_mounts) == "done secret"


def test_a_socket_handed_over_can_be_used_where_none_can_be_opened(place: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as server:
        connected = socket.create_connection(server.getsockname())
        other, _ = server.accept()
        with connected, other:
            socket.send_fds(ours, [b"x"], [connected.fileno()])

            def use() -> str:
                _, descriptors, _, _ = socket.recv_fds(theirs, 1, 1)
                with socket.socket(fileno=descriptors[0]) as given:
                    given.settimeout(10)
                    given.sendall(b"hello")
                    return f"{given.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)} {given.getpeername()[0]}"

            assert confined(spec(place), use) == "done 0 127.0.0.1"
            assert other.recv(5) == b"hello"
    assert f"PermissionError {errno.EPERM}" in confined(spec(place), socket.socket)


def test_a_command_with_ports_connects_to_these_only(place: Path) -> None:
    if MEANS.landlock < 4:
        pytest.skip("needs Linux 6.7")
    with socket.create_server(("127.0.0.1", 0)) as proxy, socket.create_server(("127.0.0.1", 0)) as hub:
        allowed = spec(place, True, network="ports", ports=[proxy.getsockname()[1]], processes=32)
        assert confined(allowed, lambda: socket.create_connection(proxy.getsockname()).close()).startswith("done")
        told = confined(allowed, lambda: socket.create_connection(hub.getsockname()).close())
        assert f"PermissionError {errno.EACCES}" in told


def test_a_command_runs_programs_but_not_those_it_brings_from_elsewhere(place: Path) -> None:
    program = place / "other" / "program"
    program.write_text("#!/bin/sh\necho done\n")
    program.chmod(0o755)
    allowed = spec(place, True, processes=32)
    assert confined(allowed, lambda: subprocess.run(["/bin/true"], check=True).returncode) == "done 0"
    assert "PermissionError" in confined(allowed, lambda: subprocess.run([str(program)], check=True))


def test_what_a_command_has_started_ends_with_it(place: Path) -> None:
    if not MEANS.namespaces:
        pytest.skip("needs namespaces")
    reader, writer = os.pipe()

    def leave_one() -> int:
        if os.fork() == 0:
            os.setsid()
            signal.pause()
        return 1

    # the one left behind holds the pipe open as long as it lives
    assert confined(spec(place, True, processes=32), leave_one) == "done 1"
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        assert file.read() == b""


def test_a_python_service_may_be_given_processes(place: Path) -> None:
    given = spec(place, processes=4)
    assert confined(given, lambda: subprocess.run(["/bin/true"], check=True).returncode) == "done 0"


def test_a_process_that_uses_up_its_processor_time_is_ended(place: Path) -> None:
    def spin() -> None:
        while True:
            pass

    assert confined(spec(place, cpu_seconds=1), spin) == ""


def test_a_limit_on_a_file_is_told_as_an_error(place: Path) -> None:
    told = confined(spec(place, disk_mb=1), lambda: os.truncate(place / "data" / "file", 2_000_000))
    assert f"OSError {errno.EFBIG}" in told
