"""Reading, folding and publishing while PostgreSQL ends a connection at one statement after the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Connection, create_engine, event, text

from flows.doctor import examine
from flows.ledger import Run, begin_run
from flows.stages import crawl_stages, dedupe_stage, extract_stage, folding, publish_stage
from flows.watcher import SILENT
from flows.workspace import Workspace, open_workspace
from pipeline.catalog.engine import Engine, reading
from tests.faults.world import SmallWorld
from tests.servers import PostgreSQL

pytestmark = [
    pytest.mark.server,
    # psycopg says so of a cursor that was half read when the server ended its connection: nobody can close it any more
    pytest.mark.filterwarnings("ignore:.*ServerCursor.* was deleted while still open:ResourceWarning"),
]
POINTS = 12  # of 140, evenly chosen
QUERIES = {
    "articles": "SELECT article_id, version, body_sha256, story_id, folded_at IS NULL, status FROM articles",
    "stories": "SELECT story_id, origin_article_id, article_count FROM stories",
    "links": "SELECT article_id, origin_article_id, relation FROM links",
    "captures": "SELECT capture_id, extracted FROM captures",
    "rejections": "SELECT rejection_id, reason FROM rejections",
    "versions": "SELECT article_id FROM article_versions",
    "pairs": "SELECT left_id, right_id FROM pairs",
    "words": "SELECT article_id FROM search_documents",
    "releases": "SELECT count(*) FROM releases",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation whose outlets were crawled and nothing else done."""

    server: PostgreSQL
    crawled: Workspace
    folder: Path

    @contextmanager
    def copy(self, name: str) -> Iterator[Workspace]:
        """The same once more, to be spoilt."""
        data = self.folder / name
        shutil.copytree(self.crawled.data_dir, data)
        catalog = self.server.new_database(template=self.crawled.catalog_url)
        settings = self.crawled.settings.model_copy(update={"catalog": catalog})
        workspace = replace(self.crawled, data_dir=data, settings=settings)
        try:
            yield workspace
        finally:
            workspace.engine.dispose()


@pytest.fixture(scope="module")
def scene(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(postgresql, tmp_path_factory.mktemp("lost"))


def make_scene(server: PostgreSQL, folder: Path) -> Scene:
    """Crawl the outlets of the small world once."""
    with SmallWorld().serve() as world:
        world.write_config(folder / "config")
        with (folder / "config/settings.yml").open("a") as settings:
            settings.write(f"catalog: {server.new_database()}\n")
        workspace = open_workspace(folder / "config", folder / "data")
        with begin_run(workspace, "crawl") as run:
            crawl_stages(run, list(workspace.outlets.values()))
        workspace.engine.dispose()
    return Scene(server, workspace, folder)


def work(workspace: Workspace) -> Run:
    """What follows a crawl."""
    with begin_run(workspace, "run") as run, folding(run):
        extract_stage(run)
        dedupe_stage(run)
        publish_stage(run)
    return run


def outcome(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """What the catalog and the latest release say; times of day aside."""
    with reading(workspace.engine) as connection:
        found = {name: sorted(map(tuple, connection.execute(text(query)))) for name, query in QUERIES.items()}
    (release,) = (workspace.data_dir / "releases").glob("*/articles.parquet")
    found["release"] = [tuple(row.values()) for row in pq.read_table(release).to_pylist()]
    return found


class Fault:
    """Does something at the statement or commit with a number; counts them all."""

    def __init__(self, engine: Engine, at: int) -> None:
        self.count = 0
        self._at = at
        event.listen(engine, "before_cursor_execute", lambda connection, *_: self._reach(connection))
        event.listen(engine, "commit", self._reach)

    def _reach(self, connection: Connection) -> None:
        self.count += 1
        if self.count == self._at:
            self.strike(connection)

    def strike(self, connection: Connection) -> None:
        """What happens then; nothing in an undisturbed run."""


class Breaker(Fault):
    """Has the server end the connection of the statement or commit with a number."""

    def __init__(self, engine: Engine, at: int) -> None:
        super().__init__(engine, at)
        self._admin = create_engine(engine.url, isolation_level="AUTOCOMMIT")

    def strike(self, connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        with self._admin.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": raw.info.backend_pid})
        self._admin.dispose()


@pytest.fixture(scope="module")
def undisturbed(scene: Scene) -> tuple[dict[str, list[tuple[Any, ...]]], int]:
    """What comes of it when nothing happens, and how many statements and commits it takes."""
    with scene.copy("undisturbed") as workspace:
        counted = Fault(workspace.engine, 0)
        assert {one.state for one in work(workspace).reports} == {"done"}
        count = counted.count
        return outcome(workspace), count


@pytest.mark.parametrize("share", range(POINTS))
def test_a_connection_lost_at_any_statement_changes_nothing(
    scene: Scene, undisturbed: tuple[dict[str, list[tuple[Any, ...]]], int], share: int
) -> None:
    wanted, count = undisturbed
    at = 1 + (2 * share + 1) * count // (2 * POINTS)
    with scene.copy(f"at-{at}") as workspace:
        breaker = Breaker(workspace.engine, at)
        run = work(workspace)
        assert breaker.count > at
        told = [(one.stage, one.state, one.message) for one in run.reports]
        assert told == [(stage, "done", None) for stage in ("extract", "dedupe", "publish")]
        assert outcome(workspace) == wanted
        assert [one for one in examine(workspace, SILENT) if one.severe] == []
