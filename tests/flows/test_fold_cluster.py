"""What the cluster of a large fold says, and what of it nobody needs to hear; clusters that are started apart."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.fold_cluster import cluster
from pipeline.errors import UsageError

ROOT = Path(__file__).parents[2]
QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@contextmanager
def started(folder: Path, scheduler_path: str, worker_path: str) -> Iterator[str]:
    """A scheduler and a worker as a user starts them, each with its PYTHONPATH; gives the scheduler's address."""
    where = folder / "scheduler.json"

    def start(kind: str, python_path: str, *options: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-P", "-m", f"distributed.cli.dask_{kind}", "--scheduler-file", str(where), *QUIET]
        env = os.environ | {"PYTHONPATH": python_path}
        return subprocess.Popen([*line, *options], cwd=folder, env=env, stderr=subprocess.DEVNULL)

    running = [start("scheduler", scheduler_path, "--port", "0")]
    try:
        running.append(start("worker", worker_path, "--nthreads", "1"))  # waits for the file
        from distributed import Client

        with Client(scheduler_file=str(where), timeout="60s") as client:
            client.wait_for_workers(1, timeout=60)
        yield json.loads(where.read_text())["address"]
    finally:
        for one in reversed(running):
            one.terminate()
            one.wait(30)


@pytest.mark.parametrize("paths", [("", str(ROOT)), (str(ROOT), "")], ids=["scheduler", "worker"])
def test_a_cluster_that_does_not_know_this_code_is_refused_in_one_line(paths: tuple[str, str], tmp_path: Path) -> None:
    with (
        started(tmp_path, *paths) as address,
        pytest.raises(UsageError, match=r"does not know wirecopy: start .* with its folder in PYTHONPATH"),
        cluster(address, None, tmp_path),
    ):
        pass


def test_a_cluster_that_was_started_apart_does_the_steps(tmp_path: Path) -> None:
    with started(tmp_path, str(ROOT), str(ROOT)) as address, cluster(address, None, tmp_path) as client:
        assert client.submit(os.getpid).result() != os.getpid()


def test_a_call_that_is_interrupted_before_it_began_is_no_news_and_other_errors_are(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def sync() -> threading.Event:
        told = threading.Event()

        def cancel() -> None:  # as in distributed.utils.sync
            if future is not None:
                raise AssertionError

        def fail() -> None:
            raise ValueError("of another kind")

        for callback in (cancel, fail, told.set):
            client.loop.add_callback(callback)
        if told.is_set():  # never so early: the name stays without a value
            future = None
        return told

    with cluster("local", 1, tmp_path) as client, caplog.at_level(logging.ERROR, "tornado.application"):
        assert sync().wait(30)
    told = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(error) for error in told] == ["of another kind"]
