"""What the catalog can say about its own health: integrity, keys, digests, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, RowMapping, func, select, text

from pipeline.catalog.rows import article_of, article_row, capture_of, link_of, link_row, row_digest, sha256
from pipeline.catalog.tables import article_versions, articles, captures, links, stories
from pipeline.records import Capture

ROWS_AT_ONCE = 500


def integrity_problems(connection: Connection) -> Iterator[str]:
    """What SQLite finds wrong with its own file; PostgreSQL checks its pages itself."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.execute(text("PRAGMA integrity_check(20)")):
        if line != "ok":
            yield f"catalog: {line}"
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"catalog: a row of {row[0]} points at a missing row of {row[2]}"


def row_problems(connection: Connection) -> Iterator[str]:
    """Rows whose content does not match their digest."""
    connection = connection.execution_options(yield_per=ROWS_AT_ONCE)
    for table in (articles, article_versions):
        for row in connection.execute(select(table)).mappings():
            name = f"{table.name} {row['article_id']} version {row['version']}"
            if not _holds(row, lambda row: article_row(article_of(row))["row_sha256"]):
                yield f"{name}: the row does not match its digest"
            elif not isinstance(row["body"], str) or sha256(row["body"]) != row["body_sha256"]:
                yield f"{name}: the body does not match its digest"
    for row in connection.execute(select(links)).mappings():
        if not _holds(row, lambda row: link_row(link_of(row))["row_sha256"]):
            yield f"link {row['article_id']} -> {row['origin_article_id']}: the row does not match its digest"
    for row in connection.execute(select(stories)).mappings():
        if not _holds(row, row_digest):
            yield f"story {row['story_id']}: the row does not match its digest"


def _holds(row: RowMapping, digest: Callable[[RowMapping], object]) -> bool:
    """Whether a row is as its digest says; one with a value of another kind is not."""
    if row["row_sha256"] is None:
        return True
    try:
        return bool(digest(row) == row["row_sha256"])
    except (TypeError, ValueError, AttributeError):
        return False


def reference_problems(connection: Connection) -> Iterator[str]:
    """Ids that point nowhere and counts that do not add up."""
    folded = articles.c.story_id.is_not(None)
    lost = select(articles.c.article_id).where(folded, articles.c.story_id.not_in(select(stories.c.story_id)))
    for (article_id,) in connection.execute(lost.limit(20)):
        yield f"article {article_id}: its story does not exist"
    known = select(articles.c.article_id)
    for column, what in ((links.c.article_id, "copy"), (links.c.origin_article_id, "origin")):
        for (article_id,) in connection.execute(select(column).where(column.not_in(known)).limit(20)):
            yield f"link: its {what} {article_id} does not exist"
    origins = select(stories.c.story_id).where(stories.c.origin_article_id.not_in(known))
    for (story_id,) in connection.execute(origins.limit(20)):
        yield f"story {story_id}: its origin does not exist"
    size = func.count(articles.c.article_id)
    counted = (
        select(stories.c.story_id, stories.c.article_count, size)
        .select_from(stories.outerjoin(articles, articles.c.story_id == stories.c.story_id))
        .group_by(stories.c.story_id, stories.c.article_count)
        .having(size != stories.c.article_count)
    )
    for story_id, stated, found in connection.execute(counted.limit(20)):
        yield f"story {story_id}: says {stated} articles, has {found}"
    captured = articles.c.capture_id.is_not(None)
    missing = select(articles.c.article_id).where(captured, articles.c.capture_id.not_in(select(captures.c.capture_id)))
    for (article_id,) in connection.execute(missing.limit(20)):
        yield f"article {article_id}: its capture does not exist"


def captures_of_file(connection: Connection, warc_file: str) -> dict[str, Capture]:
    """The captures that lie in one WARC file, by id."""
    query = select(captures).where(captures.c.warc_file == warc_file)
    return {row["capture_id"]: capture_of(row) for row in connection.execute(query).mappings()}


def warc_files(connection: Connection) -> set[str]:
    """Every WARC file that a capture points at."""
    return set(connection.execute(select(captures.c.warc_file).distinct()).scalars())
