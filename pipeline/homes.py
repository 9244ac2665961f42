"""Which configured outlet a page belongs to: the one whose origin it has, by its address alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from pipeline.outlets import Outlet
from pipeline.urls import Origin, origin_of


class Homes:
    """The outlets of an installation by their origins."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._by_origin: dict[Origin, list[Outlet]] = defaultdict(list)
        for outlet in sorted(outlets, key=lambda one: one.id):
            for origin in {origin_of(url) for url in (*outlet.start_urls, *outlet.discover.also_origins)}:
                self._by_origin[origin].append(outlet)

    def outlet_of(self, url: str) -> Outlet | None:
        """The outlet of a page; None where none has its origin. Editions of one site are told apart by their paths."""
        try:
            some = self._by_origin.get(origin_of(url), [])
        except ValueError:
            return None
        return max(some, key=lambda one: _nearness(one, url), default=None)

    def id_of(self, url: str) -> str | None:
        """The id of the outlet of a page."""
        outlet = self.outlet_of(url)
        return outlet.id if outlet else None


def _nearness(outlet: Outlet, url: str) -> tuple[bool, int]:
    pattern = outlet.discover.article_urls
    path = _segments(url)
    return (
        pattern is not None and re.search(pattern, url) is not None,
        max(_shared(path, _segments(start)) for start in outlet.start_urls),
    )


def _segments(url: str) -> list[str]:
    return [one for one in urlsplit(url).path.split("/") if one]


def _shared(one: list[str], other: list[str]) -> int:
    """How many segments two paths have in common before they part."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
