"""A catalog into another database, and what its schema is at: what `wirecopy catalog` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.owners import is_running
from flows.watcher import Watcher
from pipeline.catalog.copying import CopiedTable, claim_target, copy_rows, finish_target
from pipeline.catalog.engine import (
    Engine,
    open_catalog,
    open_readonly,
    open_unchecked,
    reading,
    shown_url,
    sqlite_path,
    sqlite_url_of,
)
from pipeline.catalog.runs import running_runs
from pipeline.catalog.schema import HEAD, current_revision, is_catalog
from pipeline.errors import CatalogError, UsageError

STATEMENT_SECONDS = 7 * 86_400.0  # a table of a large catalog is read by one statement


@dataclass(frozen=True, slots=True)
class CatalogRevision:
    """Which schema a catalog has, and which this program knows."""

    catalog: str  # its URL, without a password
    revision: str | None  # None: from before there were numbers
    newest: str = HEAD


def url_of(given: str) -> str:
    """A database's URL as it was given, or the URL of a SQLite file."""
    return given if ":" in given else sqlite_url_of(Path(given))


def copy_catalog(source_url: str, target_url: str, watcher: Watcher) -> list[CopiedTable]:
    """Copy a catalog into a new database, or finish a copy that was interrupted; returns what each table came to.

    Raises CatalogError: a run is under way, the target is something else already, the schema is another.
    """
    source = open_readonly(source_url, STATEMENT_SECONDS)
    try:
        _check_no_run(source)
        target = open_unchecked(target_url)
        try:
            if _name(source) == _name(target):
                raise UsageError("a catalog is not copied onto itself: name two databases")
            claim_target(target, _name(source))
            tables = copy_rows(source, target, lambda table, done, total: watcher.update("copy", table, done, total))
            finish_target(target)
        finally:
            target.dispose()
    finally:
        source.dispose()
    return tables


def revision_of(url: str) -> CatalogRevision:
    """Which schema a catalog has. Raises CatalogError where there is none."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise CatalogError(f"{path}: no catalog there yet; `wirecopy run` makes one")
    engine = open_unchecked(url)
    try:
        with reading(engine) as connection:
            if is_catalog(connection):
                return CatalogRevision(shown_url(engine), current_revision(connection))
    finally:
        engine.dispose()
    raise CatalogError(f"catalog {shown_url(engine)}: no catalog there yet; `wirecopy run` makes one")


def upgrade_catalog(url: str) -> tuple[CatalogRevision, CatalogRevision]:
    """Bring a catalog to the newest schema; what it had before, and has now. Raises CatalogError."""
    before = revision_of(url)
    open_catalog(url).dispose()
    return before, revision_of(url)


def _check_no_run(source: Engine) -> None:
    with reading(source) as connection:
        under_way = [run_id for run_id, owner in running_runs(connection) if is_running(owner)]
    if under_way:
        raise CatalogError(f"catalog {shown_url(source)}: run {under_way[0]} is under way; copy it when that is done")


def _name(engine: Engine) -> str:
    """What a database is known by: the same however its path is written, and without a password."""
    path = sqlite_path(shown_url(engine))
    return shown_url(engine) if path is None else sqlite_url_of(path.resolve())
