"""Which IP addresses are public: a crawl connects to no others, unless the settings name them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
V4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, deprecated and still routed by some stacks
SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")  # RFC 3879, deprecated
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215


def is_public_address(ip: str, allow_private: Iterable[str] = ()) -> bool:
    """True where a crawl may connect to this address: it is public, or one of the CIDRs holds it.

    An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is judged by that.
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(address)
    networks = [ipaddress.ip_network(one) for one in allow_private]
    for one in (address, *inner):
        if any(one.version == network.version and one in network for network in networks):
            return True
    return all(_is_global(one) for one in inner) if inner else _is_global(address)


def _carried(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    if not isinstance(address, ipaddress.IPv6Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if address in V4_COMPATIBLE and int(address) > 1:  # not :: and ::1
        return (ipaddress.IPv4Address(int(address)),)
    return ()


def _is_global(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address in SITE_LOCAL or address in LOCAL_NAT64):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    )
