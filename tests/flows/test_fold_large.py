from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import fold_steps
from flows.fold_files import fold_files
from flows.fold_large import fold_large
from flows.fold_program import QUIET
from flows.watcher import SILENT
from flows.workspace import Workspace, open_workspace
from pipeline.publish.schema import TABLES
from tests.pipeline.dedupe.test_incremental import make_world

ROOT = Path(__file__).parents[2]
LABELLED = ROOT / "tests" / "labels" / "articles.jsonl"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(ROOT / "config", tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def cluster() -> Any:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, scheduler_kwargs=QUIET) as found:
        yield found.scheduler_address


def write_world(path: Path) -> Path:
    """Made-up reports and copies of several weeks, in no order, some without a time."""
    articles = [(seed, one) for seed in range(6) for one in make_world(seed)]
    random.Random(1).shuffle(articles)
    rows = [
        {
            "article_id": f"{seed}-{one.article_id}",
            "outlet_id": one.outlet_id,
            "headline": one.headline,
            "body": one.body,
            "published_at": one.published_at.isoformat() if one.published_at and number % 9 else None,
        }
        for number, (seed, one) in enumerate(articles)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("articles", "stories", "copies")}


@pytest.mark.parametrize("kind", ["labelled", "made up"])
def test_a_large_fold_gives_what_a_small_one_gives(
    kind: str, workspace: Workspace, cluster: str, tmp_path: Path
) -> None:
    file = LABELLED if kind == "labelled" else write_world(tmp_path / "world.jsonl")
    small = fold_files(workspace, [file], tmp_path / "small", SILENT)
    large = fold_large(workspace, [file], tmp_path / "large", SILENT, scheduler=cluster, partition=37)
    assert {**large, "out": ""} == {**small, "out": ""}
    assert tables(tmp_path / "large") == tables(tmp_path / "small")
    for table in TABLES:
        same = [(tmp_path / kind / table.file_name).read_bytes() for kind in ("large", "small")]
        assert same[0] == same[1]
    assert not (tmp_path / "large" / ".fold").exists()


def test_an_interrupted_fold_goes_on_where_it_stopped(
    workspace: Workspace, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_world(tmp_path / "world.jsonl")
    verify_part = fold_steps.verify_part

    def stop(fold: fold_steps.LargeFold, number: int, *rest: Any) -> None:
        if number == 2:
            raise KeyError("the machine went away")
        verify_part(fold, number, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(fold_steps, "verify_part", stop)
        with pytest.raises(KeyError, match="the machine went away"):
            fold_large(workspace, [file], tmp_path / "out", SILENT, scheduler=cluster, partition=40)

    def again(*_: Any) -> None:
        raise AssertionError("done before")

    monkeypatch.setattr(fold_steps, "sign", again)
    monkeypatch.setattr(fold_steps, "find_alike", again)
    fold_large(workspace, [file], tmp_path / "out", SILENT, scheduler=cluster, partition=40)
    fold_files(workspace, [file], tmp_path / "small", SILENT)
    assert tables(tmp_path / "out") == tables(tmp_path / "small")
