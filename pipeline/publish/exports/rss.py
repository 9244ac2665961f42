"""RSS 2.0 of the latest stories: for feed readers and alerts; an item is a story, its copies counted."""

from __future__ import annotations

import heapq
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import BinaryIO
from urllib.parse import quote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from pipeline.errors import UsageError
from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.reading import Release
from pipeline.publish.rows import Row

ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, and the bidirectional controls that could turn a feed reader's list around.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
MAX_TITLE = 300


def write_stream(release: Release, out: BinaryIO, options: ExportOptions) -> int:
    """The newest `limit` stories, newest first; returns how many."""
    if urlsplit(options.site).scheme not in ("http", "https"):
        raise UsageError(f"{options.site!r} is no http or https address")
    stories = heapq.nlargest(options.limit, release.rows("stories"), key=_age)
    urls = _origin_urls(release, [story["origin_article_id"] for story in stories])
    rss = etree.Element("rss", version="2.0", nsmap={"atom": ATOM})
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", "wirecopy: stories")
    _add(channel, "link", options.site)
    _add(channel, "description", f"Reports and their copies, release {release.version}")
    _add(channel, "generator", "wirecopy")
    published = datetime.fromisoformat(release.manifest["published_at"])
    _add(channel, "lastBuildDate", format_datetime(published.astimezone(UTC), usegmt=True))
    for story in stories:
        _item(channel, story, urls.get(story["origin_article_id"]), options.site)
    out.write(etree.tostring(rss, xml_declaration=True, encoding="UTF-8", pretty_print=True))
    return len(stories)


def _item(channel: etree._Element, story: Row, url: str | None, site: str) -> None:
    item = etree.SubElement(channel, "item")
    _add(item, "title", (story["headline"] or "(no headline)")[:MAX_TITLE])
    _add(item, "link", url or f"{site.rstrip('/')}/story?id={quote(story['story_id'], safe='')}")
    _add(item, "description", describe_story(story))
    _add(item, "guid", f"urn:wirecopy:story:{quote(story['story_id'], safe='')}").set("isPermaLink", "false")
    if story["agency_id"]:
        _add(item, "category", story["agency_id"])
    if story["last_published_at"]:
        _add(item, "pubDate", format_datetime(story["last_published_at"].astimezone(UTC), usegmt=True))


def describe_story(story: Row) -> str:
    """How far the story spread, in words."""
    articles, outlets = story["article_count"], story["outlet_count"]
    spread = f"{articles} article{'s' * (articles != 1)} at {outlets} outlet{'s' * (outlets != 1)}"
    known = "origin known" if story["origin_known"] else "the agency's own page was not crawled"
    return f"{spread}; {known}."


def _origin_urls(release: Release, article_ids: list[str]) -> dict[str, str]:
    wanted, found = pa.array(article_ids, pa.string()), {}
    table = release.table("articles", ["article_id", "url"])
    for row in table.filter(pc.is_in(table["article_id"], value_set=wanted)).to_pylist():
        url = row["url"] or ""
        if url.startswith(("http://", "https://")):
            found[row["article_id"]] = url
    return found


def _age(story: Row) -> tuple[datetime, str]:
    return story["last_published_at"] or story["first_published_at"] or EARLIEST, story["story_id"]


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    made = etree.SubElement(parent, name)
    made.text = NOT_IN_XML.sub("\ufffd", text)
    return made
