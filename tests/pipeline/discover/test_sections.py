from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discover.found import Source
from pipeline.discover.sections import looks_like_article, parse_section
from pipeline.discover.site_sources import find_sources
from pipeline.reasons import Reason
from pipeline.records import PageKind

SOURCE = Source("news", "https://news.example/world/", PageKind.SECTION, datetime(2026, 5, 4, tzinfo=UTC))
HEADLINE = "Council mends the wall of the old harbour"


@pytest.mark.parametrize(
    ("path", "text", "is_article"),
    [
        ("/world/council-mends-harbour-wall", "", True),
        ("/world/2026/05/04/wall", HEADLINE, True),
        ("/news/221870", HEADLINE, True),
        ("/haber/liman-duvari-onarildi-48213.html", "Oku", True),
        (
            "/ar/%D8%A7%D9%84%D8%AF%D9%88%D9%84-%D8%A7%D9%84%D8%B9%D8%B1%D8%A8%D9%8A%D8%A9-%D8%A7%D9%84%D9%8A%D9%88%D9%85-%D9%87%D9%86%D8%A7",
            "",
            True,
        ),
        ("/news/good-01", HEADLINE, True),
        ("/news/7", HEADLINE, True),
        ("/news/7", "Next page", False),
        ("/terms-of-use", "Read the terms of use of this site", False),
        ("/?p=48213", HEADLINE, False),  # a front page with a parameter says too little
        ("/", HEADLINE, False),
        ("/world/", "World", False),
        ("/tag/harbour-walls-and-bridges-of-the-north", HEADLINE, False),
        ("/author/lina-of-the-night-desk-of-news", HEADLINE, False),
        ("/login?next=/world/council-mends-harbour-wall", HEADLINE, False),
        ("/images/the-wall-of-the-harbour-at-night.jpg", HEADLINE, False),
        ("/calendar/2026/05/04/events-of-the-day-in-town", HEADLINE, False),
        ("/a/a/a/a/council-mends-harbour-wall", HEADLINE, False),
        ("/" + "x/" * 20 + "council-mends-harbour-wall", HEADLINE, False),
    ],
)
def test_the_guess(path: str, text: str, is_article: bool) -> None:
    assert looks_like_article("https://news.example" + path, text) is is_article


def test_links_base_next_and_duplicates() -> None:
    page = f"""<html><head><base href="/en/"><link rel="next" href="?p=2"></head><body>
        <a href="council-mends-harbour-wall"><b>{HEADLINE}</b></a>
        <a href="council-mends-harbour-wall#c">12 comments</a>
        <a href="https://other.example/council-mends-harbour-wall">{HEADLINE}</a><a href="javascript:x()">{HEADLINE}</a>
        <a href="#top">Top</a></body></html>"""
    found = parse_section(page.encode(), SOURCE)
    assert [(one.url, one.headline) for one in found.discoveries] == [
        ("https://news.example/en/council-mends-harbour-wall", HEADLINE)
    ]
    assert found.next_page == "https://news.example/en/?p=2"


def test_article_urls_decide_alone() -> None:
    other = b'<a href="/y/council-mends-harbour-wall-today">b</a>'
    page = b'<a href="/x/1">a</a>' + other + b'<a href="https://cdn.example/x/2">c</a>'
    found = parse_section(page, SOURCE, r"/x/\d+$")
    assert [one.url for one in found.discoveries] == ["https://news.example/x/1", "https://cdn.example/x/2"]


def test_half_a_million_links_cost_little() -> None:
    page = b"".join(b'<a href="/n/council-mends-wall-%d">words</a>' % n for n in range(300_000))
    began = time.process_time()
    found = parse_section(page, SOURCE)
    assert time.process_time() - began < 5
    assert 0 < len(found.discoveries) <= 5_000
    assert [one.reason for one in found.problems] == [Reason.TOO_LARGE]


def test_deep_nesting_and_unfinished_tags() -> None:
    link = b'<a href="/n/council-mends-harbour-wall">x</a>'
    assert len(parse_section(b"<div>" * 100_000 + link, SOURCE).discoveries) <= 1
    assert len(parse_section(link + b'<a href="' + b"x" * 3_000_000, SOURCE).discoveries) == 1


def test_declared_sources() -> None:
    page = b"""<link rel="alternate" type="application/rss+xml" href="/rss.xml">
        <link rel="alternate" hreflang="ar" href="/ar">
        <link rel="alternate" type="application/atom+xml" href="https://feeds.example/a"><a href="/feed/">Feed</a>
        <link rel="alternate" type="application/rss+xml" href="/comments/feed/">"""
    robots = b"User-agent: *\nSitemap: https://news.example/sitemap.xml\nsitemap: javascript:x\n"
    found = find_sources(page, "https://news.example/", robots)
    assert found.feeds == ("https://news.example/rss.xml", "https://feeds.example/a", "https://news.example/feed/")
    assert found.sitemaps == ("https://news.example/sitemap.xml",)


@given(st.binary(max_size=500))
def test_reading_never_raises(body: bytes) -> None:
    parse_section(body, SOURCE)
    find_sources(body, "https://news.example/", body)
