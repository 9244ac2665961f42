"""Pages of a world and the right answer for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.records import CreditStatus, Relation

COPIES = frozenset({Relation.EXACT_COPY, Relation.NEAR_COPY, Relation.ABRIDGED_COPY, Relation.EXTENDED_COPY})


@dataclass(frozen=True, slots=True)
class Answer:
    """A link that is right: to a page of that story, with one of the relations and one of the statuses."""

    story: str
    relations: frozenset[Relation]
    statuses: frozenset[CreditStatus] = frozenset()  # empty: nothing is said of it
    required: bool = True


@dataclass(slots=True)
class Page:
    """A page as an articles file holds it, and what a fold should say of it."""

    page_id: str
    outlet_id: str
    url: str
    headline: str | None
    byline: str | None
    published_at: datetime
    paragraphs: tuple[str, ...]
    story: str
    what: str
    language: str = "ar"
    answers: list[Answer] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """A row of an articles file."""
        return {
            "article_id": self.page_id,
            "outlet_id": self.outlet_id,
            "url": self.url,
            "headline": self.headline,
            "byline": self.byline,
            "published_at": self.published_at.isoformat(),
            "language": self.language,
            "body": "\n".join(self.paragraphs),
        }


@dataclass(slots=True)
class World:
    """All pages, and per story of several pages the right origin."""

    pages: list[Page] = field(default_factory=list)
    origins: dict[str, tuple[str, bool, str | None]] = field(default_factory=dict)  # page, known, agency
