"""How a fold grows with its input: CPU seconds, peak memory of the largest process, and whether its stories are right.

    bench_growth.py [SIZES...] [--scheduler local] [--keep FOLDER] [--figures FILE]
    bench_growth.py SIZES... --workers 1 2 [--keep FOLDER]

On made-up articles with planted copies (benchmarks/synthetic.py). Each fold is a `wirecopy fold` process of its own;
CPU seconds are those of all its processes. With --figures what was measured is added to a JSON file. With --workers
each size is folded on Dask clusters of so many workers, one after the other, and only the time that passes is told.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow.parquet as pq

from benchmarks.synthetic import write_articles
from flows.fold_cluster import LOCAL, cluster

ROOT = Path(__file__).parents[1]
TICK = 0.5  # seconds between looks at the memory


def fold(file: Path, out: Path, scheduler: str | None) -> dict[str, Any]:
    """What a fold took."""
    command = [sys.executable, "-m", "app.cli.main", "fold", str(file), "--out", str(out)]
    command += ["--scheduler", scheduler] if scheduler else []
    begun = time.monotonic()
    child = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)})
    peaks: dict[int, int] = {}
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        _look(child.pid, peaks)
        time.sleep(TICK)
    child.returncode = status
    if status:
        raise SystemExit("the fold failed")
    own = peaks.pop(child.pid, 0)
    return {
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),  # with the workers, which it waits for
        "wall_seconds": round(time.monotonic() - begun, 1),
        "leader_gb": round(own / 1e9, 2),
        "worker_gb": round(max(peaks.values(), default=0) / 1e9, 2),
    }


def _look(pid: int, peaks: dict[int, int]) -> None:
    try:
        leader = psutil.Process(pid)
        for one in (leader, *leader.children(recursive=True)):
            peaks[one.pid] = max(peaks.get(one.pid, 0), one.memory_info().rss)
    except psutil.NoSuchProcess:
        return


def check(out: Path) -> dict[str, Any]:
    """The stories against what was planted."""
    table = pq.read_table(out / "articles.parquet", columns=["article_id", "story_id"])
    planted = [one.split("-")[0] for one in table["article_id"].to_pylist()]
    _, reports = np.unique(planted, return_inverse=True)
    _, stories = np.unique(table["story_id"].to_pylist(), return_inverse=True)
    both = reports.astype(np.int64) * (stories.max() + 1) + stories

    def pairs(labels: Any) -> int:
        _, sizes = np.unique(labels, return_counts=True)
        return int((sizes * (sizes - 1) // 2).sum())

    shared = pairs(both)
    return {
        "planted_stories": int(reports.max()) + 1,
        "found_stories": int(stories.max()) + 1,
        "precision": round(shared / max(pairs(stories), 1), 5),
        "recall": round(shared / max(pairs(reports), 1), 5),
    }


def measure(size: int, folder: Path, scheduler: str | None) -> dict[str, Any]:
    """One size: make the articles unless they are there, fold, check."""
    file = folder / f"articles-{size}.jsonl"
    if not file.exists():
        unfinished = file.with_suffix(".part")
        write_articles(unfinished, size)
        unfinished.rename(file)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        took = fold(file, Path(out), scheduler)
        return {"articles": size, "megabytes": round(file.stat().st_size / 1e6), **took, **check(Path(out))}


def compare(size: int, folder: Path, workers: list[int]) -> None:
    """One size on clusters of different sizes, those that `--scheduler local` has."""
    first = 0.0
    for count in workers:
        with cluster(LOCAL, count, folder) as client:
            took = measure(size, folder, client.scheduler.address)["wall_seconds"]
        first = first or took
        print(f"{size:,} articles, {count} workers: {took:.0f} s, {first / took:.2f} times as fast", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 30_000, 100_000])
    parser.add_argument("--scheduler")
    parser.add_argument("--workers", type=int, nargs="+", help="workers of clusters to compare")
    parser.add_argument("--keep", type=Path, help="folder for the articles, kept")
    parser.add_argument("--figures", type=Path, help="JSON file to add to")
    arguments = parser.parse_args()
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if arguments.workers:
            for size in arguments.sizes:
                compare(size, folder, arguments.workers)
            return
        for size in arguments.sizes:
            figures.append(measure(size, folder, arguments.scheduler))
            print(json.dumps(figures[-1]), flush=True)
            if arguments.figures is not None:
                known = json.loads(arguments.figures.read_text()) if arguments.figures.exists() else []
                arguments.figures.write_text(json.dumps([*known, figures[-1]], indent=1) + "\n")
    for few, many in pairwise(figures):
        grown = many["cpu_seconds"] / few["cpu_seconds"]
        exponent = math.log(grown) / math.log(many["articles"] / few["articles"])
        print(f"{few['articles']:,} to {many['articles']:,}: exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
