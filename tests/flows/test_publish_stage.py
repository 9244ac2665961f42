"""Publishing: what an earlier run left, whole but not yet named as the latest, stands in nobody's way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from flows import publish_stage
from flows.publish_stage import publish_dataset
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.queries.releases import list_releases as noted_releases
from pipeline.catalog.tables import links, releases
from pipeline.publish.reading import check_release, list_releases
from pipeline.settings import Settings
from tests.pipeline.catalog.sample_catalog import build_catalog

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(publish_stage, "now", lambda: MOMENT)
    made = Workspace(tmp_path, tmp_path / "data", Settings(), {})
    build_catalog(made.data_dir).dispose()
    return made


def latest(workspace: Workspace) -> str:
    return str(json.loads((workspace.data_dir / "releases/latest.json").read_text())["version"])


def test_a_release_that_was_never_named_is_left_alone(workspace: Workspace) -> None:
    publish_dataset(workspace, "run-1", SILENT)
    orphan = latest(workspace)
    (workspace.data_dir / "releases/latest.json").unlink()  # killed before the pointer moved
    with writing(workspace.engine) as connection:
        connection.execute(delete(links))
    made = publish_dataset(workspace, "run-2", SILENT)  # in the same second, with other content
    assert made["version"] == latest(workspace) != orphan
    assert list_releases(workspace.storage) == [orphan, made["version"]]
    assert check_release(workspace.storage, orphan) == []


def test_two_changes_within_a_second_are_two_releases(workspace: Workspace) -> None:
    first = publish_dataset(workspace, "run-1", SILENT)
    with writing(workspace.engine) as connection:
        connection.execute(delete(links))
    second = publish_dataset(workspace, "run-2", SILENT)
    again = publish_dataset(workspace, "run-3", SILENT)
    assert second["version"] == again["version"] != first["version"]
    assert again["new_release"] == "no, nothing changed"


def noted(workspace: Workspace) -> list[tuple[str, str | None]]:
    """The releases that the catalog knows, the newest first, with the run that made each."""
    with reading(workspace.engine) as connection:
        return [(one.version, one.run_id) for one in noted_releases(connection).releases]


def test_a_release_whose_row_was_lost_is_noted_by_the_next_run(workspace: Workspace) -> None:
    first = publish_dataset(workspace, "run-1", SILENT)["version"]
    with writing(workspace.engine) as connection:
        connection.execute(delete(releases))  # killed between the pointer and the row
    assert publish_dataset(workspace, "run-2", SILENT)["new_release"] == "no, nothing changed"
    assert noted(workspace) == [(first, None)]


def test_a_new_catalog_gets_to_know_all_releases(workspace: Workspace) -> None:
    first = publish_dataset(workspace, "run-1", SILENT)["version"]
    with writing(workspace.engine) as connection:
        connection.execute(delete(releases))
        connection.execute(delete(links))
    second = publish_dataset(workspace, "run-2", SILENT)["version"]
    assert sorted(noted(workspace)) == sorted([(first, None), (second, "run-2")])
