from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discover.found import Source
from pipeline.discover.sitemaps import parse_sitemap
from pipeline.reasons import Reason
from pipeline.records import PageKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOURCE = Source("news", "https://news.example/sitemap.xml", PageKind.SITEMAP, NOW)
NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://news.example/1 </loc>
 <lastmod>2026-05-04T08:00:00+03:00</lastmod><n:news><n:publication><n:name>News</n:name></n:publication>
 <n:publication_date>2026-05-03</n:publication_date><n:title>Bridge &amp; wall</n:title></n:news></url>
 <url xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><loc>/2</loc><i:image><i:loc>/2.jpg</i:loc></i:image></url>
 </urlset>"""


@pytest.mark.parametrize(
    "data", [NEWS, gzip.compress(NEWS, mtime=0), gzip.compress(gzip.compress(NEWS, mtime=0), mtime=0)]
)
def test_news_sitemap_zipped_or_not(data: bytes) -> None:
    found = parse_sitemap(data, SOURCE)
    first, second = found.discoveries
    assert (first.url, first.headline) == ("https://news.example/1", "Bridge & wall")
    assert first.published_at == datetime(2026, 5, 3, tzinfo=UTC)
    assert first.modified_at == datetime(2026, 5, 4, 5, tzinfo=UTC)
    assert (second.url, second.published_at) == ("https://news.example/2", None)
    assert found.problems == ()


def test_an_index_gives_its_sitemaps_newest_first() -> None:
    dates = {"a": "2026-01-01", "b": "2026-05-01", "c": ""}
    inner = "".join(f"<sitemap><loc>/{name}.xml</loc><lastmod>{at}</lastmod></sitemap>" for name, at in dates.items())
    found = parse_sitemap(f"<sitemapindex>{inner}<sitemap><loc>ftp://x</loc></sitemap></sitemapindex>".encode(), SOURCE)
    assert found.children == tuple(f"https://news.example/{name}.xml" for name in "bac")
    assert [one.reason for one in found.problems] == [Reason.BAD_SCHEME]


def test_a_list_of_addresses_and_a_feed_are_sitemaps_too() -> None:
    listed = parse_sitemap(b"\xef\xbb\xbfhttps://news.example/1\r\nhttps://news.example/2\r\n", SOURCE)
    assert [one.url[-1] for one in listed.discoveries] == ["1", "2"]
    fed = parse_sitemap(b"<rss><channel><item><link>https://news.example/3</link></item></channel></rss>", SOURCE)
    assert [one.url[-1] for one in fed.discoveries] == ["3"]


def test_bombs_and_other_bytes_are_told() -> None:
    bomb = parse_sitemap(gzip.compress(b"<urlset>" + bytes(30_000_000)), SOURCE)
    assert Reason.TOO_LARGE in {one.reason for one in bomb.problems}
    for body in (b"", b"<html><p>Sorry", b"\x89PNG", b"<urlset></urlset>"):
        assert Reason.BAD_SITEMAP in {one.reason for one in parse_sitemap(body, SOURCE).problems}


def test_a_cut_sitemap_gives_what_is_whole() -> None:
    found = parse_sitemap(NEWS[: NEWS.index(b"<i:image")], SOURCE)
    assert [one.url for one in found.discoveries] == ["https://news.example/1"]
    assert [one.reason for one in found.problems] == [Reason.TRUNCATED]


@given(st.binary(max_size=500))
def test_reading_never_raises(body: bytes) -> None:
    parse_sitemap(body, SOURCE)
