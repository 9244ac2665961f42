"""Killed at every write, sync, rename and deletion in turn: what a reader can name is whole, and a rerun completes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.publish.reading import check_release, latest_version, read_release
from pipeline.storage import Storage

# Imports once, then forks a child per line of its input. A child dies as from SIGKILL: no handler runs, nothing is
# cleaned up.
PROGRAM = """
import os, pathlib, sys
import pandas  # pyarrow would import it in every child
from datetime import timedelta
from pipeline.publish.release import publish_release, write_tables
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content

LATER = NOON + timedelta(days=1)

def work(what, root, at):
    calls = 0
    def counted(real):
        def call(*given, **more):
            nonlocal calls
            calls += 1
            if calls == at:
                os._exit(137)
            return real(*given, **more)
        return call
    os.fsync, os.rename, os.unlink = counted(os.fsync), counted(os.rename), counted(os.unlink)
    for name in ("replace", "rename", "unlink", "mkdir", "write_bytes", "chmod"):
        setattr(pathlib.Path, name, counted(getattr(pathlib.Path, name)))
    if what == "publish":
        publish_release(Storage(root), content(), version="v2", published_at=LATER)
    else:
        write_tables(pathlib.Path(root), content(), version="v2", published_at=LATER)

for line in sys.stdin:
    what, at, root = line.rstrip().split(" ", 2)
    child = os.fork()
    if child == 0:
        work(what, root, int(at))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Run = Callable[[str, int, str], int]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Do `publish` or `fold` into a folder, killed at the n-th call; the exit code tells whether it got so far."""
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def ask(what: str, at: int, root: str) -> int:
            print(what, at, root, file=server.stdin, flush=True)
            code = int(server.stdout.readline())  # type: ignore[union-attr]  # asserted above
            assert code in (0, 137)
            return code

        yield ask
        server.stdin.close()


def test_a_publish_killed_at_any_point_leaves_whole_releases_only(published: Storage, run: Run) -> None:
    killed = 0
    for at in range(1, 200):
        if run("publish", at, published.root) == 0:
            break
        killed += 1
        assert check_release(published) == []
        assert latest_version(published) in ("v1", "v2")
        folders = {path.split("/")[1] for path in published.list("releases")} - {"latest.json"}
        assert all(check_release(published, folder) == [] for folder in folders)
        if "v2" in folders:  # from here on the release is in place: start from the state before it again
            for path in published.list("releases/v2"):
                published.delete(path)
            published.local_path("releases/v2").rmdir()
            published.write_bytes("releases/latest.json", b'{"version": "v1"}')
    assert killed >= 12
    assert latest_version(published) == "v2"
    assert check_release(published) == []
    assert sorted(one.name for one in Path(published.root).iterdir()) == ["releases"]


def test_a_fold_killed_at_any_point_leaves_a_whole_folder_or_none(tmp_path: Path, run: Run) -> None:
    killed = 0
    for at in range(1, 200):
        out = tmp_path / f"out-{at}"
        code = run("fold", at, str(out))
        storage = Storage(out)
        if storage.exists("manifest.json"):
            assert check_release(storage) == []
        if code == 0:
            break
        killed += 1
    assert killed >= 12
    assert read_release(Storage(out)).version == "v2"
