"""Commands that look after the data, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.catalog.engine import sqlite_url
from pipeline.catalog.use import in_sole_use, in_use
from tests.app.cli.command_line import Wirecopy, one_line, write_outlet
from tests.catalogs import sqlite_only
from tests.pipeline.archive.samples import http, members, record


@sqlite_only
def test_a_rebuild_beside_other_work_is_refused_in_one_line(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for holding, says in ((in_use, "a run is at work"), (in_sole_use, "another doctor --rebuild is at work")):
        with holding(sqlite_url(data)):
            done = wirecopy("--config", str(config), "--data", str(data), "doctor", "--rebuild")
        assert done.code == 1
        assert says in one_line(done.err)
        assert [one.name for one in data.iterdir()] == ["catalog.sqlite.lock"]


@sqlite_only
def test_a_run_beside_a_rebuild_is_refused_in_one_line(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with in_sole_use(sqlite_url(data)):
        done = wirecopy("--config", str(config), "--data", str(data), "dedupe")
    assert done.code == 1
    assert "is being made anew" in one_line(done.err)


def test_what_a_backfill_came_to_is_there_as_json(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    write_outlet(config, "lantern", "http://127.0.0.1:9/feed")
    warc = tmp_path / "other.warc.gz"
    warc.write_bytes(members(record(http(b"<p>of nobody's"))))
    given = ("--config", str(config), "--data", str(tmp_path / "data"), "backfill", "lantern", "--since", "2026-01-01")
    done = wirecopy(*given, "--warc", str(warc), "--json")
    assert done.err == ""
    assert json.loads(done.out)["run_id"]
