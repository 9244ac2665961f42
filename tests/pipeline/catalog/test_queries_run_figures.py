"""What earlier runs say of an outlet: whether a failure is known already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.catalog.engine import open_catalog, sqlite_url, writing
from pipeline.catalog.queries.run_figures import failed_before
from pipeline.catalog.runs import record_stage, start_run

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ([], False),
        (["failed"], True),
        (["failed", "done"], False),
        (["done", "failed"], True),
        (["failed", "skipped", "interrupted"], True),
    ],
)
def test_a_failure_is_known_when_the_last_run_that_came_to_an_end_with_the_stage_failed_too(
    earlier: list[str], expected: bool, tmp_path: Path
) -> None:
    engine = open_catalog(sqlite_url(tmp_path))
    with writing(engine) as connection:
        for number, state in enumerate([*earlier, "failed"]):
            at = START + timedelta(hours=number)
            run = f"{at:%Y%m%dT%H%M%S}-aaaaaa"
            start_run(connection, run, "pass", "schedule", "test", at)
            record_stage(connection, run, "crawl", "alpha", state, at, at, {}, None)
            record_stage(connection, run, "crawl", "beta", "done", at, at, {}, None)
        assert failed_before(connection, run, "crawl", "alpha") is expected
        assert not failed_before(connection, run, "crawl", "beta")
    engine.dispose()
