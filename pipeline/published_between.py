"""Between which times an article was published: the fetch alone bounds it where the page states no date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol


class Between(NamedTuple):
    """The earliest and the latest time of publication; one time where it was stated."""

    earliest: datetime
    latest: datetime


class Dated(Protocol):
    """What tells when an article was published."""

    @property
    def published_at(self) -> datetime | None:
        """What it states."""

    @property
    def fetched_at(self) -> datetime | None:
        """When it was fetched."""


def published_between(article: Dated, undated_days: float) -> Between | None:
    """When an article was published; None where neither that nor its fetch is known.

    undated_days: how long before its fetch an article without a date may have been published.
    """
    if article.published_at is not None:
        return Between(article.published_at, article.published_at)
    if article.fetched_at is None:
        return None
    return Between(article.fetched_at - timedelta(days=undated_days), article.fetched_at)
