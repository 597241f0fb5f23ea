"""Hosts and addresses: how a host is written, and which addresses lie out on the public internet.

Must stay true: an address that leads, directly or wrapped in another, to this machine or a private network is
not public. The registries are IANA's special-purpose ones, of IPv4 and IPv6 (RFC 6890 and its successors).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NAT64 = ip_network("64:ff9b::/96")
"""Carries an IPv4 address in its last 32 bits (RFC 6052)."""
NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
        " 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
        " ::/8 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/9 ff00::/8"
    ).split()
)
"""Also all that wraps an IPv4 address (mapped, compatible, Teredo, 6to4), whatever it wraps."""
HOST_LIMIT = 253


@dataclass(frozen=True, slots=True)
class Target:
    """Where a connection shall lead."""

    host: str
    """Small letters, ASCII, no dot at the end; an address in its shortest form."""
    port: int
    literal: bool
    """The host is an address."""

    @classmethod
    def of(cls, host: str, port: int) -> Target:
        """Raises ValueError for what can't be a host."""
        plain = plain_host(host)
        return cls(plain, port, as_address(plain) is not None)


def as_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that it is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def plain_host(host: str) -> str:
    """The host as it is compared and looked up. Raises ValueError for what can't be a host."""
    bare = host.strip().removeprefix("[").removesuffix("]").rstrip(".").lower()
    address = as_address(bare)
    if address is not None:
        if isinstance(address, IPv6Address) and address.scope_id:
            raise ValueError("an address with a zone is never one to connect to from afar")
        return str(address)
    name = bare.encode("idna").decode() if not bare.isascii() else bare
    labels = name.split(".")
    if not name or len(name) > HOST_LIMIT or not all(is_label(label) for label in labels):
        raise ValueError(f"{host[:80]!r} is not the name of a host")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise ValueError("the system would read 127.1 or 0x7f000001 as an address")
    return name


def is_label(label: str) -> bool:
    """One part of a name; underscores occur in real ones."""
    return 0 < len(label) <= 63 and all(sign.isalnum() or sign in "-_" for sign in label)


def is_public(text: str) -> bool:
    """Whether the address lies out on the public internet, by itself and in what it wraps."""
    address = as_address(text.partition("%")[0])
    if address is None:
        return False
    if isinstance(address, IPv6Address) and address in NAT64:
        return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    special = not address.is_global or address.is_multicast or address.is_reserved
    return not special and not any(address in network for network in NOT_PUBLIC)
