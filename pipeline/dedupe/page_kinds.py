"""What kinds of pages some articles stand on, as far as it matters for who is a copy of whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from pipeline.dedupe.bulletins import is_bulletin


class Page(Protocol):
    """What of an article tells the kind of its page."""

    @property
    def article_id(self) -> str:
        """Unique among all articles."""

    @property
    def own_agency_id(self) -> str | None:
        """The agency on whose site the page is, if any."""

    @property
    def headline(self) -> str | None:
        """As printed, if known."""


class PageKinds(NamedTuple):
    """The ids of articles on agencies' own pages, and of those whose headlines call them bulletins."""

    wires: Collection[str] = frozenset()
    bulletins: Collection[str] = frozenset()


PLAIN = PageKinds()


def kinds_of(pages: Iterable[Page]) -> PageKinds:
    """The kinds of some articles' pages."""
    pages = list(pages)
    wires = {one.article_id for one in pages if one.own_agency_id is not None}
    return PageKinds(wires, {one.article_id for one in pages if is_bulletin(one.headline)})
