"""The name of the site behind a URL, for pages of outlets that are not configured."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

UNKNOWN_OUTLET = "unknown"
MAX_HOST = 253  # characters, RFC 1035


def registrable_domain(url: str) -> str | None:
    """The registrable domain of a URL (`example.com.tr` of `http://www.example.com.tr/x`); the host where it is a
    plain name or an address; None without a host. Works from the suffix list that comes with tldextract, no network.
    """
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        return None
    if not host or len(host) > MAX_HOST or any(letter.isspace() for letter in host):
        return None
    return _registrable(host.rstrip(".").lower()) or None


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str:
    from pipeline.urls import domain_of_host  # loaded only when a row's URL needs it

    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return domain_of_host(host)
