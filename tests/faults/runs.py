"""Runs with faults from a test's side: orders to the zygote, and what a data folder came to."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
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

    @property
    def last_lines(self) -> list[str]:
        """What it said, without empty lines."""
        return [line for line in self.output.splitlines() if line.strip()]


class Zygote:
    """The process that forks runs."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._number = process, folder, 0

    def run(self, data: Path, config: Path, *command: str, at: int = 0, kind: str = "kill") -> Ended:
        """One command, with a fault at a point (0: none)."""
        self._number += 1
        counter, log = self._folder / f"{self._number}.counter", self._folder / f"{self._number}.log"
        arguments = ["--config", str(config), "--data", str(data), *command]
        order = {"arguments": arguments, "root": str(data), "counter": str(counter)}
        order |= {"at": at, "kind": kind, "log": str(log)}  # type: ignore[dict-item]
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the zygote has no pipes")
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        output = log.read_text(encoding="utf-8", errors="replace")
        return Ended(answer["code"], answer["left"], output, points(counter))


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


def partition(rows: Rows) -> set[frozenset[str]]:
    """The articles of each story."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        members[row["story_id"]].add(row["article_id"])
    return {frozenset(one) for one in members.values()}


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
    """A fresh copy of a data folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(data, target)
    return target
