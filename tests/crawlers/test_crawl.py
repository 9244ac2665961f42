from __future__ import annotations

import gzip
import os
import signal
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import update

from crawlers import crawl
from pipeline.catalog.engine import open_catalog, writing
from pipeline.catalog.tables import urls
from tests.crawl_processes import crawl_processes
from tests.crawlers.conftest import Bench, held_back, until
from tests.crawlers.server import Asked, Script, Send, Server, answer, held, in_turn, ok, page, serve


def child_pid() -> int:
    """The crawl's process: the only one of this process."""
    (child,) = crawl_processes(psutil.Process())
    return child.pid


def test_a_feed_is_crawled_once(bench: Bench, site: Server) -> None:
    paths = site.pages(5)
    site.feed(*paths)
    events: list[Mapping[str, Any]] = []
    report = bench.crawl(on_event=events.append)
    assert (report.state, report.found, report.fetched, report.rejected, report.message) == ("done", 5, 5, {}, "")
    assert report.bytes > 5_000
    assert bench.pending() == {path: page(path) for path in paths}
    assert [one for one in events if one["event"] == "progress"][-1] == {"event": "progress", "fetched": 5, "total": 5}
    told = [str(one["message"]) for one in events if one["event"] == "log" and one["level"] == "INFO"]
    assert "Spider closed (finished)" in told
    assert any(line.startswith("feed ") and line.endswith(" announces 5 articles") for line in told)
    assert not any("\n" in line or line.startswith("Enabled") for line in told)
    again = bench.crawl()
    # A fresh article is looked at once more in the next run, then an hour later.
    assert (again.state, again.found, again.fetched, again.not_modified) == ("done", 0, 0, 6)
    assert bench.crawl().not_modified == 1
    assert all(len(site.asked(path)) == 2 for path in paths)
    assert len(bench.pending()) == 5
    headers = site.asked(paths[0])[0].headers
    assert headers["user-agent"].startswith("wirecopy/")
    assert "cookie" not in headers
    assert "referer" not in headers


def test_sitemaps_and_sections_are_followed_by_configuration_alone(bench: Bench, site: Server) -> None:
    by_map, by_list = site.pages(3, "/map/"), site.pages(4, "/list/")
    locs = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in by_map)
    site.routes["/inner.xml.gz"] = ok(gzip.compress(f"<urlset>{locs}</urlset>".encode()), "application/gzip")
    inner = site.url("/inner.xml.gz")
    site.routes["/index.xml"] = ok(f"<sitemapindex><sitemap><loc>{inner}</loc></sitemap></sitemapindex>".encode())
    anchors = [f'<a href="{path}">Words of a headline about {path}</a>' for path in by_list]
    site.routes["/front"] = ok(f'<link rel="next" href="/front?p=2">{anchors[0]}{anchors[1]}'.encode())
    site.routes["/front?p=2"] = ok(f'{anchors[2]}{anchors[3]}<a href="/login">Log in to read this report</a>'.encode())
    bench.discover = {"sitemaps": [site.url("/index.xml")], "sections": [site.url("/front")]}
    assert bench.crawl().fetched == 7
    assert set(bench.pending()) == {*by_map, *by_list}


def test_articles_are_asked_for_in_their_order(bench: Bench, site: Server) -> None:
    paths = site.pages(20)
    site.feed(*paths)
    bench.manners = {"delay": 0, "concurrency": 1}
    bench.crawl()
    assert [one.path for one in site.log if one.path.startswith("/news/")] == paths


def test_a_crawl_delay_counts_from_the_answer(bench: Bench, site: Server) -> None:
    never = threading.Event()

    def late(_asked: Asked, send: Send) -> None:
        never.wait(0.4)
        send(ok(page("late")))

    paths = [f"/news/late-report-number-{number}" for number in range(3)]
    site.routes |= dict.fromkeys(paths, late)
    site.routes["/robots.txt"] = ok(b"User-agent: *\nCrawl-delay: 0.5\n", "text/plain")
    site.feed(*paths)
    assert bench.crawl().fetched == 3
    times = [site.asked(path)[0].at for path in paths]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.9


def test_max_pages_leaves_the_rest_for_the_next_run(bench: Bench, site: Server) -> None:
    site.feed(*site.pages(9))
    reports = [bench.crawl(max_pages=4) for _ in range(3)]
    # One turn in four goes to articles that are looked at again.
    assert [one.fetched for one in reports] == [4, 3, 2]
    assert site.count("/news/") == 12
    assert len(bench.pending()) == 9


def test_an_unreachable_outlet_fails_with_one_line(bench: Bench, site: Server) -> None:
    bench.discover = {"feeds": ["http://127.0.0.1:1/feed.xml"]}
    report = bench.crawl()
    assert report.state == "failed"
    assert "127.0.0.1:1/feed.xml" in report.message
    assert "\n" not in report.message
    assert site.log == []


