from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from pipeline.catalog.engine import open_catalog, reading, sqlite_url, writing
from pipeline.catalog.queries.health import last_checks
from pipeline.catalog.tables import outlets, run_stages, runs

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_last_check_of_each_outlet_counts_and_alarms_come_first(tmp_path: Path) -> None:
    engine = open_catalog(sqlite_url(tmp_path))
    with writing(engine) as connection:
        connection.execute(
            insert(outlets),
            [
                {"outlet_id": one, "name": one.title(), "role": "outlet", "configured": True}
                for one in ("alpha", "beta", "gamma")
            ],
        )
        for number, states in enumerate([("alarm", "done", "done"), ("done", "done", "alarm")]):
            at = START + timedelta(hours=number)
            run = f"run-{number}"
            connection.execute(
                insert(runs).values(
                    run_id=run, command="run", trigger="manual", state="done", started_at=at, owner="test"
                )
            )
            for outlet, state in zip(("alpha", "beta", "gamma"), states, strict=True):
                connection.execute(
                    insert(run_stages).values(
                        run_id=run, stage="health", outlet_id=outlet, state=state, started_at=at, finished_at=at,
                        counts={"pages": 4}, message="texts are shorter than usual" if state == "alarm" else None,
                    )
                )  # fmt: skip
    with reading(engine) as connection:
        found = last_checks(connection)
    engine.dispose()
    assert [(one.outlet.outlet_id, one.alarm, one.run_id) for one in found] == [
        ("gamma", True, "run-1"), ("alpha", False, "run-1"), ("beta", False, "run-1"),
    ]  # fmt: skip
    assert found[0].message == "texts are shorter than usual"
    assert found[0].figures == {"pages": 4}
