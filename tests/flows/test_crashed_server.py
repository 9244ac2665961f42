"""Reading, folding and publishing while PostgreSQL is killed, with all its processes, at one statement or another."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from flows.doctor import examine
from flows.watcher import SILENT
from pipeline.catalog.engine import Engine
from tests.flows.test_lost_connections import Fault, Scene, make_scene, outcome, work
from tests.flows.test_lost_connections import undisturbed as undisturbed
from tests.servers import PostgreSQL

pytestmark = [
    pytest.mark.server,
    # psycopg says so of a cursor that was half read when the server died
    pytest.mark.filterwarnings("ignore:.*ServerCursor.* was deleted while still open:ResourceWarning"),
]
POINTS = 4  # of 140, evenly chosen


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """One of these tests' own, which keeps what it confirmed."""
    found = PostgreSQL(f"killed-{os.getpid()}", durable=True)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def scene(server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(server, tmp_path_factory.mktemp("killed"))


class Killer(Fault):
    """Kills the server at the statement or commit with a number, and has it started again meanwhile."""

    def __init__(self, server: PostgreSQL, engine: Engine, at: int) -> None:
        super().__init__(engine, at)
        self._server = server
        self._start = threading.Thread(target=server.start)

    def strike(self, connection: Connection) -> None:
        self._server.kill()
        self._start.start()

    def join(self) -> None:
        """Until the server is there again."""
        self._start.join()


@pytest.mark.parametrize("share", range(POINTS))
def test_a_server_killed_at_any_statement_and_started_again_is_waited_for(
    scene: Scene, undisturbed: tuple[dict[str, list[tuple[Any, ...]]], int], share: int
) -> None:
    wanted, count = undisturbed
    at = 1 + (2 * share + 1) * count // (2 * POINTS)
    with scene.copy(f"at-{at}") as workspace:
        killer = Killer(scene.server, workspace.engine, at)
        run = work(workspace)
        assert killer.count > at
        killer.join()
        told = [(one.stage, one.state, one.message) for one in run.reports]
        assert told == [(stage, "done", None) for stage in ("extract", "dedupe", "publish")]
        assert outcome(workspace) == wanted
        assert [one for one in examine(workspace, SILENT) if one.severe] == []
