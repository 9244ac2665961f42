"""All articles of a catalog folded on Dask: the stories, links and pairs of a small fold, whatever is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from flows.dedupe_large import dedupe_large
from flows.dedupe_stage import dedupe_articles
from flows.fold_cluster import QUIET
from flows.ingest_stage import InputFilter, ingest_files
from flows.ledger import begin_run
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import Workspace, open_workspace
from pipeline.catalog.boilerplate import active_keys
from pipeline.catalog.engine import reading
from pipeline.catalog.tables import articles, links, pairs, signatures, stories, story_changes
from pipeline.settings import Limits
from tests.catalogs import copy_data, sqlite_only
from tests.flows.test_fold_large import ROOT, write_world
from tests.flows.test_fold_large_killed import awaited, kill_with_workers, workers_of

DATED = {"folded_at", "changed_at"}


@pytest.fixture(scope="module")
def cluster() -> Any:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, scheduler_kwargs=QUIET) as found:
        yield found.scheduler_address


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with articles, not folded yet."""
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "data").mkdir()
    workspace = open_workspace(ROOT / "config", folder / "data")
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [write_world(folder / "world.jsonl")], InputFilter(), SILENT)
    workspace.engine.dispose()  # a database that somebody has open cannot be copied
    return folder / "data"


@pytest.fixture
def copied(ingested: Path, tmp_path: Path) -> Callable[[str], Workspace]:
    def copy(name: str) -> Workspace:
        copy_data(ingested, tmp_path / name)
        return open_workspace(ROOT / "config", tmp_path / name)

    return copy


def rows(workspace: Workspace, table: Table) -> list[dict[str, Any]]:
    columns = [one for one in table.columns if one.name not in DATED]
    with reading(workspace.engine) as connection:
        found = connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def folded_tables(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows(workspace, table) for table in (articles, stories, links, pairs, story_changes)}


def boilerplate_of(workspace: Workspace) -> dict[str, frozenset[str]]:
    with reading(workspace.engine) as connection:
        return active_keys(connection)


def test_the_catalog_says_what_a_small_fold_says_and_goes_on_from_there(
    copied: Callable[[str], Workspace], cluster: str, tmp_path: Path
) -> None:
    small, large = copied("small"), copied("large")
    figures = dedupe_articles(small, SILENT, everything=True)
    assert dedupe_articles(large, SILENT, everything=True, scheduler=cluster) == figures
    assert figures["links"] > 50
    assert folded_tables(large) == folded_tables(small)
    assert not list(tmp_path.glob("large/fold/*"))
    assert dedupe_articles(large, SILENT) == {"new": 0}
    more = tmp_path / "more.jsonl"
    more.write_text(
        write_world(tmp_path / "again.jsonl").read_text("utf-8").replace('"article_id": "', '"article_id": "n')
    )
    for workspace in (small, large):
        with begin_run(workspace, "ingest") as run:
            ingest_files(run, [more], InputFilter(), SILENT)
        assert dedupe_articles(workspace, SILENT)["new"] > 100
    assert folded_tables(large) == folded_tables(small)


def test_ids_of_stories_live_on_and_what_became_of_the_others_is_told(
    copied: Callable[[str], Workspace], cluster: str
) -> None:
    small, large = copied("small"), copied("large")
    for workspace in (small, large):
        loose = workspace.settings.dedupe.model_copy(
            update={"thresholds": workspace.settings.dedupe.thresholds.model_copy(update={"same_report": 8.0})}
        )
        apart = workspace.settings.model_copy(update={"dedupe": loose})
        dedupe_articles(replace(workspace, settings=apart), SILENT)
    dedupe_articles(small, SILENT, everything=True)
    dedupe_large(large, SILENT, boilerplate_of(large), scheduler=cluster, partition=31)
    assert rows(large, story_changes)
    for table in (stories, links, story_changes):
        assert rows(large, table) == rows(small, table)


def test_what_is_too_much_for_memory_is_folded_in_partitions(
    copied: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(*_: object, scheduler: str) -> dict[str, int]:
        asked.append(scheduler)
        return {"new": 1}

    monkeypatch.setattr("flows.dedupe_large.dedupe_large", ask)
    workspace = copied("data")
    monkeypatch.setattr("flows.dedupe_stage.CHARACTERS_PER_MEGABYTE", 1_000)
    some = replace(workspace, settings=workspace.settings.model_copy(update={"limits": Limits(fold_megabytes=1)}))
    assert dedupe_articles(some, SILENT) == {"new": 1}
    assert asked == ["local"]
    monkeypatch.setattr("flows.dedupe_stage.CHARACTERS_PER_MEGABYTE", 1_000_000)
    assert dedupe_articles(some, SILENT)["new"] > 100
    assert asked == ["local"]


PROGRAM = """
import sys
from pathlib import Path
from flows.dedupe_large import dedupe_large
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import open_workspace
if __name__ == "__main__":
    config, data = map(Path, sys.argv[1:])
    dedupe_large(open_workspace(config, data), SILENT, {}, workers=2, partition=31)
"""


@sqlite_only  # a program of its own opens its data folder's file
def test_it_survives_the_kill_of_a_worker_and_goes_on_after_its_own(
    copied: Callable[[str], Workspace], tmp_path: Path
) -> None:
    small, large = copied("small"), copied("large")
    dedupe_large(small, SILENT, {}, workers=1)
    script = tmp_path / "script.py"
    script.write_text(PROGRAM, "utf-8")
    command = [sys.executable, str(script), str(ROOT / "config"), str(large.data_dir)]
    program = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True)
    try:
        awaited(lambda: list(large.data_dir.glob("fold/*/signatures/0*.npy")))
        before = workers_of(program)
        before[0].kill()
        verified = awaited(lambda: list(large.data_dir.glob("fold/*/ends/0*.npy")))
        kill_with_workers(program)
        assert not rows(large, stories)
        assert not rows(large, signatures)
    finally:
        program.kill()
        program.wait()
    made = {one: one.stat().st_mtime_ns for one in verified}

    def is_kept() -> bool:
        return all(one.stat().st_mtime_ns == then for one, then in made.items())

    seen: list[bool] = []

    class Looking(SilentWatcher):
        def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
            if stage == "dedupe link":
                seen.append(is_kept())

    dedupe_large(large, Looking(), {}, workers=1, partition=31)
    assert seen
    assert all(seen)
    assert folded_tables(large) == folded_tables(small)
