"""Which system calls are refused to whom: the table behind the seccomp filter."""

from __future__ import annotations

import errno

from services.runtime.confine.seccomp import Rules
from services.runtime.confine.spec import Spec

NEVER = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_getfd kcmp
    mount umount2 pivot_root chroot move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr
    setns unshare bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    keyctl add_key request_key init_module finit_module delete_module kexec_load kexec_file_load
    swapon swapoff reboot sethostname setdomainname iopl ioperm quotactl quotactl_fd acct settimeofday clock_settime
    clock_adjtime adjtimex syslog vhangup open_by_handle_at fanotify_init inotify_init inotify_init1
    modify_ldt uselib migrate_pages move_pages lookup_dcookie nfsservctl _sysctl ioprio_set sched_setattr
    memfd_create memfd_secret shmget shmat shmctl semget semop semctl semtimedop
    msgget msgsnd msgrcv msgctl mq_open mq_unlink
"""
"""Other processes' memory, the machine itself, ways round this filter (io_uring), memory that no limit counts."""
UNIX, INET, INET6, NETLINK = 1, 2, 10, 16
STREAM, DATAGRAM, SEQUENCED = 1, 2, 5
KIND = 0xF
"""The part of a socket's type that is not a flag."""
TCP, UDP = 6, 17
FAST_OPEN = 0x20000000
"""MSG_FASTOPEN: connects in sending."""
THREAD = 0x10000
NAMESPACES = 0x7E020000
SET_ID = 0o6000
CREATING = 0o20000100
"""O_CREAT, and the bit that makes O_TMPFILE."""
SHARED_MEMORY = 0x21
"""MAP_SHARED and MAP_ANONYMOUS: memory that RLIMIT_DATA does not count."""
ATTRIBUTES = """
    chmod fchmodat fchmodat2 chown lchown fchownat utime utimes futimesat
    setxattr lsetxattr setxattrat removexattr lremovexattr removexattrat file_setattr
"""
"""What Landlock does not cover: changing by a path whose a file is, its mode and its times. Where mounts can't be made
read-only these do nothing, and say that all went well, for programs that copy a file with all that belongs to it."""
TERMINAL_TRICKS = (0x5412, 0x541C, 0x541D)
"""TIOCSTI, TIOCLINUX, TIOCCONS: typing into the person's terminal."""
OWNERS_BY_IOCTL, OWNERS = (0x8901, 0x8902), (8, 15)
"""FIOSETOWN, SIOCSPGRP; F_SETOWN, F_SETOWN_EX: have the kernel send signals to another process."""


def refusals(spec: Spec, pid: int, own_mounts: bool = True) -> Rules:
    """The rules for a process that is `pid` and stays so; `own_mounts`: what it may not write is read-only."""
    rules = Rules()
    rules.refuse(NEVER)
    rules.refuse("clone3 openat2", errno.ENOSYS)  # their arguments can't be looked at; callers fall back
    _add_files(rules)
    if not own_mounts:
        rules.refuse(ATTRIBUTES, 0)
        rules.with_pointer("utimensat", 1, 0)
    _add_processes(rules, spec, pid)
    _add_sockets(rules, spec)
    return rules


def _add_files(rules: Rules) -> None:
    for name, mode in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("fchmodat2", 2)):
        rules.with_bits(name, mode, SET_ID)
    rules.with_bits("open", 2, SET_ID, given=(1, CREATING))
    rules.with_bits("openat", 3, SET_ID, given=(2, CREATING))
    rules.when("ioctl", 1, TERMINAL_TRICKS + OWNERS_BY_IOCTL)
    rules.when("fcntl", 1, OWNERS)
    rules.when("mmap", 3, (SHARED_MEMORY,), mask=SHARED_MEMORY, number=errno.ENOMEM)


def _add_processes(rules: Rules, spec: Spec, pid: int) -> None:
    mine = (0, pid)
    rules.unless("prlimit64 sched_setaffinity sched_setscheduler sched_setparam", 0, mine)
    rules.unless("setpriority", 0, (0,))
    rules.unless("setpriority", 1, mine)
    rules.unless("personality", 0, (0, 0xFFFFFFFF))
    rules.when("prctl", 0, (1,))  # PR_SET_PDEATHSIG: dying with the template
    if spec.processes:
        rules.with_bits("clone", 0, NAMESPACES)
        return
    rules.refuse("fork vfork execve execveat tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal")
    rules.without_bits("clone", 0, THREAD)
    rules.unless("kill", 0, mine)
    rules.unless("tgkill", 0, (pid,))


def _add_sockets(rules: Rules, spec: Spec) -> None:
    rules.unless("socketpair", 0, (UNIX,))
    rules.unless("socketpair", 1, (STREAM, SEQUENCED), mask=KIND)  # a datagram one could write to any Unix socket
    if spec.network == "any":
        rules.unless("socket", 0, (INET, INET6, NETLINK))
        rules.unless("socket", 1, (STREAM, DATAGRAM, 3), mask=KIND)
        return
    rules.refuse("listen accept accept4")
    rules.with_bits("sendto", 3, FAST_OPEN)
    rules.with_bits("sendmsg", 2, FAST_OPEN)
    rules.with_bits("sendmmsg", 3, FAST_OPEN)
    if spec.network == "ports":
        rules.refuse("bind")
        rules.unless("socket", 0, (INET, INET6))
        rules.unless("socket", 1, (STREAM,), mask=KIND)
        rules.unless("socket", 2, (0, TCP))
        return
    rules.refuse("connect")
    if spec.machine:  # the kernel's list of network interfaces
        rules.unless("socket", 0, (NETLINK,))
        rules.unless("socket", 2, (0,))
        return
    rules.refuse("socket bind")
    rules.with_pointer("sendto", 4)
