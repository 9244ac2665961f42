"""XML element by element: whole ones are given out as they end, then forgotten, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

STEP = 1 << 16


def local_name(element: Any) -> str:
    """The tag without its namespace, lower-case; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def namespace(element: Any) -> str:
    """The tag's namespace, or an empty string."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def iterate_elements(data: bytes, names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """First ("", root), then (name, element) for every whole element so named. Never raises; broken XML ends it."""
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
    rooted = False
    try:
        for start in range(0, len(data), STEP):
            parser.feed(data[start : start + STEP])
            for event, element in parser.read_events():
                if not rooted:
                    rooted = True
                    yield "", element
                name = local_name(element)
                if event == "end" and name in names:
                    yield name, element
                    _forget(element)
    except etree.LxmlError:
        return


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
