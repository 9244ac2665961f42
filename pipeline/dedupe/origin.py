"""Which article of a story the others derive from, and whose report it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from pipeline.credits.status import named_agencies
from pipeline.published_between import Dated
from pipeline.records import Article, DatePrecision

ONLY_ARTICLE = "only_article"
_NEVER = datetime.max.replace(tzinfo=UTC)


class Origin(NamedTuple):
    """The origin of a story. known: it is the agency's own page; otherwise the most likely first copy stands in."""

    article_id: str
    known: bool
    reason: str
    agency_id: str | None


class Ordered(Dated, Protocol):
    """What tells the order of articles."""

    @property
    def article_id(self) -> str:
        """The id."""


def order_of(article: Ordered) -> tuple[datetime, str]:
    """Articles in the order of their time (published, else fetched; none last), then of their id."""
    return (article.published_at or article.fetched_at or _NEVER, article.article_id)


def choose_origin(members: Sequence[Article]) -> Origin:
    """The agency's own page where there is one, even if a copy states an earlier time; else the first that is credited.

    Of several agencies' pages the one that the copies credit; of one agency's several the first, as later ones are
    updates.
    """
    if len(members) == 1:
        return _alone(members[0])
    ordered = sorted(members, key=order_of)
    credited = Counter(agency for one in ordered if one.own_agency_id is None for agency in named_agencies(one))
    own = [one for one in ordered if one.own_agency_id is not None]
    if own:
        first = min(own, key=lambda one: (-credited[one.own_agency_id or ""], order_of(one)))
        return Origin(first.article_id, True, _own_reason(first, credited), first.own_agency_id)
    agency_id = _most_credited(ordered, credited)
    first = _first_likely(ordered, agency_id)
    return Origin(first.article_id, False, _likely_reason(first, len(members), agency_id, credited), agency_id)


def _alone(article: Article) -> Origin:
    """Most stories are of one article."""
    if article.own_agency_id is not None:
        return Origin(article.article_id, True, _own_reason(article, Counter()), article.own_agency_id)
    return Origin(article.article_id, False, ONLY_ARTICLE, min(named_agencies(article), default=None))


def _own_reason(first: Article, credited: Counter[str]) -> str:
    agency_id = first.own_agency_id or ""
    return f"agency_page agency={agency_id} credited_by={credited[agency_id]}"


def _most_credited(ordered: Sequence[Article], credited: Counter[str]) -> str | None:
    """The agency most members credit; of several the one credited first."""
    if not credited:
        return None
    most = max(credited.values())
    for one in ordered:
        for agency_id in sorted(named_agencies(one)):
            if credited[agency_id] == most:
                return agency_id
    return None


def _first_likely(ordered: Sequence[Article], agency_id: str | None) -> Article:
    """The first that was out for certain; of several at once one that credits the agency, then the longest."""
    first = min(map(_out_by, ordered))
    same_time = [one for one in ordered if _out_by(one) == first]
    return min(same_time, key=lambda one: (agency_id not in named_agencies(one), -len(one.body), one.article_id))


def _out_by(article: Article) -> datetime:
    """When an article was out for certain: by the end of its day if it states no more, or when it was fetched."""
    stated = order_of(article)[0]
    if article.published_at is None or article.published_precision is not DatePrecision.DAY:
        return stated
    end = article.published_at + timedelta(days=1)
    return end if article.fetched_at is None else max(min(end, article.fetched_at), stated)


def _likely_reason(first: Article, members: int, agency_id: str | None, credited: Counter[str]) -> str:
    source = f"agency={agency_id} credited_by={credited[agency_id]}" if agency_id else "agency=unknown"
    stated = "published" if first.published_at else "fetched"
    return f"earliest_{stated} {source} of={members}"
