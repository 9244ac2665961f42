"""Heads of answers over a socket: what is no header is passed over, what never ends is refused."""

from __future__ import annotations

import pytest

from tests.crawlers.conftest import Bench
from tests.crawlers.server import Asked, Send, Server, ok, page

BODY = page("harbour")
ODD_LINES = {
    "no name": b": nothing",
    "no colon": b"nothing at all",
    "a blank in the name": b"X Y: z",
    "a letter that is none": b"X-\xff\xfe: z",
    "NUL in the name": b"X\0Y: z",
    "a blank before the colon": b"X-Y : z",
    "a policy of 30 KB": b"Content-Security-Policy: " + b"https://a.example " * 1_700,
}


@pytest.mark.parametrize("name", ODD_LINES)
def test_a_line_that_is_no_header_costs_no_page(name: str, bench: Bench, site: Server) -> None:
    length = f"Content-Length: {len(BODY)}".encode()
    lines = [b"HTTP/1.1 200 OK", ODD_LINES[name], b"Content-Type: text/html", length, b"", BODY]
    site.routes["/news/a-good-report"] = b"\r\n".join(lines)
    site.feed("/news/a-good-report")
    assert bench.crawl().rejected == {}
    assert bench.pending() == {"/news/a-good-report": BODY}


@pytest.mark.parametrize("opening", [b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_a_line_without_end_is_refused_once(opening: bytes, bench: Bench, site: Server) -> None:
    site.routes["/news/an-endless-report"] = opening + b"y" * 70_000
    site.feed("/news/an-endless-report")
    assert bench.crawl().rejected == {"bad_headers": 1}
    assert len(site.asked("/news/an-endless-report")) == 1


@pytest.mark.parametrize(
    "line", [b"HTT\xbd/1.1 200 OK", b"<p>HTTP/1.1 200 OK", b"ICY 200 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 -20 OK"]
)
def test_an_answer_that_does_not_begin_as_http_is_none(line: bytes, bench: Bench, site: Server) -> None:
    site.routes["/news/an-odd-report"] = line + b"\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    site.feed("/news/an-odd-report")
    assert bench.crawl().rejected == {"bad_headers": 1}
    assert bench.pending() == {}


INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"


def test_interim_answers_without_end_are_refused_once(bench: Bench, site: Server) -> None:
    def interim_for_ever(_asked: Asked, send: Send) -> None:
        while True:  # until the client hangs up
            send(INTERIM * 500)

    bench.limits["page_seconds"] = 60.0  # the answer is to be refused for what it is, not for the time it takes
    site.routes["/news/an-endless-report"] = interim_for_ever
    site.feed("/news/an-endless-report")
    assert bench.crawl().rejected == {"bad_headers": 1}
    assert len(site.asked("/news/an-endless-report")) == 1


def test_some_interim_answers_cost_no_page(bench: Bench, site: Server) -> None:
    site.routes["/news/a-good-report"] = INTERIM * 40 + ok(BODY)
    site.feed("/news/a-good-report")
    assert bench.crawl().rejected == {}
    assert bench.pending() == {"/news/a-good-report": BODY}
