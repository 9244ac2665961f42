"""The suite on another catalog: with WIRECOPY_TEST_CATALOG=postgresql each data folder's default one is a database.

What a test opens in this process, and crawls it starts, use it; a command line of its own reads its configuration.
"""

from __future__ import annotations

import gc
import os
import shutil
import warnings
from pathlib import Path

import pytest

from pipeline.catalog import engine, sqlite
from tests.servers import PostgreSQL

CHOICE = os.environ.get("WIRECOPY_TEST_CATALOG", "sqlite")
ON_POSTGRESQL = CHOICE == "postgresql"
# For tests that look into SQLite's file, or are about SQLite itself.
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about the file that SQLite keeps")


def copy_data(source: Path, target: Path) -> None:
    """A data folder with its catalog, wherever that is, once more."""
    shutil.copytree(source, target)
    DATABASES.copy(source, target)


def session() -> str:
    """What the processes of one pytest session have in common."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))


class Databases:
    """A database for each data folder that asks for its catalog, made when it first does."""

    def __init__(self) -> None:
        self._server: PostgreSQL | None = None
        self._urls: dict[Path, str] = {}

    def url(self, data_dir: Path) -> str:
        """The catalog of a data folder, in the place of sqlite_url."""
        if self._server is None:
            self._server = PostgreSQL(session())
        folder = data_dir.absolute()
        if folder not in self._urls:
            self._urls[folder] = self._server.new_database()
        return self._urls[folder]

    def stop(self) -> None:
        """Stop the server, where one was started and no other process uses it."""
        if self._server is None:
            return
        with warnings.catch_warnings():  # what tests left open to the end of the process
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        self._server.stop()

    def copy(self, source: Path, target: Path) -> None:
        """Give a data folder a copy of another's catalog, which nobody must have open."""
        if self._server is not None and source.absolute() in self._urls:
            self._urls[target.absolute()] = self._server.new_database(template=self.url(source))

    def use(self) -> None:
        """From now on; to be called before tests import what opens catalogs."""
        engine.sqlite_url = sqlite.sqlite_url = self.url


DATABASES = Databases()
if ON_POSTGRESQL:
    DATABASES.use()
