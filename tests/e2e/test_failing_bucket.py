"""Runs whose bucket refuses, cuts, keeps silent or drags: one clear line, no secret in it, and nothing lost after."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from flows.ledger import begin_run
from flows.stages import crawl_stages, dedupe_stage, extract_stage, folding, publish_stage
from flows.workspace import Workspace, open_workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.tables import articles
from pipeline.storage import Storage
from tests.bucket_proxy import BucketProxy, Way
from tests.faults.runs import ROOT
from tests.faults.world import SmallWorld
from tests.servers import S3_SECRET

pytestmark = [pytest.mark.e2e, pytest.mark.server, pytest.mark.timeout(600)]
ONE_TRY = {"connect_timeout": 2, "read_timeout": 1, "retries": {"max_attempts": 0}}


@pytest.fixture(scope="module")
def world() -> Iterator[SmallWorld]:
    with SmallWorld().serve() as served:
        yield served


@pytest.fixture
def proxy(s3_endpoint: str) -> Iterator[BucketProxy]:
    with BucketProxy(s3_endpoint).serve() as served:
        yield served


@pytest.fixture
def workspace(
    world: SmallWorld, proxy: BucketProxy, s3_environment: None, s3_bucket: str, tmp_path: Path, monkeypatch: Any
) -> Iterator[Workspace]:
    world.write_config(tmp_path / "config")
    with (tmp_path / "config/settings.yml").open("a") as settings:
        settings.write(f"storage: s3://{s3_bucket}/wire\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    opened = open_workspace(tmp_path / "config", tmp_path / "data")
    yield opened
    opened.engine.dispose()


def start(workspace: Workspace, *command: str) -> subprocess.Popen[str]:
    """The command line in a process of its own."""
    folders = ["--config", str(workspace.config_dir), "--data", str(workspace.data_dir)]
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", *folders, *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(workspace: Workspace, process: subprocess.Popen[str]) -> tuple[int, str]:
    """What it and the folder's logs say holds no secret and no traceback."""
    out, err = process.communicate(timeout=180)
    logs = [path.read_text() for path in (workspace.data_dir / "logs").glob("*")]
    for said in (out, err, *logs):
        assert S3_SECRET not in said
        assert "Traceback" not in said
    return process.returncode, out + err


def wirecopy(workspace: Workspace, *command: str) -> tuple[int, str]:
    return end(workspace, start(workspace, *command))


@pytest.mark.parametrize("way", [Way.BUSY, Way.CUT])
def test_a_crawl_whose_bucket_fails_says_so_and_the_next_brings_everything(
    way: Way, workspace: Workspace, proxy: BucketProxy, world: SmallWorld
) -> None:
    proxy.way = way
    world.forget()
    code, said = wirecopy(workspace, "crawl", "wire", "north", "south")
    assert (code, proxy.broken > 0) == (1, True)
    assert said.count("s3://") >= 3  # a line for each outlet
    assert "cannot write" in said
    proxy.way = Way.OPEN
    code, said = wirecopy(workspace, "run")
    assert code == 0, said
    assert "articles 6" in said
    assert {path: times for path, times in world.asked("wire").items() if path.startswith("/news") and times > 1} == {}
    assert "everything is in order" in wirecopy(workspace, "doctor")[1]


