"""Names are judged by the address they resolve to, at the moment of connecting."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from crawlers import connect
from crawlers.connect import CheckedEndpoint
from crawlers.refusals import RefusedError
from pipeline.reasons import Reason
from tests.coroutines import run_coroutine
from tests.crawlers.conftest import Bench
from tests.crawlers.server import Server

PUBLIC = "93.184.215.14"


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    entries = [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in addresses
    ]

    async def in_this_thread(_call: Any, *_given: Any, **_named: Any) -> Any:
        return entries

    monkeypatch.setattr(connect, "deferToThread", in_this_thread)


def connected(monkeypatch: pytest.MonkeyPatch, host: str, allow: tuple[str, ...] = ()) -> list[str]:
    """The addresses that were connected to."""
    tried: list[str] = []

    class Endpoint:
        def __init__(self, _reactor: Any, address: str, _port: int, _seconds: float) -> None:
            tried.append(address)

        async def connect(self, _factory: Any) -> str:
            return "protocol"

    monkeypatch.setattr(connect, "TCP4ClientEndpoint", Endpoint)
    monkeypatch.setattr(connect, "TCP6ClientEndpoint", Endpoint)
    run_coroutine(CheckedEndpoint(None, host, 80, allow)._connect(None))  # type: ignore[arg-type]
    return tried


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
        "0.0.0.0",
    ],
)
def test_a_name_of_a_private_address_is_not_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, address)
    with pytest.raises(RefusedError) as refused:
        connected(monkeypatch, "intranet.example")
    assert refused.value.reason is Reason.BLOCKED_ADDRESS
    assert refused.value.detail.startswith(f"intranet.example is {address}: not a public address")


def test_of_several_addresses_only_public_ones_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "10.0.0.7", PUBLIC)
    assert connected(monkeypatch, "mixed.example") == [PUBLIC]


def test_what_the_settings_allow_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "10.0.0.7")
    assert connected(monkeypatch, "intranet.example", ("10.0.0.0/8",)) == ["10.0.0.7"]


def test_an_address_that_is_not_public_is_told_once(bench: Bench, site: Server) -> None:
    bench.network = {"allow_private": []}
    report = bench.crawl()
    assert (report.state, report.rejected) == ("failed", {"blocked_address": 1})
    told = "127.0.0.1 is not a public address, and network.allow_private does not hold it"
    assert report.message == f"{site.url('/feed.xml')}: {told}"
    assert site.log == []


def test_a_name_that_means_this_machine_is_not_asked(bench: Bench, site: Server) -> None:
    """By the system's own resolver."""
    bench.network = {"allow_private": []}
    bench.discover = {"feeds": [f"http://localhost:{site.port}/feed.xml"]}
    report = bench.crawl()
    assert (report.state, report.rejected) == ("failed", {"blocked_address": 1})
    assert "localhost is " in report.message
    assert site.log == []
