"""What migrations are compared with when a new one is drafted, or a test looks whether one is missing."""

from __future__ import annotations

from typing import Any

from pipeline.catalog.search import search_metadata
from pipeline.catalog.tables import metadata

COMPARED = [metadata, search_metadata]
INDEX_OF_WORDS = "article_words"  # FTS5 or tsvector: no table that SQLAlchemy could compare
KEPT_BY_ALEMBIC = "alembic_version"


def is_compared(_object: Any, name: str | None, kind: str, *_more: Any) -> bool:
    """Leave the word index, and the tables that FTS5 keeps it in, to the module that makes them."""
    return kind != "table" or not (name or "").startswith((INDEX_OF_WORDS, KEPT_BY_ALEMBIC))
