"""The hostile site does what its cases say; read with plain sockets, so that no client's kindness hides a fault."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
import zstandard

from pipeline.outlets import load_outlets
from pipeline.settings import load_settings
from tests.site.hostile.articles import good_texts, read_texts
from tests.site.hostile.board import Board
from tests.site.hostile.case import Case
from tests.site.hostile.cases import build_board
from tests.site.hostile.outlets import write_config
from tests.site.hostile.server import Site

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
LIMIT = 12_000_000  # bytes of a page, inflated


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    site = Site()
    built = build_board(site, NOW, tmp_path_factory.mktemp("secret") / "secret.txt")
    site.start()
    yield built
    site.stop()


def ask(url: str, seconds: float = 2.0, most: int = 40_000_000) -> bytes:
    """What a plain GET brings within seconds: status line, headers and body, as far as they come."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    got = bytearray()
    until = time.monotonic() + seconds
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=seconds) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        try:
            while len(got) < most and time.monotonic() < until:
                more = connection.recv(262_144)
                if not more:
                    return bytes(got)
                got += more
        except (TimeoutError, ConnectionResetError):
            pass
    return bytes(got)


def split(raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (the last of each name) and body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split(" ")[1]), {name.lower(): value for name, _, value in pairs}, body


def cases_of(board: Board, *kinds: str) -> list[Case]:
    return [case for case in board.cases if case.kind in kinds]


def test_there_are_many_cases_and_good_articles_among_them(board: Board) -> None:
    kinds = Counter(case.kind for case in board.cases)
    assert kinds.total() >= 300
    assert kinds["good"] == len(good_texts()) == 21
    assert len({case.id for case in board.cases}) == kinds.total()


@pytest.mark.parametrize("language", ["ar", "en", "tr"])
def test_good_articles_have_two_hundred_words(language: str) -> None:
    for text in read_texts(language).values():
        assert len(re.findall(r"\w+", text.body)) >= 200, text.slug


def test_the_configuration_is_valid(board: Board, tmp_path: Path) -> None:
    write_config(board, tmp_path)
    assert set(load_outlets(tmp_path)) == set(board.plans)
    assert load_settings(tmp_path).network.allow_private == ("127.0.0.1/32",)


def test_good_articles_are_served_whole(board: Board) -> None:
    for case in cases_of(board, "good"):
        status, _, body = split(ask(case.path))
        text = good_texts()[case.id]
        assert status == 200
        assert all(paragraph in body.decode() for paragraph in text.paragraphs), case.id


def test_what_is_announced_in_a_feed_or_sitemap_stands_there(board: Board) -> None:
    for plan in board.plans.values():
        for where, url in (("feed", plan.feeds[:1]), ("sitemap", plan.sitemaps[:1]), ("section", plan.sections[:1])):
            if plan.entries[where]:
                body = split(ask(url[0]))[2].decode()
                assert escape(plan.entries[where][0].href) in body, plan.id


def test_redirects_redirect(board: Board) -> None:
    for case in cases_of(board, "redirect"):
        status, headers, _ = split(ask(case.path))
        assert 300 <= status < 400, case.id
        assert "location" in headers, case.id


def inflated_size(codec: str, body: bytes) -> int:
    """Bytes that body inflates to; stops where it is past the limit."""
    size = 0
    if codec == "br":
        reader = brotli.Decompressor()
        size = len(reader.process(body, output_buffer_limit=LIMIT + 1))
    elif codec == "zstd":
        size = len(zstandard.ZstdDecompressor().stream_reader(body).read(LIMIT + 1))
    else:
        size = len(zlib.decompressobj(47).decompress(body, LIMIT + 1))
    return size


def test_bombs_inflate_past_the_limit_from_little(board: Board) -> None:
    bombs = [f"bomb-{codec}" for codec in ("gzip", "deflate", "br", "zstd")]
    for case in board.cases:
        if case.id in bombs:
            _, headers, body = split(ask(case.path))
            assert len(body) < 2_000_000
            assert inflated_size(headers["content-encoding"], body) > LIMIT, case.id


def test_the_nested_bomb_takes_two_steps(board: Board) -> None:
    (case,) = [case for case in board.cases if case.id == "bomb-twice"]
    _, headers, body = split(ask(case.path))
    assert headers["content-encoding"] == "gzip, gzip"
    assert inflated_size("gzip", zlib.decompress(body, 47)) > LIMIT


