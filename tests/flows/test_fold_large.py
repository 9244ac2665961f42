from __future__ import annotations

import gzip
import json
import logging
import random
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import fold_steps
from flows.fold_cluster import QUIET
from flows.fold_files import fold_files
from flows.fold_large import fold_large
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import Workspace, open_workspace
from pipeline.errors import InputError
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


def write_mixed(folder: Path) -> list[Path]:
    """The same in two files, one packed, with rows that are no articles and rows that come again, near and far."""
    lines = write_world(folder / "world.jsonl").read_text("utf-8").splitlines()
    bad = ["{}", "no JSON", '{"article_id": "x", "body": " "}', "[1]"]
    first = [lines[3], *bad[:2], *lines[:90], lines[5], *bad]
    second = [lines[7], *bad[3:], *lines[60:], lines[100], lines[2], *bad[:1]]
    plain, packed = folder / "first.jsonl", folder / "second.jsonl.gz"
    plain.write_text("\n".join(first), "utf-8")
    packed.write_bytes(gzip.compress("\n".join(second).encode()))
    return [plain, packed]


class Noting(SilentWatcher):
    """Keeps what it is told of."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        """One more."""
        self.notes.append(message)


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


def test_rows_that_are_no_articles_are_told_alike(workspace: Workspace, cluster: str, tmp_path: Path) -> None:
    files, small_notes, large_notes = write_mixed(tmp_path), Noting(), Noting()
    small = fold_files(workspace, files, tmp_path / "small", small_notes)
    large = fold_large(workspace, files, tmp_path / "large", large_notes, scheduler=cluster, partition=37)
    assert {**large, "out": ""} == {**small, "out": ""}
    assert small["reasons"]["bad_record"] == 8
    assert small["reasons"]["duplicate_id"] > 30
    assert large_notes.notes == small_notes.notes
    assert tables(tmp_path / "large") == tables(tmp_path / "small")


def test_a_file_without_one_object_is_refused(workspace: Workspace, cluster: str, tmp_path: Path) -> None:
    good, bad = write_world(tmp_path / "world.jsonl"), tmp_path / "bad.jsonl"
    bad.write_text("one\ntwo\n")
    for folded in (fold_files, partial(fold_large, scheduler=cluster, partition=37)):
        with pytest.raises(InputError, match=r"bad\.jsonl: not one line is a JSON object \(line 1: not JSON"):
            folded(workspace, [good, bad], tmp_path / "out", SILENT)


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
