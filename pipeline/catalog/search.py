"""The search index over headlines, bylines and bodies: FTS5 on SQLite, a tsvector on PostgreSQL.

The index holds words only, no text. An article that changed gets a new document; postings of the old one stay behind
and lead nowhere, so nothing must be read back in order to be deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    delete,
    false,
    func,
    insert,
    inspect,
    select,
    text,
)

from pipeline.catalog.column_types import code
from pipeline.catalog.search_words import asked_words, stored_words
from pipeline.catalog.tables import articles

BATCH = 500
# Words that more articles hold than this tell nothing apart; a search looks through those indexed last.
MAX_MATCHES = 4_000

search_metadata = MetaData()
search_documents = Table(
    "search_documents",
    search_metadata,
    Column("document_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("article_id", code(200), nullable=False, unique=True),
    Column("fingerprint", code(64), nullable=False),  # of what was indexed
    sqlite_autoincrement=True,  # never the number of a document that is gone: its postings are still there
)

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE IF NOT EXISTS article_words USING fts5("
        "words, content='', detail=none, columnsize=0, tokenize=\"unicode61 remove_diacritics 0\")",
    ),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS article_words (document_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX IF NOT EXISTS ix_article_words ON article_words USING gin (words)",
    ),
}
_ADD = {
    "sqlite": "INSERT INTO article_words(rowid, words) VALUES (:document, :words)",
    "postgresql": (
        "INSERT INTO article_words(document_id, words)"
        " VALUES (:document, array_to_tsvector(string_to_array(:words, ' ')))"
    ),
}
_FIND = {
    "sqlite": (
        "SELECT rowid AS document_id FROM article_words WHERE article_words MATCH :asked"
        " ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": (
        "SELECT document_id FROM article_words WHERE words @@ to_tsquery('simple', :asked)"
        " ORDER BY document_id DESC LIMIT :most"
    ),
}


def ensure_search(connection: Connection) -> None:
    """Make the index where there is none."""
    search_metadata.create_all(connection)
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


def index_articles(connection: Connection, article_ids: Iterable[str]) -> int:
    """Bring the index up to date for these articles; those that did not change cost one look. Returns how many did."""
    ensure_search(connection)
    remaining = iter(article_ids)
    changed = 0
    while batch := list(islice(remaining, BATCH)):
        changed += _index_batch(connection, batch)
    return changed


def matching_articles(connection: Connection, asked: str) -> Select[Any]:
    """A query for the ids of the articles that hold every word asked for, or a word that begins so; MAX_MATCHES."""
    found = _documents(connection, asked)
    if found is None:
        return select(articles.c.article_id).where(false())
    return select(search_documents.c.article_id).where(search_documents.c.document_id.in_(select(found)))


def is_capped(connection: Connection, asked: str) -> bool:
    """More articles hold the words than a search looks through."""
    found = _documents(connection, asked)
    return found is not None and connection.execute(select(func.count()).select_from(found)).scalar_one() >= MAX_MATCHES


def _documents(connection: Connection, asked: str) -> Subquery | None:
    """The documents that hold the words; None where nothing is asked or nothing was indexed yet."""
    words = asked_words(asked)
    if not words or not inspect(connection).has_table("search_documents"):
        return None
    dialect = connection.dialect.name
    expression = _sqlite_query(words) if dialect == "sqlite" else _postgresql_query(words)
    bound = text(_FIND[dialect]).bindparams(asked=expression, most=MAX_MATCHES)
    return bound.columns(Column("document_id", BigInteger)).subquery("documents")


def _index_batch(connection: Connection, article_ids: Sequence[str]) -> int:
    query = select(search_documents.c.article_id, search_documents.c.fingerprint)
    found_before = connection.execute(query.where(search_documents.c.article_id.in_(article_ids)))
    known = {row.article_id: row.fingerprint for row in found_before}
    columns = articles.c
    found = connection.execute(
        select(columns.article_id, columns.headline, columns.byline, columns.body).where(
            columns.article_id.in_(article_ids)
        )
    ).all()
    changed = []
    for article_id, *parts in found:
        whole = "\n".join(part or "" for part in parts)
        fingerprint = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()
        if known.get(article_id) != fingerprint:
            changed.append((article_id, fingerprint, whole))
    _write(connection, changed)
    return len(changed)


def _write(connection: Connection, changed: Sequence[tuple[str, str, str]]) -> None:
    if not changed:
        return
    connection.execute(delete(search_documents).where(search_documents.c.article_id.in_([one[0] for one in changed])))
    rows = [{"article_id": one, "fingerprint": mark} for one, mark, _ in changed]
    added = insert(search_documents).returning(search_documents.c.document_id, sort_by_parameter_order=True)
    numbers = connection.execute(added, rows).scalars().all()
    connection.execute(
        text(_ADD[connection.dialect.name]),
        [
            {"document": number, "words": " ".join(sorted(stored_words(whole)))}
            for number, (_, _, whole) in zip(numbers, changed, strict=True)
        ],
    )


def _sqlite_query(words: Sequence[tuple[str, ...]]) -> str:
    return " AND ".join("(" + " OR ".join(_beginning(f'"{one}"', one, "*") for one in group) + ")" for group in words)


def _postgresql_query(words: Sequence[tuple[str, ...]]) -> str:
    return " & ".join("(" + " | ".join(_beginning(f"'{one}'", one, ":*") for one in group) + ")" for group in words)


def _beginning(quoted: str, word: str, mark: str) -> str:
    """One letter stands for itself; as a beginning it would be half the catalog."""
    return quoted + mark if len(word) > 1 else quoted
