"""Whose address a request comes from."""

from __future__ import annotations

import ipaddress

IPV6_PREFIX = 64
"""One household or telephone has that many addresses of its own: they count as one."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_this_machine(client: str) -> bool:
    """Whether it is a loopback address. What a proxy on this machine passes on looks like it, too."""
    address = _parsed(client)
    return address is not None and address.is_loopback


def household(client: str) -> str:
    """The address, of IPv6 its network; what is no address stays as it is."""
    address = _parsed(client)
    if address is None:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.IPv6Network((int(address), IPV6_PREFIX), strict=False))


def _parsed(client: str) -> Address | None:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