def test_pages_that_hang_in_a_row_do_not_end_the_crawl(bench: Bench, site: Server) -> None:
    gate = threading.Event()
    hanging, good = site.pages(10, "/hanging/"), site.pages(4)
    site.routes |= {path: held(gate, b"") for path in hanging}
    site.feed(*hanging, *good)
    bench.limits["page_seconds"], bench.manners["concurrency"] = 2.0, 12
    report = bench.crawl()
    gate.set()
    assert (report.state, report.fetched, report.rejected) == ("done", 4, {"too_slow": 10})
    assert set(bench.pending()) == set(good)


def test_a_server_that_stops_answering_is_left_alone(bench: Bench, site: Server) -> None:
    with serve() as other:
        lost, good = other.pages(30), site.pages(4)
        other.routes |= dict.fromkeys(lost, cut_off)
        other.routes["/robots.txt"] = in_turn_or_cut(answer(404))
        site.feed(*[other.url(path) for path in lost], *good)
        bench.discover = {"feeds": [site.url("/feed.xml")], "also_origins": [other.origin]}
        report = bench.crawl()
        assert (report.state, report.fetched) == ("done", 4)
        assert "failures in a row" in report.message
        assert other.count("/news/") < 3 * 20
        ((left,),) = bench.rows("select count(*) from urls where state = 'found'")
        assert left >= 10  # the next run goes on with them


def cut_off(_asked: Asked, _send: Send) -> None:
    """No answer, the connection closed."""


def in_turn_or_cut(first: bytes) -> Script:
    """An answer to the first request only."""
    return lambda asked, send: send(first) if asked.times == 1 else None


def test_a_broken_feed_fails_and_an_empty_one_does_not(bench: Bench, site: Server) -> None:
    site.routes["/feed.xml"] = ok(b"<html><body>Not a feed</body></html>")
    report = bench.crawl()
    assert (report.state, report.rejected) == ("failed", {"bad_feed": 1})
    assert "not a feed" in report.message
    site.feed()
    assert bench.crawl().state == "done"


def test_the_feed_is_asked_for_conditionally(bench: Bench, site: Server) -> None:
    (path,) = site.pages(1)
    site.feed(path)
    plain = site.routes["/feed.xml"]
    assert isinstance(plain, bytes)
    tagged = plain.replace(b"\r\n\r\n", b'\r\nETag: "f1"\r\nLast-Modified: Mon, 04 May 2026 10:00:00 GMT\r\n\r\n', 1)
    site.routes["/feed.xml"] = in_turn(tagged, answer(304), tagged)
    # The feed: new, a 304, the same bytes again; the fresh article is looked at in the second run too.
    assert [bench.crawl().not_modified for _ in range(3)] == [0, 2, 1]
    first, second, third = (one.headers for one in site.asked("/feed.xml"))
    assert "if-none-match" not in first
    assert second["if-none-match"] == third["if-none-match"] == '"f1"'
    assert second["if-modified-since"] == "Mon, 04 May 2026 10:00:00 GMT"
    assert bench.rows("select count(*) from captures where kind = 'feed'") == [(1,)]


def test_an_article_that_went_away_is_noted_as_gone(bench: Bench, site: Server) -> None:
    (path,) = site.pages(1)
    site.feed(path)
    bench.crawl()
    site.routes[path] = answer(410)
    connection_due(bench)
    bench.crawl()
    assert bench.states() == {path: "gone"}
    assert bench.rows("select status, extracted from captures where kind = 'article' order by fetched_at") == [
        (200, "pending"),
        (410, "pending"),
    ]


def test_a_recheck_finds_what_changed_and_only_that(bench: Bench, site: Server) -> None:
    paths = site.pages(3)
    site.feed(*paths)
    bench.crawl()
    site.routes[paths[1]] = ok(page("a corrected report"))
    connection_due(bench)
    report = bench.crawl()
    assert (report.fetched, report.not_modified) == (1, 3)  # two articles and the feed had the same bytes
    assert bench.rows("select count(*) from captures where kind = 'article'") == [(4,)]


def connection_due(bench: Bench) -> None:
    """As if the time of the next look had come."""
    engine = open_catalog(bench.catalog_url)
    with writing(engine) as connection:
        due = update(urls).where(urls.c.kind == "article")
        connection.execute(due.values(next_fetch_at=datetime(2020, 1, 1, tzinfo=UTC)))
    engine.dispose()


def test_sigterm_ends_a_crawl_soon_and_loses_nothing(bench: Bench, site: Server) -> None:
    paths = site.pages(12)
    gate, stopping = threading.Event(), threading.Event()
    for path in paths[6:]:
        site.routes[path] = held(gate, ok(page(path)))
    site.feed(*paths)

    def stop_in_the_middle(event: Mapping[str, Any]) -> None:
        if event["event"] == "progress" and event["fetched"] == 6:
            told.append(time.monotonic())
            stopping.set()

    told: list[float] = []
    bench.limits["page_seconds"] = 30.0
    report = bench.crawl(on_event=stop_in_the_middle, stopping=stopping)
    assert report.state == "interrupted"
    assert time.monotonic() - told[0] < 12  # seconds; KILL_AFTER and what the machine needs
    gate.set()
    assert sorted(bench.pending()) == sorted(paths[:6])
    assert bench.crawl().state == "done"
    assert set(bench.pending()) == set(paths)


