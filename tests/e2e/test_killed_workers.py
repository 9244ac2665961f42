"""Two workers on one catalog, and one is killed in the middle of a stage: the other does the work, once and whole."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.e2e.test_servers import PATIENCE, Installation, Make
from tests.e2e.test_servers import expected as expected
from tests.e2e.test_servers import make as make
from tests.e2e.test_servers import plain as plain
from tests.e2e.test_servers import world as world
from tests.servers import PostgreSQL

pytestmark = [pytest.mark.e2e, pytest.mark.server, pytest.mark.timeout(600)]
STAGES = ("extract", "dedupe", "publish")
# What a stage comes to when half of it is done: articles are stored after pages were read, links written after texts
# were compared, a release entered in the catalog after it was published.
IN_THE_MIDDLE = {"extract": "articles", "dedupe": "links", "publish": "releases"}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def await_that(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "did not come to pass"
        time.sleep(0.02)


def number(there: Installation, query: str) -> int:
    return int(there.rows(query)[0][0])


@pytest.mark.parametrize("stage", STAGES)
def test_of_two_workers_one_is_killed_in_the_middle_of_a_stage(
    stage: str, make: Make, postgresql: PostgreSQL, expected: list[list[tuple[Any, ...]]]
) -> None:
    two = make("two", postgresql.new_database())
    two.run("crawl", "wire", "north", "south")
    for before in STAGES[: STAGES.index(stage)]:
        two.run(before)
    done = number(two, "SELECT count(*) FROM runs")
    engine = create_engine(two.catalog)
    with engine.connect() as connection:
        connection.execute(text(f"LOCK TABLE {IN_THE_MIDDLE[stage]} IN ACCESS EXCLUSIVE MODE"))
        killed = two.start(stage)
        try:
            await_that(lambda: number(two, WAITING) > 0)
            other = two.start(stage)
            await_that(lambda: number(two, "SELECT count(*) FROM runs") == done + 2)
        finally:
            with suppress(ProcessLookupError):
                os.kill(killed.pid, signal.SIGKILL)
            killed.communicate(timeout=PATIENCE)
        connection.rollback()
    engine.dispose()
    out, err = other.communicate(timeout=PATIENCE)
    assert (killed.returncode, other.returncode) == (-signal.SIGKILL, 0), out + err
    assert "Traceback" not in out + err
    for after in STAGES[STAGES.index(stage) + 1 :]:
        two.run(after)
    assert two.stories() == expected
    assert number(two, "SELECT count(*) FROM captures WHERE extracted = 'pending'") == 0
    assert number(two, "SELECT count(*) FROM article_versions") == 0
    assert "everything is in order" in two.run("doctor")
    assert "nothing changed" in two.run("publish")
    published = sorted(one.parent.name for one in (two.data / "releases").glob("*/manifest.json"))
    assert [row[0] for row in two.rows("SELECT version FROM releases")] == published
    states = two.rows("SELECT state FROM runs")
    assert (states.count(("interrupted",)), states.count(("done",))) == (1, len(states) - 1)
