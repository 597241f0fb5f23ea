"""Attempts on files: to read, change or find what is not the service's."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.attempts.attempt import Marks, attempt, check, own, read, system

for what, inside in {
    "read another service's data": "services/victim/data.sqlite",
    "read the hub's database": "hub.sqlite",
    "read the hub's token": "token",
    "read another service's log": "logs/victim.log",
}.items():
    attempt(what, "Landlock")(lambda m, inside=inside: read(Path(m.home, inside)))  # type: ignore[misc] # binds the loop's value
for what, path in {"read the system's passwords": "/etc/shadow", "read who has an account": "/etc/passwd"}.items():
    attempt(what, "Landlock")(lambda _, path=path: read(path))  # type: ignore[misc] # binds the loop's value


@attempt("read a file of the person's", "Landlock")
def read_secret(m: Marks) -> object:
    return read(m.secret)


@attempt("list the hub's home", "Landlock")
def list_home(m: Marks) -> object:
    return os.listdir(m.home)


@attempt("list the person's folder", "Landlock")
def list_person(m: Marks) -> object:
    return os.listdir(os.path.dirname(m.secret))


@attempt("read the hub's environment", "Landlock", "process namespace")
def read_environment(m: Marks) -> object:
    return read(f"/proc/{m.hub}/environ")


@attempt("read the hub's memory through /proc", "Landlock", "process namespace")
def read_memory(m: Marks) -> object:
    return os.open(f"/proc/{m.hub}/mem", os.O_RDONLY)


@attempt("write to the hub's memory through /proc", "Landlock, read-only mounts", "process namespace")
def write_memory(m: Marks) -> object:
    return os.open(f"/proc/{m.hub}/mem", os.O_RDWR)


@attempt("list the hub's open files", "Landlock", "process namespace")
def list_files(m: Marks) -> object:
    return os.listdir(f"/proc/{m.hub}/fd")


@attempt("go round by /proc/self/root", "Landlock")
def by_root(m: Marks) -> object:
    return read(f"/proc/self/root{m.secret}")


@attempt("go round by the template's root", "Landlock", "process namespace")
def by_other_root(m: Marks) -> object:
    return read(f"/proc/{m.template}/root{m.secret}")


@attempt("open without reading, then open that", "Landlock")
def by_path_descriptor(m: Marks) -> object:
    return read(f"/proc/self/fd/{os.open(m.secret, os.O_PATH)}")


@attempt("open its log for reading by its descriptor", "Landlock")
def by_standard_error(_: Marks) -> object:
    return read("/proc/self/fd/2")


@attempt("leave a file in the hub's home", "Landlock, read-only mounts")
def leave_file(m: Marks) -> object:
    return Path(m.home, "dropped").write_text("x")


@attempt("overwrite the hub's database", "Landlock, read-only mounts")
def overwrite(m: Marks) -> object:
    return Path(m.home, "hub.sqlite").write_text("x")


@attempt("delete another service's data", "Landlock, read-only mounts")
def delete(m: Marks) -> None:
    os.unlink(Path(m.home, "services/victim/data.sqlite"))


@attempt("put its own file in place of another's", "Landlock, read-only mounts")
def replace(m: Marks) -> None:
    own("mine").write_text("x")
    os.rename(own("mine"), Path(m.home, "services/victim/data.sqlite"))


@attempt("move another's folder into its own", "Landlock, read-only mounts")
def take(m: Marks) -> None:
    os.rename(Path(m.home, "services/victim"), own("taken"))


@attempt("append to the person's file", "Landlock, read-only mounts")
def append(m: Marks) -> None:
    with open(m.secret, "a") as file:
        file.write("x")


@attempt("write to /tmp", "Landlock, read-only mounts")
def write_tmp(_: Marks) -> object:
    return Path("/tmp/dropped").write_text("x")


@attempt("write to shared memory in /dev/shm", "Landlock, read-only mounts")
def write_shm(_: Marks) -> object:
    return Path("/dev/shm/dropped").write_text("x")


@attempt("follow a symbolic link of its own out", "Landlock")
def by_symlink(m: Marks) -> object:
    own("link").unlink(missing_ok=True)
    own("link").symlink_to(m.secret)
    return read(own("link"))


@attempt("hard link a file into its own folder", "Landlock, read-only mounts")
def by_hard_link(m: Marks) -> object:
    os.link(Path(m.home, "hub.sqlite"), own("hard"))
    return read(own("hard"))


@attempt("change its own code", "Landlock, read-only mounts")
def change_code(_: Marks) -> None:
    with open(__file__, "a") as file:
        file.write("#")


@attempt("put compiled code beside its own", "Landlock, read-only mounts")
def poison(_: Marks) -> object:
    return Path(__file__).with_name("json.py").write_text("")


@attempt("change the mode of the hub's database", "read-only mounts")
def change_mode(m: Marks) -> None:
    os.chmod(Path(m.home, "hub.sqlite"), 0o000)
    check(Path(m.home, "hub.sqlite").stat().st_mode & 0o777 == 0)


@attempt("change the times of the hub's database", "read-only mounts")
def change_times(m: Marks) -> None:
    os.utime(Path(m.home, "hub.sqlite"), (0, 0))
    check(Path(m.home, "hub.sqlite").stat().st_mtime == 0)


@attempt("give the hub's database away", "read-only mounts")
def change_owner(m: Marks) -> None:
    os.chown(Path(m.home, "hub.sqlite"), 65534, 65534)
    check(Path(m.home, "hub.sqlite").stat().st_uid == 65534)


@attempt("make a set-user-id program", "seccomp")
def make_set_id(_: Marks) -> None:
    own("suid").write_text("")
    os.chmod(own("suid"), 0o4755)
    check(bool(own("suid").stat().st_mode & 0o4000))


@attempt("create a set-user-id program", "seccomp")
def create_set_id(_: Marks) -> object:
    return os.open(own("suid2"), os.O_CREAT | os.O_WRONLY, 0o4755)


@attempt("make a device", "Landlock")
def make_device(_: Marks) -> None:
    os.mknod(own("sda"), 0o060600, os.makedev(8, 0))


@attempt("watch the hub's home for changes", "seccomp")
def watch(_: Marks) -> object:
    return system(294, 26, 0)


@attempt("open a file by its handle", "seccomp")
def by_handle(_: Marks) -> object:
    return system(304, 265, -100, bytes(136), 0)


@attempt("change the root folder", "seccomp")
def change_root(m: Marks) -> None:
    os.chroot(m.home)
