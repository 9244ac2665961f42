"""Links of an HTML page, read as a stream of tags: no tree is built, so a page of 480,000 links costs no memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline.discover.text import decode_text, plain

STEP = 1 << 16
MAX_LINKS = 5_000
MAX_LINK_TEXT = 300


@dataclass(slots=True)
class Link:
    """An anchor: its address as written and the words in it."""

    href: str
    rel: str = ""
    text: str = ""


@dataclass(slots=True)
class PageLinks:
    """What a page links to."""

    links: list[Link] = field(default_factory=list)
    base: str | None = None
    next_href: str | None = None
    alternates: list[tuple[str, str]] = field(default_factory=list)  # (type, href) of link rel=alternate
    cut: bool = False  # more links than MAX_LINKS


class _EnoughError(Exception):
    """The page has more links than are taken."""


class _Target:
    """Receives tags from the parser."""

    def __init__(self, page: PageLinks) -> None:
        self._page = page
        self._open: Link | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        if tag == "a":
            self._begin_anchor(attributes)
        elif tag == "link":
            self._take_link(attributes)
        elif tag == "base" and self._page.base is None and attributes.get("href"):
            self._page.base = attributes["href"]
        elif tag == "img" and self._open is not None and len(self._open.text) < MAX_LINK_TEXT:
            self._open.text += " " + attributes.get("alt", "")[:MAX_LINK_TEXT]

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "a":
            self._open = None

    def data(self, data: str) -> None:
        """Text between tags."""
        if self._open is not None and len(self._open.text) < MAX_LINK_TEXT:
            self._open.text += data[:MAX_LINK_TEXT]

    def close(self) -> None:
        """The page ends."""

    def _begin_anchor(self, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "").strip()
        if not href or href.startswith("#"):
            return
        rel = attributes.get("rel", "").lower()
        if "next" in rel.split() and self._page.next_href is None:
            self._page.next_href = href
        self._open = Link(href, rel)
        self._page.links.append(self._open)
        if len(self._page.links) >= MAX_LINKS:
            raise _EnoughError

    def _take_link(self, attributes: dict[str, str]) -> None:
        rel, href = attributes.get("rel", "").lower().split(), attributes.get("href", "").strip()
        if not href:
            return
        if "next" in rel:
            self._page.next_href = href
        if "alternate" in rel and len(self._page.alternates) < MAX_LINKS:
            self._page.alternates.append((attributes.get("type", "").strip().lower(), href))


def read_links(data: bytes, content_type: str = "") -> PageLinks:
    """Anchors, base, rel=next and alternates of a page, in order. Never raises."""
    page = PageLinks()
    text = decode_text(data, content_type).replace("\0", "")
    target: Any = _Target(page)
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False)
    raw = text.encode("utf-8", "replace")
    try:
        for start in range(0, len(raw), STEP):
            parser.feed(raw[start : start + STEP])
        parser.close()
    except _EnoughError:
        page.cut = True
    except etree.LxmlError:
        pass
    for link in page.links:
        link.text = plain(link.text, MAX_LINK_TEXT) or ""
    return page
