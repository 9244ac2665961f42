"""Runs with faults from a test's side: orders to the zygote, and what a data folder came to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.faults.inject import points

ROOT = Path(__file__).resolve().parents[2]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; code None: it hung and was killed."""

    code: int | None
    left: list[int]  # processes that outlived it
    output: str
    points: list[str]
    struck: str = ""  # what a kill at a time hit: run, child, or nothing, because the run was over

    @property
    def complaints(self) -> list[str]:
        """What it told the user when it failed."""
        return [line for line in self.output.splitlines() if line.startswith("wirecopy:")]

    @property
    def failed_stages(self) -> list[str]:
        """Lines of the run's report that say what failed."""
        lines = [line for line in self.output.splitlines() if not line.startswith("run ")]
        return [line for line in lines if " failed " in f"{line} "]


class Zygote:
    """The process that forks runs."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._number = process, folder, 0

    def run(
        self,
        data: Path,
        config: Path,
        *command: str,
        at: int = 0,
        kind: str = "kill",
        largest_file: int = 0,
        kill_after: float | None = None,
        victim: str = "run",
    ) -> Ended:
        """One command, with a fault at a point (0: none), files that cannot grow beyond a size, or a kill at a time."""
        self._number += 1
        counter, log = self._folder / f"{self._number}.counter", self._folder / f"{self._number}.log"
        arguments = ["--config", str(config), "--data", str(data), *command]
        order: dict[str, Any] = {"arguments": arguments, "root": str(data), "counter": str(counter), "log": str(log)}
        order |= {"at": at, "kind": kind, "largest_file": largest_file, "kill_after": kill_after, "victim": victim}
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the zygote has no pipes")
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        output = log.read_text(encoding="utf-8", errors="replace")
        return Ended(answer["code"], answer["left"], output, points(counter), answer["struck"])


@contextmanager
def zygote(folder: Path) -> Iterator[Zygote]:
    """A zygote that keeps its logs in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment |= {"ARROW_DEFAULT_MEMORY_POOL": "system", "WIRECOPY_CONFIG": "", "COLUMNS": "300"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
        text=True,
    )
    try:
        if process.stdout is None or "ready" not in process.stdout.readline():
            raise RuntimeError("the zygote did not start")
        yield Zygote(process, folder)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        if process.stdout is not None:
            process.stdout.close()
        process.wait(30)


# Columns that tell when something happened here, not what was found.
WHEN = {"fetched_at"}
CATALOG = {
    "articles": "SELECT article_id, version, outlet_id, url, headline, byline, published_at, body, status, story_id"
    " FROM articles ORDER BY 1",
    "versions": "SELECT article_id, version, body FROM article_versions ORDER BY 1, 2",
    "stories": "SELECT story_id, origin_article_id, article_count, outlet_count FROM stories ORDER BY 1",
    "links": "SELECT article_id, origin_article_id, story_id, relation, jaccard, credit_status, spans"
    " FROM links ORDER BY 1, 2",
    "rejections": "SELECT DISTINCT outlet_id, url, stage, reason, quarantined FROM rejections ORDER BY 1, 2, 3, 4",
    "ledger": "SELECT outlet_id, url_key, kind, state, status, attempts FROM urls ORDER BY 1, 2",
    "waiting": "SELECT capture_id FROM captures WHERE extracted = 'pending'",
}


def outcome(data: Path) -> dict[str, Any]:
    """All that a run came to, but times and random ids: equal for runs that came to the same."""
    with sqlite3.connect(f"file:{data / 'catalog.sqlite'}?mode=ro", uri=True) as connection:
        found: dict[str, Any] = {name: connection.execute(query).fetchall() for name, query in CATALOG.items()}
    connection.close()
    version = json.loads((data / "releases/latest.json").read_text())["version"]
    for name in ("articles", "stories", "copies"):
        rows = pq.read_table(data / "releases" / version / f"{name}.parquet").to_pylist()
        found[f"release {name}"] = [{key: row[key] for key in row if key not in WHEN} for row in rows]
    return found


def unnamed(found: dict[str, Any]) -> dict[str, Any]:
    """An outcome with every story called after its first article: a story's id tells which of them came first."""
    first: dict[str, str] = {}
    for row in sorted(found["release articles"], key=lambda row: str(row["article_id"])):
        first.setdefault(row["story_id"], f"story of {row['article_id']}")
    return {name: sorted((_called(row, first) for row in rows), key=repr) for name, rows in found.items()}