def test_cut_answers_are_not_whole(board: Board) -> None:
    for case in board.cases:
        if not re.fullmatch(r"cut-(gzip|deflate|br|zstd|length|chunked|reset)", case.id):
            continue
        raw = ask(case.path)
        status, headers, body = split(raw)
        assert status == 200
        if case.id == "cut-chunked":
            assert not body.endswith(b"0\r\n\r\n")
        elif case.id in ("cut-length", "cut-reset"):
            assert len(body) < int(headers["content-length"])
        else:
            assert len(body) == int(headers["content-length"]), case.id
            assert b"</html>" not in body


def test_slow_answers_do_not_end(board: Board) -> None:
    slow = [case for case in cases_of(board, "slow") if case.id != "slow-but-whole"]
    assert len(slow) == 5
    for case in slow:
        started = time.monotonic()
        raw = ask(case.path, seconds=0.8)
        assert time.monotonic() - started > 0.7, case.id
        assert b"</html>" not in raw


def test_endless_answers_go_on(board: Board) -> None:
    for case in cases_of(board, "endless"):
        if case.id.startswith("endless"):
            assert len(ask(case.path, seconds=5.0, most=1_000_000)) >= 1_000_000, case.id


def test_a_reset_is_a_reset(board: Board) -> None:
    (case,) = [case for case in board.cases if case.id == "reset-at-once"]
    with pytest.raises(ConnectionResetError):
        parts = urlsplit(case.path)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
        connection.request("GET", parts.path)
        connection.getresponse()


def test_cookies_flood(board: Board) -> None:
    (case,) = [case for case in board.cases if case.id == "cookie-flood"]
    assert ask(case.path).count(b"Set-Cookie:") == 120


def test_busy_servers_ask_to_wait_once(board: Board) -> None:
    (case,) = [case for case in board.cases if case.id == "retry-seconds"]
    first, second = split(ask(case.path)), split(ask(case.path))
    assert (first[0], first[1]["retry-after"]) == (429, "2")
    assert second[0] == 200


def test_robots_variants(board: Board) -> None:
    listeners = board.site.listeners
    assert split(ask(listeners["robots-500"].origin + "/robots.txt"))[0] == 500
    assert ask(listeners["robots-silent"].origin + "/robots.txt", seconds=0.5) == b""
    assert split(ask(listeners["robots-off-origin"].origin + "/robots.txt"))[1]["location"].startswith(
        board.canary.origin
    )
    assert len(ask(listeners["robots-huge"].origin + "/robots.txt")) > LIMIT


def test_the_second_phase_differs(board: Board) -> None:
    origin = board.plans["changes"].listener.origin
    first = ask(f"{origin}/news/changed-in-feed"), ask(f"{origin}/news/gone-410"), ask(f"{origin}/feed.xml")
    board.site.phase = 2
    try:
        second = ask(f"{origin}/news/changed-in-feed"), ask(f"{origin}/news/gone-410"), ask(f"{origin}/feed.xml")
    finally:
        board.site.phase = 1
    assert split(first[0])[0] == split(second[0])[0] == 200
    assert first[0] != second[0]
    assert (split(first[1])[0], split(second[1])[0]) == (200, 410)
    assert first[2] != second[2]


def test_a_known_etag_gets_304(board: Board) -> None:
    parts = urlsplit(board.plans["changes"].listener.origin)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    connection.request("GET", "/news/unchanged-304", headers={"If-None-Match": '"same"'})
    assert connection.getresponse().status == 304
    connection.close()


def test_a_canary_notes_that_it_was_connected_to(board: Board) -> None:
    before = len(board.site.visits)
    assert b"canary" in ask(board.canary.origin + "/anything")
    noted = [visit for visit in board.site.visits[before:] if visit.listener == "canary"]
    assert [visit.target for visit in noted] == ["/anything"]


def test_nearly_every_case_has_a_page_that_answers(board: Board) -> None:
    silent = {"slow", "framing", "endless", "burst"}
    pages = [case for case in board.cases if case.kind not in silent and "/news/" in case.path]
    own = tuple(f"{listener.origin}/" for listener in board.site.listeners.values() if not listener.canary)
    pages = [case for case in pages if case.path.startswith(own)]
    routed = [case for case in pages if case.where != "none" and urlsplit(case.path).path.isascii()]
    assert len(routed) > 150
    for case in routed:
        assert ask(case.path, seconds=3.0).startswith(b"HTTP/1.1 "), case.id


def test_the_untrusted_outlet_speaks_tls(board: Board) -> None:
    parts = urlsplit(board.plans["untrusted"].feeds[0])
    assert parts.scheme == "https"
    careful = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=2)
    with pytest.raises(ssl.SSLCertVerificationError):
        careful.request("GET", "/untrusted.xml")
    careful.close()
