"""Feeds: RSS 2.0 and its ancestors, RSS 1.0 (RDF), Atom. Whatever is whole is taken, whatever is wrong is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline.archive.payload import gunzip
from pipeline.discover.dates import ImpossibleDateError, parse_date
from pipeline.discover.found import Collector, Found, Source
from pipeline.discover.text import clean_xml, plain
from pipeline.discover.xml_stream import iterate_elements, local_name
from pipeline.reasons import Reason
from pipeline.urls import clean_url

ENTRIES = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
PUBLISHED = ("pubdate", "published", "issued", "date", "created")
MODIFIED = ("updated", "modified")
BYLINES = ("creator", "author")
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
MAX_CHILDREN = 200  # of one entry that are looked at


def parse_feed(data: bytes, source: Source) -> Found:
    """Entries of a feed. Never raises."""
    collector = Collector(source)
    inflated = gunzip(data, source.max_bytes)
    if inflated.problem is not None:
        collector.tell(inflated.problem, "the compressed feed is not whole")
    xml, had_entities = clean_xml(inflated.data, source.content_type)
    if had_entities:
        collector.tell(Reason.BAD_FEED, "its entity declarations are not followed")
    root_name = None
    for name, element in iterate_elements(xml, ENTRIES):
        if not name:
            root_name = local_name(element)
            if root_name not in ROOTS:
                break
            continue
        _read_entry(element, collector)
    if root_name not in ROOTS:
        collector.tell(Reason.BAD_FEED, f"not a feed: {_what_instead(root_name, xml)}")
    elif collector.entries == 0:
        collector.tell(Reason.BAD_FEED, "the feed has no entry")
    elif not _is_whole(xml):
        collector.tell(Reason.TRUNCATED, f"the feed breaks off; {collector.entries} whole entries are taken")
    return collector.found()


def _read_entry(element: Any, collector: Collector) -> None:
    fields: dict[str, Any] = {}
    links: list[Any] = []
    for child in element[:MAX_CHILDREN]:
        name = local_name(child)
        if name == "link":
            links.append(child)
        elif name:
            fields.setdefault(name, child)
    href = _address(element, fields, links)
    if not href:
        collector.entries += 1
        collector.tell(Reason.BAD_FEED, "an entry without a link")
        return
    base = next((a.get(XML_BASE) for a in (element, *element.iterancestors()) if a.get(XML_BASE)), "")
    published = _date(fields, PUBLISHED, collector, href)
    modified = _date(fields, MODIFIED, collector, href)
    collector.add(
        href,
        base=base if base.startswith(("http://", "https://")) and clean_url(base)[1] is None else None,
        headline=plain(_text(fields.get("title"))),
        byline=_byline(fields),
        published_at=published or modified,
        modified_at=modified if published else None,
    )


def _address(element: Any, fields: dict[str, Any], links: list[Any]) -> str:
    """The entry's page: feedburner's original, RSS link text, Atom alternate, permalink guid, rdf:about."""
    original = _text(fields.get("origlink"))
    if original:
        return original
    for link in links:
        if text := _text(link):
            return text
    alternates = [link for link in links if link.get("href") and link.get("rel", "alternate") == "alternate"]
    alternates.sort(key=lambda link: "html" not in (link.get("type") or "html"))
    if alternates:
        return str(alternates[0].get("href"))
    for name in ("guid", "id"):
        text = _text(fields.get(name))
        if text.startswith(("http://", "https://")) and fields[name].get("isPermaLink", "true") != "false":
            return text
    return element.get(RDF_ABOUT) or ""


def _date(fields: dict[str, Any], names: tuple[str, ...], collector: Collector, href: str) -> datetime | None:
    for name in names:
        try:
            at = parse_date(_text(fields.get(name)), collector.source.zone, collector.source.read_at)
        except ImpossibleDateError as error:
            collector.tell(Reason.BAD_DATE, f"{name}: {error}"[:200], href[:500])
            continue
        if at is not None:
            return at
    return None


def _byline(fields: dict[str, Any]) -> str | None:
    for name in BYLINES:
        element = fields.get(name)
        if element is None:
            continue
        named = next((child for child in element if local_name(child) == "name"), element)
        if text := plain(_text(named), 200):
            return text
    return None


def _text(element: Any) -> str:
    if element is None:
        return ""
    return "".join(part for part, _ in zip(element.itertext(), range(200), strict=False)).strip()[:5_000]


def _is_whole(xml: bytes) -> bool:
    tail = xml[-2_000:].rstrip().lower()
    return tail.endswith((b"</rss>", b"</feed>", b"rdf>")) or b"</rss>" in tail or b"</feed>" in tail


def _what_instead(root_name: str | None, xml: bytes) -> str:
    if not xml.strip():
        return "nothing"
    return f"its outermost element is {plain(root_name, 40)}" if root_name else "no XML"
