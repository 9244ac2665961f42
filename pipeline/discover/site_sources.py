"""The feeds and sitemaps that a site declares itself: for proposing an outlet's configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.discover.html_links import read_links
from pipeline.discover.text import decode_text
from pipeline.urls import clean_url

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+xml"})
FEED_LINK = re.compile(r"(?:/(?:rss|feed|feeds|atom)(?:/|\.xml|\.php|$)|[?&]feed=|\.rss$)", re.IGNORECASE)
SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S{1,2000})", re.IGNORECASE)
COMMENTS = re.compile(r"/comments/(?:feed|rss)|comments.*feed", re.IGNORECASE)
MAX_FOUND = 50
# Where sites keep what they do not declare: WordPress, Drupal, Joomla, Blogger, and what news sites made a habit.
USUAL_FEEDS = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/feeds/posts/default")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml")


@dataclass(frozen=True, slots=True)
class SiteSources:
    """Absolute URLs, in the order the site declares them."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def find_sources(page: bytes, url: str, robots: bytes = b"", content_type: str = "") -> SiteSources:
    """Feeds that a page links to and sitemaps that robots.txt names. Never raises."""
    links = read_links(page, content_type)
    declared = [href for kind, href in links.alternates if kind in FEED_TYPES]
    linked = [link.href for link in links.links if FEED_LINK.search(link.href)]
    feeds = _clean([href for href in [*declared, *linked] if not COMMENTS.search(href)], url)
    lines = decode_text(robots[:512_000]).splitlines()
    sitemaps = _clean([match[1] for line in lines if (match := SITEMAP_LINE.match(line))], url)
    return SiteSources(feeds, sitemaps)


def usual_sources(url: str) -> SiteSources:
    """Where a site that declares neither feed nor sitemap may have one; to be asked for before they are believed."""
    return SiteSources(_clean([*USUAL_FEEDS], url), _clean([*USUAL_SITEMAPS], url))


def _clean(hrefs: list[str], base: str) -> tuple[str, ...]:
    cleaned = (clean_url(href, base) for href in hrefs)
    return tuple(dict.fromkeys(url for url, reason in cleaned if reason is None))[:MAX_FOUND]
