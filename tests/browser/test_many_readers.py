"""Fifty readers at once, each on a connection of its own: every page comes."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

from tests.browser.test_walk import ADDRESSES

READERS = 50
PATHS = [quote(one, safe="/?&=") for one in ADDRESSES if one != "/nothing"]


def test_fifty_readers_are_served_without_an_error(address: str) -> None:
    server = urlsplit(address)

    def read(number: int) -> list[int]:
        connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=60)
        seen = []
        for place in range(6):
            connection.request("GET", PATHS[(number + 7 * place) % len(PATHS)])
            answer = connection.getresponse()
            answer.read()
            seen.append(answer.status)
        connection.close()
        return seen

    with ThreadPoolExecutor(READERS) as pool:
        statuses = [one for seen in pool.map(read, range(READERS)) for one in seen]
    assert statuses == [200] * (READERS * 6)
