"""One article: every field with where it came from, its versions, captures, links and rejected siblings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from pipeline.catalog.queries.captures import CaptureRow, captures_of
from pipeline.catalog.queries.cross_links import CrossLink, article_links
from pipeline.catalog.queries.lookup import resolve_article
from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.rejections import RejectionRow, rejection_row_of
from pipeline.catalog.rows import article_of
from pipeline.catalog.tables import article_versions, articles, rejections
from pipeline.compare import AlignedRow, Comparison, compare_texts
from pipeline.records import Article

MAX_VERSIONS = 20
MAX_SIBLINGS = 50
MAX_CHANGES = 100  # passages of one version
COMPARED = ("headline", "byline", "dateline", "body")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What became of one field from the version before: only the passages that are not the same."""

    field: str  # headline | byline | dateline | body
    rows: tuple[AlignedRow, ...]  # at most MAX_CHANGES


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version and what changed from the one before it."""

    version: int
    headline: str | None
    byline: str | None
    modified_at: datetime | None
    fetched_at: datetime | None
    capture_id: str | None
    word_count: int
    headline_changed: bool = False
    added_words: int = 0
    cut_words: int = 0
    changed_words: int = 0
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as its page shows it."""

    article: Article
    outlet: OutletName
    story_id: str | None
    status: str  # published | withdrawn
    word_count: int
    body_sha256: str
    versions: tuple[VersionRow, ...]  # the newest first; at most MAX_VERSIONS
    captures: tuple[CaptureRow, ...]
    draws_on: tuple[CrossLink, ...]  # links to what it derives from, inside its story and across
    drawn_by: tuple[CrossLink, ...]
    rejected: tuple[RejectionRow, ...]  # answers of the same address that became no article
    left_out: tuple[tuple[int, int], ...] = ()  # stretches of the body, in characters, that no release has


def read_article(connection: Connection, article_id: str) -> ArticleView | None:
    """The article of that id, or of the one id that begins so; None where there is none."""
    found_id = resolve_article(connection, article_id)
    if found_id is None:
        return None
    row = connection.execute(select(articles).where(articles.c.article_id == found_id)).mappings().one()
    article = article_of(row)
    draws_on, drawn_by = article_links(connection, found_id)
    return ArticleView(
        article=article,
        outlet=outlet_names(connection)[article.outlet_id],
        story_id=row["story_id"],
        status=row["status"],
        word_count=row["word_count"],
        body_sha256=row["body_sha256"],
        versions=_versions(connection, row),
        captures=captures_of(connection, article),
        draws_on=draws_on,
        drawn_by=drawn_by,
        rejected=_rejected(connection, article),
    )


def read_version(connection: Connection, article_id: str, version: int | None) -> Article | None:
    """One version of an article; the current one where none is named."""
    found_id = resolve_article(connection, article_id)
    if found_id is None:
        return None
    current = connection.execute(select(articles).where(articles.c.article_id == found_id)).mappings().one()
    if version is None or version == current["version"]:
        return article_of(current)
    condition = (article_versions.c.article_id == found_id) & (article_versions.c.version == version)
    earlier = connection.execute(select(article_versions).where(condition)).mappings().first()
    return article_of(earlier) if earlier else None


def _versions(connection: Connection, current: Any) -> tuple[VersionRow, ...]:
    earlier = (
        connection.execute(
            select(article_versions)
            .where(article_versions.c.article_id == current["article_id"])
            .order_by(article_versions.c.version.desc())
            .limit(MAX_VERSIONS)
        )
        .mappings()
        .all()
    )
    chain = [current, *earlier]
    return tuple(_version(row, before) for row, before in zip(chain, [*chain[1:], None], strict=True))


def _version(row: Any, before: Any) -> VersionRow:
    keys = ("version", "headline", "byline", "modified_at", "fetched_at", "capture_id", "word_count")
    plain = {key: row[key] for key in keys}
    if before is None:
        return VersionRow(**plain)
    compared = {field: compare_texts(before[field], row[field]) for field in COMPARED}
    body = compared["body"]
    return VersionRow(
        **plain,
        headline_changed=(row["headline"] or "") != (before["headline"] or ""),
        added_words=body.added_words,
        cut_words=body.cut_words,
        changed_words=max(body.changed_left_words, body.changed_right_words),
        changes=tuple(_changes(compared)),
    )


def _changes(compared: dict[str, Comparison]) -> Iterator[FieldChange]:
    for field, one in compared.items():
        if rows := tuple(islice((row for row in one.rows if not row.same), MAX_CHANGES)):
            yield FieldChange(field, rows)


def _rejected(connection: Connection, article: Article) -> tuple[RejectionRow, ...]:
    addresses = [one for one in (article.url, article.canonical_url) if one]
    same: list[ColumnElement[bool]] = [rejections.c.url.in_(addresses)]
    if article.capture_id:
        same.append(rejections.c.capture_id == article.capture_id)
    query = (
        select(rejections)
        .where(rejections.c.outlet_id == article.outlet_id, or_(*same))
        .order_by(rejections.c.rejected_at.desc(), rejections.c.rejection_id)
        .limit(MAX_SIBLINGS)
    )
    return tuple(rejection_row_of(row) for row in connection.execute(query).mappings())
