"""A PostgreSQL catalog folded on Dask: what a small fold on SQLite says, whatever connection is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from flows.catalog_copy import copy_catalog
from flows.ledger import StageReport, begin_run
from flows.stages import dedupe_stage
from flows.watcher import SILENT
from flows.workspace import Workspace, open_workspace
from tests.catalogs import copy_data, sqlite_only
from tests.flows.test_dedupe_large import cluster as cluster
from tests.flows.test_dedupe_large import folded_tables
from tests.flows.test_dedupe_large import ingested as ingested
from tests.flows.test_fold_large import ROOT
from tests.flows.test_lost_connections import Breaker
from tests.servers import PostgreSQL

pytestmark = [
    pytest.mark.server,
    sqlite_only,
    # psycopg says so of a cursor that was half read when the server ended its connection
    pytest.mark.filterwarnings("ignore:.*ServerCursor.* was deleted while still open:ResourceWarning"),
]
POINTS = 5


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation on PostgreSQL whose articles were ingested, and what a small fold on SQLite makes of them."""

    server: PostgreSQL
    template: str
    folder: Path
    wanted: dict[str, list[dict[str, Any]]]

    @contextmanager
    def copy(self, name: str) -> Iterator[Workspace]:
        """The same once more."""
        plain = open_workspace(ROOT / "config", self.folder / name)
        catalog = self.server.new_database(template=self.template)
        workspace = replace(plain, settings=plain.settings.model_copy(update={"catalog": catalog}))
        try:
            yield workspace
        finally:
            workspace.engine.dispose()


@pytest.fixture(scope="module")
def scene(ingested: Path, postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("large")
    copy_data(ingested, folder / "small")
    small = open_workspace(ROOT / "config", folder / "small")
    template = postgresql.new_database()
    copy_catalog(small.catalog_url, template, SILENT)
    assert fold(small, None).state == "done"
    return Scene(postgresql, template, folder, folded_tables(small))


def fold(workspace: Workspace, scheduler: str | None) -> StageReport:
    with begin_run(workspace, "dedupe") as run:
        return dedupe_stage(run, everything=True, scheduler=scheduler)


@pytest.fixture(scope="module")
def count(scene: Scene, cluster: str) -> int:
    """The statements and commits of an undisturbed fold."""
    with scene.copy("undisturbed") as workspace:
        breaker = Breaker(workspace.engine, 0)
        report, taken = fold(workspace, cluster), breaker.count
        assert (report.state, report.message) == ("done", None)
        assert report.counts["links"] > 50
        assert folded_tables(workspace) == scene.wanted
        return taken


@pytest.mark.parametrize("share", range(POINTS))
def test_a_connection_lost_at_any_statement_changes_nothing(scene: Scene, cluster: str, count: int, share: int) -> None:
    at = 1 + (2 * share + 1) * count // (2 * POINTS)
    with scene.copy(f"at-{at}") as workspace:
        breaker = Breaker(workspace.engine, at)
        report = fold(workspace, cluster)
        assert breaker.count > at
        assert (report.state, report.message) == ("done", None)
        assert folded_tables(workspace) == scene.wanted
        assert not list(workspace.data_dir.glob("fold/*"))
