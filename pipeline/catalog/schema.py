"""The schema's version: made where there is none, upgraded where it is older, refused where it is newer.

Its number is kept where Alembic keeps it. Alembic itself, slow to import, is loaded only to upgrade.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from pipeline.catalog.postgresql import lock_schema
from pipeline.catalog.search import ensure_search
from pipeline.catalog.tables import metadata
from pipeline.errors import CatalogError

# The newest file of pipeline/catalog/migrations/versions.
HEAD = "0002"
# In the place of a number while a copy of another catalog is under way: nobody may work on half of one.
UNFINISHED = "unfinished copy"
EARLIEST = "schema_version"  # where the version was kept before there were migrations
alembic_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def current_revision(connection: Connection) -> str | None:
    """The revision that the catalog is at; None where it is older than revisions, or empty."""
    if not inspect(connection).has_table(alembic_version.name):
        return None
    return connection.execute(select(alembic_version.c.version_num)).scalar()


def is_catalog(connection: Connection) -> bool:
    """Whether the database holds a catalog, of whatever version."""
    found = inspect(connection)
    return found.has_table(alembic_version.name) or found.has_table(EARLIEST)


def bring_up_to_date(engine: Engine, shown: str) -> None:
    """Make or upgrade the schema, in one transaction. Raises CatalogError where a later program made it."""
    if _is_current(engine):
        return
    with engine.connect().execution_options(wirecopy_write=True) as connection, connection.begin():
        lock_schema(connection)
        found = current_revision(connection)  # another process may have been first
        if found == HEAD:
            return
        if found is None and not inspect(connection).has_table(EARLIEST):
            make_schema(connection)
            return
        from pipeline.catalog.upgrade import upgrade

        upgrade(connection, found, shown)


def check_schema(engine: Engine, shown: str) -> None:
    """Raises CatalogError unless the schema is the one this program knows."""
    if _is_current(engine):
        return
    with engine.connect() as connection, connection.begin():
        found = current_revision(connection)
        is_old = inspect(connection).has_table(EARLIEST)
    if found is None and not is_old:
        raise CatalogError(f"catalog {shown}: no catalog there yet; `wirecopy run` makes one")
    if found is None or found < HEAD:
        raise CatalogError(f"catalog {shown} is of an earlier version; `wirecopy catalog upgrade` brings it up to date")
    raise newer(found, shown)


def newer(found: str, shown: str) -> CatalogError:
    """The error about a schema this program does not know."""
    if found == UNFINISHED:
        return CatalogError(
            f"catalog {shown} is an unfinished copy; the same `wirecopy catalog copy` again finishes it"
        )
    return CatalogError(
        f"catalog {shown} has schema {found}, made by a later version of wirecopy; this one knows {HEAD}"
    )


def make_schema(connection: Connection) -> None:
    """Every table, as the migrations would make them, with the newest revision's mark."""
    metadata.create_all(connection)
    ensure_search(connection)
    alembic_version.create(connection)
    connection.execute(insert(alembic_version).values(version_num=HEAD))


def _is_current(engine: Engine) -> bool:
    """One question, which costs a process that starts on a current catalog almost nothing."""
    try:
        with engine.connect() as connection, connection.begin():
            return connection.execute(select(alembic_version.c.version_num)).scalar() == HEAD
    except (OperationalError, ProgrammingError) as error:
        if error.connection_invalidated or not _says_no_table(error):
            raise
        return False


def _says_no_table(error: OperationalError | ProgrammingError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "42P01" or "no such table" in str(error.orig)
