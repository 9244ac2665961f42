"""Upgrading an older catalog by the migrations beside this file; the only module that imports Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from pipeline.catalog.schema import newer

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, found: str | None, shown: str) -> None:
    """Bring the catalog from the revision found (None: before there were any) to the newest, in this transaction.

    Raises CatalogError for a revision that no migration here knows.
    """
    config = configuration(connection)
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise newer(found, shown)
    command.upgrade(config, "head")


def configuration(connection: Connection) -> Config:
    """Alembic's settings for a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