def _called(row: Any, names: dict[str, str]) -> Any:
    if isinstance(row, dict):
        return {key: names.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
    return tuple(names.get(value, value) if isinstance(value, str) else value for value in row)


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """The parts in which two outcomes differ, with the first difference of each."""
    told = []
    for name, value in wanted.items():
        if found[name] != value:
            here = [row for row in found[name] if row not in value][:2]
            there = [row for row in value if row not in found[name]][:2]
            told.append(f"{name}: {len(found[name])} not {len(value)}; only here {here}; only there {there}")
    return told


def copy_of(data: Path, target: Path) -> Path:
    """A fresh copy of a data folder; an empty place where there is none."""
    shutil.rmtree(target, ignore_errors=True)
    if data.exists():
        shutil.copytree(data, target)
    return target


class ReleaseReader(threading.Thread):
    """Reads the latest release over and over, as somebody's notebook would, and notes whatever is not whole."""

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self.problems: list[str] = []
        self.reads = 0
        self._folder, self._done = data / "releases", threading.Event()

    def __enter__(self) -> ReleaseReader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Until the block ends."""
        while not self._done.wait(0.02):
            try:
                self._read()
            except (OSError, ValueError, KeyError) as error:
                self.problems.append(f"the reader saw {type(error).__name__}: {error}")

    def _read(self) -> None:
        try:
            version = json.loads((self._folder / "latest.json").read_bytes())["version"]
        except FileNotFoundError:
            return  # no release yet
        manifest = json.loads((self._folder / version / "manifest.json").read_bytes())
        for name, stated in manifest["files"].items():
            if hashlib.sha256((self._folder / version / name).read_bytes()).hexdigest() != stated["sha256"]:
                self.problems.append(f"the reader saw {version}/{name} with other bytes than its manifest says")
        self.reads += 1


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault comes into: a data folder to begin with (it may not be there) and what a whole run makes of it."""

    start: Path
    config: Path
    wanted: dict[str, Any]
    count: int  # points of the undisturbed run


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one fault. reached: the run came to the point at all."""

    reached: bool
    point: str
    problems: list[str]
    complaint: str


def play(runner: Zygote, start: Path, config: Path, data: Path) -> Scene:
    """The undisturbed run from a start, in a folder of its own."""
    copy_of(start, data)
    ended = runner.run(data, config, "run")
    if ended.code != 0:
        raise RuntimeError(ended.output)
    return Scene(start, config, outcome(data), len(ended.points))


def survive(runner: Zygote, scene: Scene, data: Path, at: int, kind: str) -> Trial:
    """A run with a fault, a run without: what differs from the undisturbed run, and whatever else is wrong."""
    copy_of(scene.start, data)
    with ReleaseReader(data) as reader:
        broken = runner.run(data, scene.config, "run", at=at, kind=kind)
        if len(broken.points) < at:
            return Trial(False, "", [], "")
        again = runner.run(data, scene.config, "run")
    problems = [*_wrong_end(broken, kind), *dict.fromkeys(reader.problems)]
    if again.code != 0:
        problems.append(f"the run after it: {again.output}")
    # Where only one process dies, the rest of its run goes on and may fold the copies of a report before it.
    seen_as = unnamed if kind in ("kill-one", "nospace-once") else dict
    try:
        problems += differences(seen_as(scene.wanted), seen_as(outcome(data)))
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        problems.append(f"nothing to compare: {error!r}")
    examined = runner.run(data, scene.config, "doctor")
    if examined.code != 0 or "everything is in order" not in examined.output:
        problems.append(f"doctor: {examined.output}")
    return Trial(True, broken.points[at - 1].strip(), problems, "; ".join(broken.complaints))


def _wrong_end(ended: Ended, kind: str) -> Iterator[str]:
    if ended.code is None:
        yield "the run hung"
    if ended.left:
        yield f"processes outlived the run: {ended.left}"
    if "Traceback" in ended.output:
        yield f"a traceback: {ended.output[-2000:]}"
    expected = {"kill": (-signal.SIGKILL,), "kill-one": (-signal.SIGKILL, 0, 1)}.get(kind, (0, 1))
    if ended.code not in expected:
        yield f"exit code {ended.code}: {ended.output}"
    if ended.code == 1 and kind.startswith("nospace"):
        said = [*ended.complaints, *ended.failed_stages]
        if len(ended.complaints) > 1 or not said or not all("no space left" in one.lower() for one in said):
            yield f"no clear line: {ended.output}"
