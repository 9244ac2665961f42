"""Copying a catalog into another database, row by row, without loss: SQLite to PostgreSQL or the other way round.

A pass goes through each table in the order of its key and makes the target's rows those of the source: what is missing
is inserted and read back, what differs is replaced, what is too much is deleted. So a copy that was killed is finished
by another pass, which only reads what is there already; where the source changed meanwhile, it brings the rest.
Until then the target's schema mark says that it is unfinished, and nothing else opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    RowMapping,
    Table,
    Text,
    Tuple,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import DBAPIError

from pipeline.catalog.engine import reading, shown_url, write_surely, writing
from pipeline.catalog.postgresql import lock_schema
from pipeline.catalog.schema import HEAD, UNFINISHED, alembic_version, current_revision, make_schema, newer
from pipeline.catalog.seal import seal_catalog
from pipeline.catalog.search import index_articles, search_documents
from pipeline.catalog.tables import leases, metadata, runs
from pipeline.catalog.upsert import upsert
from pipeline.errors import CatalogError, CatalogGone

ROWS_AT_ONCE = 500
SEARCH = "search index"
# Which catalog the target is becoming a copy of; there only until it is one.
unfinished_copy = Table("unfinished_copy", MetaData(), Column("source", Text, primary_key=True))

Key = tuple[Any, ...]
Row = dict[str, Any]


@dataclass(slots=True)
class CopiedTable:
    """What copying came to for one table."""

    name: str
    rows: int = 0  # that it has now
    written: int = 0
    deleted: int = 0


def copied_tables() -> list[Table]:
    """Every table that is copied, those first that others refer to. Leases are of the moment and stay behind."""
    return [one for one in metadata.sorted_tables if one is not leases]


def claim_target(target: Engine, source_name: str) -> bool:
    """Make the target ready: True where this goes on with an unfinished copy of the same source.

    Raises CatalogError for a target that holds anything else.
    """
    shown = shown_url(target)
    with writing(target) as connection:
        lock_schema(connection)
        found = current_revision(connection)
        if found == UNFINISHED:
            begun = connection.execute(select(unfinished_copy.c.source)).scalar_one()
            if begun != source_name:
                raise CatalogError(f"catalog {shown} is an unfinished copy of {begun}; name a new database or that one")
            return True
        if found is None:
            if inspect(connection).get_table_names():
                raise CatalogError(f"catalog {shown}: the database holds tables that are no catalog; name an empty one")
            make_schema(connection)
        elif found != HEAD:
            raise newer(found, shown) if found > HEAD else _older(shown)
        elif any(connection.execute(select(one).limit(1)).first() is not None for one in copied_tables()):
            raise CatalogError(f"catalog {shown} is not empty; a catalog is copied into a new database only")
        unfinished_copy.create(connection)
        connection.execute(insert(unfinished_copy).values(source=source_name))
        connection.execute(update(alembic_version).values(version_num=UNFINISHED))
    return False


def copy_rows(source: Engine, target: Engine, tell: Callable[[str, int, int], None]) -> list[CopiedTable]:
    """One pass over all tables, from one snapshot of the source. tell: table, rows done, rows in all.

    Raises CatalogError, also where the source was written to meanwhile: then another pass is needed.
    """
    with reading(source) as snapshot:
        done = [_copy_table(snapshot, target, table, tell) for table in copied_tables()]
        done.append(_copy_index(snapshot, target, tell))
        before = _runs(snapshot)
    with reading(source) as later:
        if _runs(later) != before:
            shown = shown_url(source)
            raise CatalogError(f"catalog {shown}: a run wrote to it meanwhile; copy again when none is under way")
    return done


def finish_target(target: Engine) -> None:
    """From now on the target is a catalog like any other."""

    def finish(connection: Connection) -> None:
        if current_revision(connection) == UNFINISHED:
            connection.execute(update(alembic_version).values(version_num=HEAD))
            unfinished_copy.drop(connection, checkfirst=True)

    write_surely(target, finish)
    seal_catalog(target)


def _older(shown: str) -> CatalogError:
    return CatalogError(f"catalog {shown} is of an earlier version; `wirecopy catalog upgrade` brings it up to date")


def _runs(connection: Connection) -> Sequence[Any]:
    return connection.execute(select(runs.c.run_id, runs.c.state).order_by(runs.c.run_id)).all()


def _copy_table(
    snapshot: Connection, target: Engine, table: Table, tell: Callable[[str, int, int], None]
) -> CopiedTable:
    copied = CopiedTable(table.name)
    total = snapshot.execute(select(func.count()).select_from(table)).scalar_one()
    last: Key | None = None
    tell(table.name, 0, total)
    for rows, is_last in _parts(snapshot, table):
        until = None if is_last else _key(table, rows[-1])
        part = _Part(table, rows, last, until)
        try:
            written, deleted = write_surely(target, part.write)
        except CatalogError as error:
            if isinstance(error.__cause__, DBAPIError) and not isinstance(
                error, CatalogGone
            ):  # such as a NUL character, which PostgreSQL keeps in no text
                raise CatalogError(f"{table.name}: a row cannot be kept there: {error}") from error
            raise
        copied.rows += len(rows)
        copied.written += written
        copied.deleted += deleted
        last = until
        tell(table.name, copied.rows, total)
    return copied


def _parts(snapshot: Connection, table: Table) -> Iterator[tuple[list[Row], bool]]:
    """The rows of a table in the order of its key, in parts; with each, whether it is the last."""
    query = select(table).order_by(*table.primary_key.columns)
    result = snapshot.execution_options(yield_per=ROWS_AT_ONCE).execute(query).mappings()
    held: list[Row] = []
    for number, part in enumerate(result.partitions()):
        if number:
            yield held, False
        held = [dict(row) for row in part]
    yield held, True


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of the source whose keys lie between two bounds (None: none); the target is to have these and no others."""

    table: Table
    rows: Sequence[Row]
    after: Key | None
    until: Key | None

    def write(self, connection: Connection) -> tuple[int, int]:
        """Make the target so in one transaction; (rows written, rows deleted)."""
        _check_claim(connection)
        wanted = {_key(self.table, row): row for row in self.rows}
        there = self._there(connection)
        missing = [row for key, row in wanted.items() if key not in there]
        changed = [row for key, row in wanted.items() if key in there and there[key] != row]
        surplus = [key for key in there if key not in wanted]
        for key in surplus:
            names = [column == value for column, value in zip(self._key_columns, key, strict=True)]
            connection.execute(delete(self.table).where(*names))
        if missing:
            connection.execute(insert(self.table), missing)
        upsert(connection, self.table, changed)
        if (missing or changed) and self._there(connection) != wanted:
            raise CatalogError(f"{self.table.name}: rows read back from the target are not those written")
        return len(missing) + len(changed), len(surplus)

    def _there(self, connection: Connection) -> dict[Key, Row]:
        query = select(self.table)
        if self.after is not None:
            query = query.where(tuple_(*self._key_columns) > self._bound(self.after))
        if self.until is not None:
            query = query.where(tuple_(*self._key_columns) <= self._bound(self.until))
        return {_key(self.table, row): dict(row) for row in connection.execute(query).mappings()}

    def _bound(self, key: Key) -> Tuple:
        return tuple_(*(literal(value, column.type) for column, value in zip(self._key_columns, key, strict=True)))

    @property
    def _key_columns(self) -> list[Column[Any]]:
        return list(self.table.primary_key.columns)


def _key(table: Table, row: Row | RowMapping) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _check_claim(connection: Connection) -> None:
    """Another process may have finished the same copy meanwhile, and runs may work on it already."""
    if current_revision(connection) != UNFINISHED:
        raise CatalogError("another process has finished this copy")


def _copy_index(snapshot: Connection, target: Engine, tell: Callable[[str, int, int], None]) -> CopiedTable:
    """Index what the source has indexed, in its order; the words come from the texts, an index gives none back."""
    copied = CopiedTable(SEARCH)
    if not inspect(snapshot).has_table(search_documents.name):
        return copied
    query = select(search_documents.c.article_id).order_by(search_documents.c.document_id)
    article_ids = list(snapshot.execute(query).scalars())
    for start in range(0, len(article_ids), ROWS_AT_ONCE):
        some = article_ids[start : start + ROWS_AT_ONCE]

        def index(connection: Connection, some: Sequence[str] = some) -> int:
            _check_claim(connection)
            return index_articles(connection, some)

        copied.written += write_surely(target, index)
        copied.rows += len(some)
        tell(SEARCH, copied.rows, len(article_ids))
    return copied