def test_releases_come_whole_or_not_at_all(
    workspace: Workspace, proxy: BucketProxy, caplog: pytest.LogCaptureFixture
) -> None:
    """Crawled while the way was slow; then each kind of failure while a release is made, with one try of a second."""
    caplog.set_level(logging.DEBUG)
    proxy.way = Way.SLOW
    with begin_run(workspace, "crawl") as run:
        assert {one.state for one in crawl_stages(run, list(workspace.outlets.values()))} == {"done"}
    workspace.__dict__["storage"] = Storage(workspace.storage.root, options={"config_kwargs": ONE_TRY})
    proxy.way = Way.OPEN
    with begin_run(workspace, "run") as run, folding(run):
        assert extract_stage(run).state == dedupe_stage(run).state == "done"
        for way, told in ((Way.SILENT, "not answer in time"), (Way.BUSY, "busy"), (Way.CUT, "broke off")):
            proxy.way = way
            failed = publish_stage(run)
            assert failed.state == "failed"
            assert failed.message is not None
            assert "s3://" in failed.message
            assert told in failed.message
            assert "\n" not in failed.message
            assert S3_SECRET not in failed.message
            proxy.way = Way.OPEN
            assert not workspace.storage.exists("releases/latest.json")
        published = publish_stage(run)
        assert published.state == "done", published.message
    latest = json.loads(workspace.storage.read_bytes("releases/latest.json"))
    assert latest["version"] == published.counts["version"]
    assert S3_SECRET not in caplog.text


def test_pages_are_not_given_up_while_the_bucket_is_silent(workspace: Workspace, proxy: BucketProxy) -> None:
    with begin_run(workspace, "crawl") as run:
        crawl_stages(run, list(workspace.outlets.values()))
    workspace.__dict__["storage"] = Storage(workspace.storage.root, options={"config_kwargs": ONE_TRY})
    proxy.way = Way.SILENT
    with begin_run(workspace, "extract") as run, folding(run):
        failed = extract_stage(run)
        assert (failed.state, "did not answer in time" in (failed.message or "")) == ("failed", True)
        proxy.way = Way.OPEN
        counts = extract_stage(run).counts
    assert counts["articles"] == 6


@pytest.mark.parametrize("way", [Way.BUSY, Way.CUT])
def test_a_bucket_that_is_back_within_a_crawl_is_waited_for(
    way: Way, workspace: Workspace, proxy: BucketProxy, world: SmallWorld
) -> None:
    """It fails when the first article is asked for, and until something was written to it in vain."""
    world.hold("wire")
    try:
        process = start(workspace, "run")
        assert world.servers["wire"].reached.wait(120), process.poll()
        proxy.way = way
    finally:
        world.let_go("wire")
    proxy.await_broken(2)
    proxy.way = Way.OPEN
    code, said = end(workspace, process)
    assert (code, "articles 6" in said) == (0, True), said
    assert "everything is in order" in wirecopy(workspace, "doctor")[1]


def test_a_bucket_that_is_gone_in_the_middle_of_a_crawl_loses_nothing(
    workspace: Workspace, proxy: BucketProxy, world: SmallWorld
) -> None:
    """Nobody listens there any more; what was fetched by then is kept here, and not fetched again."""
    world.hold("wire")
    try:
        process = start(workspace, "run")
        assert world.servers["wire"].reached.wait(120), process.poll()
        proxy.way = Way.GONE
    finally:
        world.let_go("wire")
    code, said = end(workspace, process)
    assert code == 1, said
    assert "s3://" in said
    proxy.way = Way.OPEN
    world.forget()
    code, said = wirecopy(workspace, "run")
    assert code == 0, said
    assert "everything is in order" in wirecopy(workspace, "doctor")[1]
    with reading(workspace.engine) as connection:
        assert connection.execute(select(func.count()).select_from(articles)).scalar_one() == 6
    assert {path for path in world.asked("wire") if path.startswith("/news")} == set()


def test_a_bucket_that_is_back_while_a_release_is_published_is_waited_for(
    workspace: Workspace, proxy: BucketProxy
) -> None:
    with begin_run(workspace, "run") as run, folding(run):
        crawl_stages(run, list(workspace.outlets.values()))
        assert extract_stage(run).state == dedupe_stage(run).state == "done"
    proxy.way = Way.BUSY
    process = start(workspace, "publish")
    proxy.await_broken(proxy.broken + 2)
    proxy.way = Way.OPEN
    code, said = end(workspace, process)
    assert code == 0, said
    assert json.loads(workspace.storage.read_bytes("releases/latest.json"))["version"] in said
    assert "everything is in order" in wirecopy(workspace, "doctor")[1]
