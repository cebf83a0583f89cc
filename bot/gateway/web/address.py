"""Whose address a request comes from."""

from __future__ import annotations

import ipaddress

from starlette.requests import Request

IPV6_PREFIX = 64
"""One household or telephone has that many addresses of its own: they count as one."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""What a proxy writes into a request it passes on."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_this_machine(client: str) -> bool:
    """Whether it is a loopback address. What a proxy on this machine passes on looks like it, too."""
    address = _parsed(client)
    return address is not None and address.is_loopback


def asks_from_here(request: Request) -> bool:
    """Whether somebody on this machine asks. Not a proxy on it: that speaks for the internet."""
    client = request.client.host if request.client else ""
    return is_this_machine(client) and not any(name in request.headers for name in FORWARDED)


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
