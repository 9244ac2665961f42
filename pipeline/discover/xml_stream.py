"""XML element by element: whole ones are given out as they end, then forgotten, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

STEP = 1 << 13  # bytes taken at a time: few elements wait, so few objects are alive for the collector to walk
# A sitemap holds 50,000 addresses at most (sitemaps.org), each with a dozen elements in the news namespace. An element
# with its content takes more than 20 bytes, so that whatever keeps to 12 MB (limits.feed_bytes) has fewer as well.
MAX_ELEMENTS = 600_000
MAX_IN_ENTRY = 2_000


def local_name(element: Any) -> str:
    """The tag without its namespace, lower-case; empty for comments and the like."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def iterate_elements(data: bytes, names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """First ("", root), then (name, element) for every whole element so named. Never raises; broken XML ends it.

    So does an element that holds more than an entry can, or a document of more elements than any feed has.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    seen = 0
    within: int | None = None  # elements seen when the open entry began
    for event, element in _events(parser, data):
        if event == "start":
            seen += 1
            if seen > MAX_ELEMENTS or (within is not None and seen - within > MAX_IN_ENTRY):
                return
            if seen == 1:
                yield "", element
            if within is None and local_name(element) in names:
                within = seen
        elif (name := local_name(element)) in names:
            within = None
            yield name, element
            _forget(element)
        elif within is None:
            _forget(element)


def _events(parser: Any, data: bytes) -> Iterator[tuple[str, Any]]:
    try:
        for start in range(0, len(data), STEP):
            parser.feed(data[start : start + STEP])
            yield from parser.read_events()
    except etree.LxmlError:
        return


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
