"""Articles that came from articles files: no WARC holds them, so a catalog that is made anew takes them over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, select, update

from pipeline.catalog.articles import register_named_outlets
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.rows import article_of, article_row
from pipeline.catalog.tables import article_versions, articles, metadata, outlets

ROWS_AT_ONCE = 500
OF_FILES = articles.c.capture_id.is_(None) & (articles.c.extractor_version == "")
UNFOLDED: dict[str, Any] = {"folded_at": None, "story_id": None}


def empty_but_for_files(engine: Engine) -> None:
    """Delete every row but those of articles that came from files, which wait to be folded again."""
    kept = select(articles.c.article_id).where(OF_FILES)
    spared = {
        articles: articles.c.article_id.in_(kept),
        article_versions: article_versions.c.article_id.in_(kept),
        outlets: outlets.c.outlet_id.in_(select(articles.c.outlet_id).where(OF_FILES)),
    }
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            emptied = delete(table)
            connection.execute(emptied.where(~spared[table]) if table in spared else emptied)
        connection.execute(update(articles).values(**UNFOLDED))


def take_over(source: Engine, target: Engine) -> int:
    """Copy the articles that came from files, with their versions; returns how many are damaged and stay behind.

    Raises CatalogError where the source cannot be read any further; what was read before is in the target.
    """
    damaged = 0
    with reading(source) as old:
        found = old.execution_options(yield_per=ROWS_AT_ONCE).execute(select(articles).where(OF_FILES)).mappings()
        for part in found.partitions():
            whole = [row for row in part if _is_whole(row)]
            damaged += len(part) - len(whole)
            ids = [row["article_id"] for row in whole]
            versions = old.execute(select(article_versions).where(article_versions.c.article_id.in_(ids))).mappings()
            _insert(target, whole, [row for row in versions if _is_whole(row)])
    return damaged


def _insert(target: Engine, current: Sequence[RowMapping], earlier: Sequence[RowMapping]) -> None:
    if not current:
        return
    with writing(target) as new:
        register_named_outlets(new, sorted({row["outlet_id"] for row in current}))
        new.execute(insert(articles), [{**row, **UNFOLDED} for row in current])
        if earlier:
            new.execute(insert(article_versions), [dict(row) for row in earlier])


def _is_whole(row: RowMapping) -> bool:
    """Whether a row is as it was written."""
    try:
        return bool(article_row(article_of(row))["row_sha256"] == row["row_sha256"])
    except (ValueError, KeyError, TypeError):
        return False
