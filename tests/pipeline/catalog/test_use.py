"""Who may be at work on a catalog at once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipeline.catalog.engine import open_catalog, sqlite_url
from pipeline.catalog.use import LOCK_ENDING, in_sole_use, in_use
from pipeline.errors import CatalogError
from tests.catalogs import sqlite_only


def test_many_runs_use_a_catalog_and_nobody_makes_it_anew_meanwhile(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with in_use(url), in_use(url), pytest.raises(CatalogError, match="a run is at work"), in_sole_use(url):
        pass
    with in_sole_use(url):
        pass


def test_while_a_catalog_is_made_anew_no_run_and_no_other_begins(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with in_sole_use(url):
        with pytest.raises(CatalogError, match="is being made anew"), in_use(url):
            pass
        with pytest.raises(CatalogError, match="another doctor --rebuild is at work"), in_sole_use(url):
            pass
    with in_use(url):
        pass


def test_work_on_the_catalog_goes_on_beside_the_lock(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with in_sole_use(url):
        open_catalog(url).dispose()


def test_an_error_of_the_work_ends_the_lock(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with pytest.raises(ZeroDivisionError), in_sole_use(url):
        raise ZeroDivisionError
    with in_use(url):
        pass


@sqlite_only
def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    holds, told = os.pipe()
    child = os.fork()
    if child == 0:
        with in_sole_use(url):
            os.write(told, b".")
            signal.pause()
    os.read(holds, 1)
    with pytest.raises(CatalogError), in_use(url):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for end in (holds, told):
        os.close(end)
    with in_use(url):
        pass


@sqlite_only
def test_the_lock_of_a_catalog_elsewhere_lies_beside_it(tmp_path: Path) -> None:
    with in_use(f"sqlite:///{tmp_path / 'elsewhere' / 'mine.db'}"):
        assert [one.name for one in (tmp_path / "elsewhere").iterdir()] == [f"mine.db{LOCK_ENDING}"]


@sqlite_only
def test_a_folder_that_cannot_be_made_is_left_to_the_catalog_to_tell(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with in_use(f"sqlite:///{tmp_path / 'file' / 'catalog.sqlite'}"):
        pass
