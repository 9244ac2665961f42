"""Which releases were made, when and by which run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.catalog.tables import releases
from pipeline.catalog.upsert import upsert


def record_release(
    connection: Connection,
    version: str,
    published_at: datetime,
    counts: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
    run_id: str | None,
) -> None:
    """Note a release; the manifest beside the data is the truth, this row only makes it easy to find."""
    row = {
        "version": version,
        "published_at": published_at,
        "counts": dict(counts),
        "evaluation": dict(evaluation) if evaluation is not None else None,
        "run_id": run_id,
    }
    upsert(connection, releases, [row])


def has_release(connection: Connection, version: str) -> bool:
    """Whether a release was noted."""
    return connection.execute(select(releases.c.version).where(releases.c.version == version)).first() is not None
