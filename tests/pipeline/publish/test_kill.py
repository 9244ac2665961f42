"""Killed at every write, sync, rename and deletion in turn: what a reader can name is whole, and a rerun completes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.publish.reading import check_release, latest_version, read_release
from pipeline.storage import Storage

# A child per point; it dies as from SIGKILL: no handler runs, nothing is cleaned up.
PROGRAM = """
import os, pathlib, sys
from datetime import timedelta
from pipeline.publish.release import publish_release, write_tables
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content

what, root, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = 0

def counted(real):
    def call(*given, **more):
        global calls
        calls += 1
        if calls == at:
            os._exit(137)
        return real(*given, **more)
    return call

os.fsync, os.rename, os.unlink = counted(os.fsync), counted(os.rename), counted(os.unlink)
for name in ("replace", "rename", "unlink", "mkdir", "write_bytes", "chmod"):
    setattr(pathlib.Path, name, counted(getattr(pathlib.Path, name)))
if what == "publish":
    publish_release(Storage(root), content(), version="v2", published_at=NOON + timedelta(days=1))
else:
    write_tables(pathlib.Path(root), content(), version="v2", published_at=NOON + timedelta(days=1))
print(calls)
"""


def run(what: str, root: str, at: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, what, root, str(at)], check=False, capture_output=True, text=True
    )
    assert done.returncode in (0, 137), done.stderr
    return done.returncode


@pytest.mark.timeout(600)
def test_a_publish_killed_at_any_point_leaves_whole_releases_only(published: Storage) -> None:
    killed = 0
    for at in range(1, 200):
        if run("publish", published.root, at) == 0:
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


@pytest.mark.timeout(600)
def test_a_fold_killed_at_any_point_leaves_a_whole_folder_or_none(tmp_path: Path) -> None:
    killed = 0
    for at in range(1, 200):
        out = tmp_path / f"out-{at}"
        code = run("fold", str(out), at)
        storage = Storage(out)
        if storage.exists("manifest.json"):
            assert check_release(storage) == []
        if code == 0:
            break
        killed += 1
    assert killed >= 12
    assert read_release(Storage(out)).version == "v2"
