from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import is_public_address

BLOCKED = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "nonsense",
    "1.2.3",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]


@pytest.mark.parametrize("ip", BLOCKED)
def test_inner_addresses_are_blocked(ip: str) -> None:
    assert not is_public_address(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_pass(ip: str) -> None:
    assert is_public_address(ip)


def test_settings_open_what_they_name() -> None:
    assert is_public_address("127.0.0.1", ["127.0.0.0/8"])
    assert is_public_address("::ffff:127.0.0.1", ["127.0.0.0/8"])
    assert is_public_address("::1", ["::1/128"])
    assert not is_public_address("10.0.0.1", ["127.0.0.0/8", "::1/128"])


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_as_itself(ip: ipaddress.IPv4Address) -> None:
    assert is_public_address(f"::ffff:{ip}") == is_public_address(str(ip))
    assert is_public_address(str(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(ip)))) == (
        is_public_address(str(ip))
    )
