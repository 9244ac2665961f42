"""The CSS selectors of an outlet file."""

from __future__ import annotations

from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

from pipeline.extract.wording import clean


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector | None:
    try:
        return CSSSelector(selector, translator="html")
    except (ValueError, SyntaxError, XPathError):  # cssselect's own errors are SyntaxErrors
        return None


def select(tree: HtmlElement, selector: str | None) -> list[HtmlElement]:
    """The elements that match, in document order; none for a selector that is none."""
    chosen = _compiled(selector) if selector else None
    if chosen is None:
        return []
    try:
        found = chosen(tree)
    except XPathError:
        return []
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


def text_at(tree: HtmlElement, selector: str | None) -> str | None:
    """The text of the first match that has any; for a meta or time element what its attribute says."""
    for element in select(tree, selector):
        said = element.get("content") or element.get("datetime") if element.tag in ("meta", "time") else None
        if text := clean(said or " ".join(element.itertext())):
            return text
    return None
