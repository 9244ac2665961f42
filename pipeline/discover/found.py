"""What reading a feed, sitemap or section page gives."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from pipeline.reasons import Reason
from pipeline.records import Discovery, PageKind
from pipeline.urls import clean_url

# Problems told per source; the rest is counted in one line.
MAX_PROBLEMS = 20
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Problem(NamedTuple):
    """Something a source said that cannot be used; url is the entry's, or the source's own."""

    reason: Reason
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """The feed, sitemap or section page that is being read."""

    outlet_id: str
    url: str  # where it was fetched from, after redirects
    kind: PageKind
    read_at: datetime
    zone: tzinfo = UTC  # for dates that carry none
    content_type: str = ""  # as the server said, charset included
    max_items: int = 5_000
    max_bytes: int = 12_000_000  # inflated


@dataclass(frozen=True, slots=True)
class Found:
    """Articles announced, further sources to read, and what was wrong."""

    discoveries: tuple[Discovery, ...] = ()
    children: tuple[str, ...] = ()  # sitemaps of a sitemap index, newest first
    next_page: str | None = None  # rel=next of a section page
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Collector:
    """Gathers entries one by one; keeps the newest max_items, of undated ones the first."""

    source: Source
    entries: int = 0
    _heap: list[tuple[datetime, int, Discovery]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _problems: list[Problem] = field(default_factory=list)
    _untold: int = 0

    def add(
        self,
        href: str,
        *,
        base: str | None = None,
        headline: str | None = None,
        byline: str | None = None,
        published_at: datetime | None = None,
        modified_at: datetime | None = None,
    ) -> None:
        """Take an entry; one whose address cannot be fetched becomes a problem."""
        self.entries += 1
        stated = modified_at or published_at or LONG_AGO
        if len(self._heap) >= self.source.max_items and (stated, -self.entries) < self._heap[0][:2]:
            return  # older than everything kept; a feed of 100,000 entries ends up here
        # Escaped once too often: no address has a parameter named `amp;b`.
        url, reason = clean_url(href.replace("&amp;", "&").replace("&#38;", "&"), base or self.source.url)
        if reason is not None:
            self.tell(reason, href[:200], url[:500])
            return
        if url in self._seen:
            return
        found = Discovery(
            outlet_id=self.source.outlet_id,
            url=url,
            found_in=self.source.url,
            kind=self.source.kind,
            # A source lists what is newest first; a microsecond each keeps that order where nothing is dated.
            discovered_at=self.source.read_at - timedelta(microseconds=self.entries),
            headline=headline,
            byline=byline,
            published_at=published_at,
            modified_at=modified_at,
        )
        rank = (stated, -self.entries, found)
        if len(self._heap) < self.source.max_items:
            self._seen.add(url)
            heapq.heappush(self._heap, rank)
        else:
            self._seen.add(url)
            dropped = heapq.heapreplace(self._heap, rank)
            self._seen.discard(dropped[2].url)

    def tell(self, reason: Reason, detail: str, url: str | None = None) -> None:
        """Note a problem."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(Problem(reason, detail, url or self.source.url))
        else:
            self._untold += 1

    def found(self, children: tuple[str, ...] = (), next_page: str | None = None) -> Found:
        """Everything gathered, in the order of the source."""
        problems = list(self._problems)
        if self.entries > self.source.max_items:
            detail = f"{self.entries} entries; the newest {len(self._heap)} are taken"
            problems.append(Problem(Reason.TOO_LARGE, detail, self.source.url))
        if self._untold:
            problems.append(Problem(problems[0].reason, f"and {self._untold} more problems", self.source.url))
        in_order = sorted(self._heap, key=lambda rank: -rank[1])
        return Found(tuple(rank[2] for rank in in_order), children, next_page, tuple(problems))
