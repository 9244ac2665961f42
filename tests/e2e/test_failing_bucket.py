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

from flows.ledger import begin_run
from flows.stages import crawl_stages, dedupe_stage, extract_stage, folding, publish_stage
from flows.workspace import Workspace, open_workspace
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


def wirecopy(workspace: Workspace, *command: str) -> tuple[int, str]:
    """The command line in a process of its own; what it and the folder's logs say holds no secret and no traceback."""
    folders = ["--config", str(workspace.config_dir), "--data", str(workspace.data_dir)]
    done = subprocess.run(
        [sys.executable, "-m", "app.cli.main", *folders, *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    logs = [path.read_text() for path in (workspace.data_dir / "logs").glob("*")]
    for said in (done.stdout, done.stderr, *logs):
        assert S3_SECRET not in said
        assert "Traceback" not in said
    return done.returncode, done.stdout + done.stderr


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
