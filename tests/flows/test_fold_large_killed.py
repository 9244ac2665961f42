"""A large fold whose worker is killed, and that is killed itself: the same command goes on to the same stories."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows.fold_files import fold_files
from flows.fold_large import fold_large
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import open_workspace
from tests.flows.test_fold_large import ROOT, tables, write_world

PARTITION = 12
FOLD = f"""
import sys
from pathlib import Path
from flows.fold_large import fold_large
from flows.watcher import SILENT
from flows.workspace import open_workspace
if __name__ == "__main__":
    config, data, file, out = map(Path, sys.argv[1:])
    fold_large(open_workspace(config, data), [file], out, SILENT, workers=2, partition={PARTITION})
"""


def awaited(found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 300
    while not (value := found()):
        assert time.monotonic() < deadline, "did not come to pass"
        time.sleep(0.002)
    return value


def workers_of(program: subprocess.Popen[bytes]) -> list[psutil.Process]:
    children = psutil.Process(program.pid).children(recursive=True)
    return [one for one in children if "spawn_main" in " ".join(one.cmdline())]


def kill_with_workers(program: subprocess.Popen[bytes]) -> None:
    """Kill a large fold's program, and see that its workers end with it."""
    left = workers_of(program)
    program.kill()
    program.wait()
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive


def test_a_fold_survives_the_kill_of_a_worker_and_goes_on_after_its_own(tmp_path: Path) -> None:
    file, out, data = write_world(tmp_path / "world.jsonl"), tmp_path / "out", tmp_path / "data"
    script = tmp_path / "script.py"
    script.write_text(FOLD, "utf-8")
    command = [sys.executable, str(script), str(ROOT / "config"), str(data), str(file), str(out)]
    program = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True)
    try:
        awaited(lambda: list(out.glob(".fold/*/signatures/0*.npy")))
        before = workers_of(program)
        assert len(before) == 2
        before[0].send_signal(signal.SIGKILL)
        verified = awaited(lambda: list(out.glob(".fold/*/verified/0*.parquet")))
        assert program.poll() is None
        kill_with_workers(program)
        assert not (out / "stories.parquet").exists()
    finally:
        program.kill()
        program.wait()
    made = {one: one.stat().st_mtime_ns for one in verified}
    workspace = open_workspace(ROOT / "config", data)
    seen: list[dict[Path, int]] = []

    class Looking(SilentWatcher):
        def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
            if stage == "dedupe verify":
                seen.append({one: one.stat().st_mtime_ns for one in made})

    fold_large(workspace, [file], out, Looking(), workers=1, partition=PARTITION)
    assert seen
    assert seen[-1] == made  # not done again
    fold_files(workspace, [file], tmp_path / "small", SILENT)
    assert tables(out) == tables(tmp_path / "small")


@pytest.mark.parametrize("to_all", [False, True])
def test_a_large_fold_is_interrupted_in_one_line(tmp_path: Path, to_all: bool) -> None:
    """to_all: as a terminal sends Ctrl-C, to the workers, too."""
    file, out = write_world(tmp_path / "world.jsonl"), tmp_path / "out"
    folders = ["--config", str(ROOT / "config"), "--data", str(tmp_path / "data")]
    program = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", *folders, "fold", str(file), "--out", str(out), "--scheduler", "local"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        awaited(lambda: list(out.glob(".fold/**/read/0*")))
        workers = workers_of(program)
        os.killpg(program.pid, signal.SIGINT) if to_all else program.send_signal(signal.SIGINT)
        said = program.communicate(timeout=120)[1]
    finally:
        program.kill()
    assert (program.returncode, said) == (1, b"wirecopy: interrupted; the next run goes on from here\n")
    assert workers
    assert psutil.wait_procs(workers, timeout=30)[1] == []
