"""What servers that are busy, gone or unchanged are spared."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from sqlalchemy import update

from crawlers.backoff import HOLDS_OF_A_CRAWL, LONGEST_DELAY, LONGEST_HOLD, RECOVERED, SENT_AWAY, Backoff
from crawlers.source_visits import PATIENT_FAILURES
from pipeline.catalog.engine import open_catalog, writing
from pipeline.catalog.tables import urls
from tests.crawlers.conftest import Bench
from tests.crawlers.server import Asked, Script, Send, Server, answer, in_turn, ok, page

URL = "https://news.example/a"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_busy_page_holds_up_no_other() -> None:
    backoff = Backoff(Clock())
    assert not backoff.busy(URL, 5.0)
    assert backoff.seconds_left(URL) == 0
    backoff.answered(URL)
    assert not backoff.busy(URL, 5.0)
    assert backoff.seconds_left(URL) == 0


def test_a_busy_server_is_left_in_peace_for_longer_and_longer() -> None:
    clock = Clock()
    backoff, holds = Backoff(clock), []
    backoff.busy(URL, None)
    for _ in range(12):
        backoff.busy(URL, None)
        holds.append(backoff.seconds_left(URL))
        clock.now += holds[-1]
    assert holds[:5] == [2.0, 4.0, 8.0, 16.0, LONGEST_HOLD]
    assert sum(holds) == HOLDS_OF_A_CRAWL
    assert backoff.delay(URL) == LONGEST_DELAY
    for _ in range(RECOVERED):
        backoff.answered(URL)
    assert backoff.delay(URL) == 0
    assert backoff.seconds_left("https://other.example/a") == 0


def test_the_wait_that_a_server_asks_for_counts() -> None:
    backoff = Backoff(Clock())
    backoff.busy(URL, 7.0)
    backoff.busy(URL, 7.0)
    backoff.busy(URL, 20.0)  # under way at the same time: the hold is not made longer
    assert backoff.seconds_left(URL) == 7.0


def test_a_server_that_sends_everybody_away_is_left_alone() -> None:
    backoff = Backoff(Clock())
    assert [backoff.busy(URL, 86_400.0) for _ in range(SENT_AWAY)] == [False] * (SENT_AWAY - 1) + [True]
    backoff.answered(URL)
    assert not backoff.busy(URL, 86_400.0)


def test_a_server_with_a_limit_on_its_rate_gives_every_page(bench: Bench, site: Server) -> None:
    """Four pages in a second and a half, whoever asks for more is told so; tried three times, each page alone fails."""
    paths = site.pages(16)
    taken: list[float] = []

    def limited(then: bytes) -> Script:
        def script(_asked: Asked, send: Send) -> None:
            now = time.monotonic()
            recent = [at for at in taken if now - at < 1.5]
            if len(recent) >= 4:
                send(answer(429, b"slow down", "Retry-After: 2"))
            else:
                taken.append(now)
                send(then)

        return script

    for path in paths:
        site.routes[path] = limited(ok(page(path)))
    site.feed(*paths)
    report = bench.crawl()
    assert (report.state, report.fetched, report.rejected) == ("done", 16, {})
    assert site.count("/news/") <= 2 * len(paths)


def test_a_server_that_sends_everybody_away_is_not_asked_for_every_page(bench: Bench, site: Server) -> None:
    paths = [f"/news/report-number-{number}" for number in range(40)]
    site.routes |= dict.fromkeys(paths, answer(503, b"", "Retry-After: 86400"))
    site.feed(*paths)
    bench.manners = {"delay": 0, "concurrency": 1}
    report = bench.crawl()
    assert report.state == "failed"
    assert report.message == f"{site.origin} asks to come back another time"
    assert site.count("/news/") == SENT_AWAY
    assert list(bench.states().values()).count("found") == 40 - SENT_AWAY  # the next run goes on with them


@pytest.mark.parametrize("dated", [False, True])
def test_retry_after_is_waited_for(bench: Bench, site: Server, dated: bool) -> None:
    (path,) = site.pages(1)
    good = site.routes[path]
    assert isinstance(good, bytes)

    def first(asked: Asked, send: Send) -> None:
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True) if dated else "3"
        send(good if asked.times > 1 else answer(503 if dated else 429, b"", f"Retry-After: {when}"))

    site.routes[path] = first
    site.feed(path)
    assert bench.crawl().fetched == 1
    early, late = site.asked(path)
    assert late.at - early.at >= 2.9  # a date has no fractions of a second


def test_only_what_may_pass_is_tried_again(bench: Bench, site: Server) -> None:
    times = {500: 3, 502: 3, 503: 3, 504: 3, 400: 1, 401: 1, 403: 1, 404: 1, 451: 1}
    paths = {status: f"/news/a-report-of-the-town-{status}" for status in times}
    site.routes |= {path: answer(status) for status, path in paths.items()}
    site.feed(*paths.values())
    bench.manners["concurrency"] = len(paths)
    assert bench.crawl().fetched == 0
    asked = {status: site.asked(path) for status, path in paths.items()}
    assert {status: len(visits) for status, visits in asked.items()} == times
    for visits in asked.values():
        assert all(later.at - earlier.at >= 1.9 for earlier, later in pairwise(visits))


def test_a_feed_that_keeps_failing_is_left_alone_for_a_while(bench: Bench, site: Server) -> None:
    site.routes["/feed.xml"] = answer(404)
    for _ in range(PATIENT_FAILURES):
        assert bench.crawl().state == "failed"
    report = bench.crawl()
    assert "left alone until" in report.message
    assert len(site.asked("/feed.xml")) == PATIENT_FAILURES
    engine = open_catalog(bench.catalog_url)
    with writing(engine) as connection:
        connection.execute(update(urls).values(next_fetch_at=datetime(2020, 1, 1, tzinfo=UTC)))
    engine.dispose()
    (path,) = site.pages(1)
    site.feed(path)
    assert bench.crawl().fetched == 1
    site.routes["/feed.xml"] = answer(404)
    bench.crawl()
    assert len(site.asked("/feed.xml")) == PATIENT_FAILURES + 2  # counted from the last success on


def test_sitemaps_sections_and_pages_are_asked_for_conditionally(bench: Bench, site: Server) -> None:
    by_map, by_list = site.pages(1, "/map/"), site.pages(1, "/list/")
    locs = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in by_map)
    tag = ('ETag: "v1"', "Last-Modified: Mon, 04 May 2026 10:00:00 GMT")
    anchor = f'<a href="{by_list[0]}">Words of a headline about the town</a>'
    given = {
        "/map.xml.gz": ok(gzip.compress(f"<urlset>{locs}</urlset>".encode()), "application/gzip", *tag),
        "/front": ok(anchor.encode(), "text/html", *tag),
        by_map[0]: ok(page("map"), "text/html", tag[0]),
        by_list[0]: ok(page("list"), "text/html", tag[1]),
    }
    site.routes |= {path: in_turn(first, answer(304)) for path, first in given.items()}
    bench.discover = {"sitemaps": [site.url("/map.xml.gz")], "sections": [site.url("/front")]}
    assert (bench.crawl().fetched, bench.crawl().not_modified) == (2, 4)
    for path in given:
        asked = site.asked(path)[1].headers
        validators = (asked.get("if-none-match"), asked.get("if-modified-since"))
        assert validators == (
            '"v1"' if path != by_list[0] else None,
            "Mon, 04 May 2026 10:00:00 GMT" if path != by_map[0] else None,
        )