def test_a_crawl_that_hangs_is_ended_and_the_next_one_goes_on(
    bench: Bench, site: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = site.pages(6)
    site.feed(*paths)
    gate = held_back(site, paths[-1])
    monkeypatch.setattr(crawl, "OVERTIME", 1.0)
    monkeypatch.setattr(crawl, "KILL_AFTER", 0.5)
    bench.limits["crawl_seconds"] = 5.0

    def freeze(event: Mapping[str, Any]) -> None:
        if event["event"] == "progress" and event["fetched"] == 2:
            os.kill(child_pid(), signal.SIGSTOP)
            gate.set()

    report = bench.crawl(on_event=freeze)
    assert (report.state, report.message) == ("failed", "hung: ended after 6 seconds")
    bench.limits["crawl_seconds"] = 60.0
    assert bench.crawl().state == "done"
    assert set(bench.pending()) == set(paths)


@pytest.mark.parametrize("after", [1, 4, 9, 17, 26])
def test_kill_9_in_the_middle_then_again(bench: Bench, site: Server, after: int) -> None:
    paths = site.pages(30)
    site.feed("/gone", *paths)
    gate = held_back(site, paths[-1])

    def kill_in_the_middle(event: Mapping[str, Any]) -> None:
        if event["event"] == "progress" and event["fetched"] == after:
            os.kill(child_pid(), signal.SIGKILL)
            gate.set()

    report = bench.crawl(on_event=kill_in_the_middle)
    assert report.state == "failed"
    assert "signal 9" in report.message
    assert bench.crawl().state == "done"
    assert bench.pending() == {path: page(path) for path in paths} | {"/gone": b"not here"}
    assert bench.rows("select count(*) from captures where kind = 'article' and status = 200") == [(30,)]
    assert bench.states() == {**dict.fromkeys(paths, "fetched"), "/gone": "gone"}
    assert bench.reasons() == {"/gone": {"gone"}}
    assert not list((bench.data_dir / "archive" / "open").iterdir())


def test_the_child_ends_with_its_parent(bench: Bench, site: Server, tmp_path: Path) -> None:
    gate = threading.Event()
    (path,) = site.pages(1)
    site.feed(path)
    site.routes[path] = held(gate, ok(page(path)))
    bench.limits["page_seconds"] = 60.0
    worker = threading.Thread(target=bench.crawl)
    worker.start()
    until(lambda: site.count("/news/") == 1)
    pid = child_pid()
    # What a parent's death does to the child's standard input, without dying.
    os.kill(pid, signal.SIGTERM)
    worker.join(20)
    gate.set()
    assert not worker.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("cut", [9, 30])
def test_a_packed_robots_txt_that_breaks_off_allows_nothing(bench: Bench, site: Server, cut: int) -> None:
    rules = gzip.compress(b"User-agent: *\nAllow: /a\n" + b"Disallow: /news/\n" * 9)[:-cut]
    site.routes["/robots.txt"] = ok(rules, "text/plain", "Content-Encoding: gzip")
    site.feed(*site.pages(2))
    report = bench.crawl()
    assert report.rejected == {"robots_unavailable": 1}
    assert site.count("/news/") == 0


def test_a_wait_that_no_clock_can_hold_is_a_busy_server(bench: Bench, site: Server) -> None:
    site.routes["/news/late"] = answer(429, b"", "Retry-After: Mon, 01 Jan 99999999999999999999 00:00:00 GMT")
    site.feed("/news/late", *site.pages(1))
    report = bench.crawl()
    assert (report.state, report.fetched, report.rejected) == ("done", 1, {"busy": 1})


def test_a_source_that_announces_nothing_is_not_passed_over_in_silence(bench: Bench, site: Server) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url('/index.xml')}</loc></sitemap></sitemapindex>"
    site.routes["/index.xml"] = ok(index.encode(), "application/xml")
    site.routes["/front"] = ok(b'<frameset><frame src="/inner"></frameset>')
    bench.discover = {"sitemaps": [site.url("/index.xml")], "sections": [site.url("/front")]}
    report = bench.crawl()
    assert (report.state, report.rejected) == ("done", {"bad_section": 1, "bad_sitemap": 1})


def test_a_listing_that_ends_in_an_empty_page_is_in_order(bench: Bench, site: Server) -> None:
    (path,) = site.pages(1)
    site.routes["/front"] = ok(
        f'<a href="{path}">Words of a headline of the day</a><a rel="next" href="/front?p=2">2'.encode()
    )
    site.routes["/front?p=2"] = ok(b"<p>That was all.</p>")
    bench.discover = {"sections": [site.url("/front")]}
    report = bench.crawl()
    assert (report.fetched, report.rejected) == (1, {})
