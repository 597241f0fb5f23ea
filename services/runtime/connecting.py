"""Connecting to the first of several addresses that answers, each begun a little after the one before.

Must stay true: of all that is opened on the way only the connected socket stays open. The method is that of
RFC 8305 ("happy eyeballs"), simplified: the order is the resolver's, families alternating.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from itertools import chain, zip_longest

import anyio

STAGGER_SECONDS = 0.25


async def connect_first(addresses: Sequence[str], port: int) -> socket.socket:
    """A connected socket that does not block. Raises OSError: that of the first address, where none answers."""
    faults: dict[str, OSError] = {}
    won: list[socket.socket] = []
    order = alternating(addresses)
    next_turn = {address: anyio.Event() for address in order}

    async def attempt(place: int) -> None:
        address = order[place]
        with anyio.move_on_after(STAGGER_SECONDS * place):
            if place:
                await next_turn[order[place - 1]].wait()
        try:
            connected = await connect(address, port)
        except OSError as fault:
            faults[address] = fault
            next_turn[address].set()
            return
        if won:
            connected.close()
        else:
            won.append(connected)
            tasks.cancel_scope.cancel()

    try:
        async with anyio.create_task_group() as tasks:
            for place in range(len(order)):
                tasks.start_soon(attempt, place)
    except BaseException:
        for connected in won:
            connected.close()
        raise
    if won:
        return won[0]
    raise faults[order[0]]


def alternating(addresses: Sequence[str]) -> list[str]:
    """The families in turn, the first one's family first."""
    six = [address for address in addresses if ":" in address]
    four = [address for address in addresses if ":" not in address]
    first, second = (six, four) if addresses and ":" in addresses[0] else (four, six)
    return [address for address in chain.from_iterable(zip_longest(first, second)) if address is not None]


async def connect(address: str, port: int) -> socket.socket:
    """A connected socket to one address. Raises OSError."""
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        code = opened.connect_ex((address, port))
        if code == errno.EINPROGRESS:
            await anyio.wait_writable(opened)
            code = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        opened.close()
        raise
    return opened
