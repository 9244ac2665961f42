"""Sitemaps: urlset, sitemap index, news namespace, text lists; gzipped or not (sitemaps.org protocol 0.9)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pipeline.archive.payload import gunzip
from pipeline.discover.dates import ImpossibleDateError, parse_date
from pipeline.discover.feeds import ROOTS as FEED_ROOTS
from pipeline.discover.feeds import parse_feed
from pipeline.discover.found import LONG_AGO, Collector, Found, Source
from pipeline.discover.text import clean_xml, decode_text, plain
from pipeline.discover.xml_stream import iterate_elements, local_name
from pipeline.reasons import Reason
from pipeline.urls import clean_url

ENTRIES = frozenset({"url", "sitemap"})
ROOTS = frozenset({"urlset", "sitemapindex"})
MAX_CHILDREN = 5_000
URL_LINE = re.compile(r"^https?://\S{1,2000}$", re.IGNORECASE)


def parse_sitemap(data: bytes, source: Source) -> Found:
    """Articles of a sitemap, or the sitemaps of an index, newest first. Never raises."""
    collector = Collector(source)
    inflated = gunzip(data, source.max_bytes)
    if inflated.problem is not None:
        collector.tell(inflated.problem, "the compressed sitemap is not whole")
    xml, had_entities = clean_xml(inflated.data, source.content_type)
    if not xml.lstrip().startswith(b"<"):
        return _parse_list(inflated.data, collector)
    if had_entities:
        collector.tell(Reason.BAD_SITEMAP, "its entity declarations are not followed")
    return _parse_xml(xml, inflated.data, collector)


def _parse_xml(xml: bytes, data: bytes, collector: Collector) -> Found:
    root_name = None
    children: list[tuple[datetime, int, str]] = []
    for name, element in iterate_elements(xml, ENTRIES):
        if not name:
            root_name = local_name(element)
            if root_name in FEED_ROOTS:
                return parse_feed(data, collector.source)
            if root_name not in ROOTS:
                break
        elif name == "url":
            _read_url(element, collector)
        elif len(children) < MAX_CHILDREN:
            _read_child(element, collector, children)
    _tell_what_is_wrong(root_name, xml, len(children), collector)
    newest_first = sorted(children, key=lambda child: (child[0], -child[1]), reverse=True)
    return collector.found(children=tuple(dict.fromkeys(child[2] for child in newest_first)))


def _tell_what_is_wrong(root_name: str | None, xml: bytes, children: int, collector: Collector) -> None:
    if root_name not in ROOTS:
        collector.tell(Reason.BAD_SITEMAP, f"not a sitemap: its outermost element is {plain(root_name, 40)}")
    elif not collector.entries and not children:
        collector.tell(Reason.BAD_SITEMAP, "the sitemap has no entry")
    elif not xml[-200:].rstrip().endswith((b"urlset>", b"sitemapindex>")):
        collector.tell(
            Reason.TRUNCATED, f"the sitemap breaks off; {collector.entries or children} whole entries are taken"
        )


def _parse_list(data: bytes, collector: Collector) -> Found:
    for line in decode_text(data, collector.source.content_type).splitlines():
        if URL_LINE.match(line.strip()):
            collector.add(line.strip())
    if not collector.entries:
        collector.tell(Reason.BAD_SITEMAP, "neither XML nor a list of addresses")
    return collector.found()


def _read_url(element: Any, collector: Collector) -> None:
    fields = _children(element)
    news = _children(fields["news"]) if "news" in fields else {}
    href = _text(fields.get("loc"))
    if not href:
        collector.entries += 1
        collector.tell(Reason.BAD_SITEMAP, "an entry without an address")
        return
    published = _date(news.get("publication_date"), collector, href)
    modified = _date(fields.get("lastmod"), collector, href)
    collector.add(
        href,
        headline=plain(_text(news.get("title"))),
        published_at=published,
        modified_at=modified,
    )


def _read_child(element: Any, collector: Collector, children: list[tuple[datetime, int, str]]) -> None:
    fields = _children(element)
    href = _text(fields.get("loc"))
    url, reason = clean_url(href, collector.source.url)
    if reason is not None:
        collector.tell(reason, href[:200] or "a sitemap without an address", url[:500] or None)
        return
    at = _date(fields.get("lastmod"), collector, href)
    children.append((at or LONG_AGO, len(children), url))


def _children(element: Any) -> dict[str, Any]:
    """Children by name, the first of each; images and videos inside have addresses of their own."""
    fields: dict[str, Any] = {}
    for child in element:
        fields.setdefault(local_name(child), child)
    return fields


def _date(element: Any, collector: Collector, href: str) -> datetime | None:
    try:
        return parse_date(_text(element), collector.source.zone, collector.source.read_at)
    except ImpossibleDateError as error:
        collector.tell(Reason.BAD_DATE, str(error)[:200], href[:500])
        return None


def _text(element: Any) -> str:
    return "".join(element.itertext())[:5_000].strip() if element is not None else ""
