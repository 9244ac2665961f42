"""Captures whose record the archive lost: taken out of the catalog, their pages asked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select, update

from pipeline.catalog.ledger import UrlState, ledger_key
from pipeline.catalog.rows import article_of, article_row
from pipeline.catalog.tables import articles, captures, urls
from pipeline.records import PageKind


def forget_captures(connection: Connection, capture_ids: Sequence[str]) -> None:
    """Delete captures; their articles stay, without a capture, and their URLs are due as if never fetched."""
    for capture_id in capture_ids:
        lost = connection.execute(select(captures).where(captures.c.capture_id == capture_id)).mappings().first()
        if lost is None:
            continue
        for row in connection.execute(select(articles).where(articles.c.capture_id == capture_id)).mappings().all():
            set_capture(connection, row, None)
        kind = PageKind(lost["kind"])
        keys = [ledger_key(kind, url) for url in (lost["url"], lost["final_url"])]
        afresh: dict[str, Any] = {"next_fetch_at": None, "etag": None, "last_modified": None, "payload_sha256": None}
        if kind is PageKind.ARTICLE:
            afresh["state"] = UrlState.FOUND.value
        connection.execute(
            update(urls).where(urls.c.outlet_id == lost["outlet_id"], urls.c.url_key.in_(keys)).values(**afresh)
        )
        connection.execute(delete(captures).where(captures.c.capture_id == capture_id))


def set_capture(connection: Connection, row: Mapping[Any, Any], capture_id: str | None) -> None:
    """Have an article's row point at another capture, its digest renewed."""
    article = replace(article_of(row), capture_id=capture_id)
    digest = article_row(article)["row_sha256"]
    connection.execute(
        update(articles)
        .where(articles.c.article_id == article.article_id)
        .values(capture_id=capture_id, row_sha256=digest)
    )
