"""Releases: the dataset's versions as the catalog knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.catalog.queries.paging import Paging
from pipeline.catalog.tables import releases


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release."""

    version: str
    published_at: datetime
    counts: dict[str, Any]
    evaluation: dict[str, Any] | None
    run_id: str | None


@dataclass(frozen=True, slots=True)
class ReleaseList:
    """One page of releases, the newest first."""

    total: int
    page: Paging
    releases: tuple[ReleaseRow, ...]


_COLUMNS = [releases.c[name] for name in ReleaseRow.__slots__]


def list_releases(connection: Connection, page: Paging | None = None) -> ReleaseList:
    """The history of releases."""
    page = page or Paging()
    total = connection.execute(select(func.count()).select_from(releases)).scalar_one()
    query = select(*_COLUMNS).order_by(releases.c.published_at.desc(), releases.c.version.desc())
    rows = connection.execute(query.limit(page.size).offset(page.offset))
    return ReleaseList(total, page, tuple(ReleaseRow(*row) for row in rows))


def read_release(connection: Connection, version: str) -> ReleaseRow | None:
    """One release, or None."""
    row = connection.execute(select(*_COLUMNS).where(releases.c.version == version)).first()
    return ReleaseRow(*row) if row else None
