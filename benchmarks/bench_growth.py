"""How a fold grows with its input: CPU seconds and peak memory at several sizes, and the exponent between them.

    bench_growth.py [SIZES...] [--scheduler local]

On made-up articles of a news vocabulary (Zipf) with planted copies, at the same number of articles per day whatever the
size. Each fold is a `wirecopy fold` process of its own; with a scheduler the seconds are wall time, as the work is in
other processes.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.bench_fold import ROOT, write_documents

PER_DAY = 1_500


def fold(file: Path, out: Path, scheduler: str | None) -> tuple[float, float]:
    """Seconds and GB."""
    command = [sys.executable, "-m", "app.cli.main", "fold", str(file), "--out", str(out)]
    command += ["--scheduler", scheduler] if scheduler else []
    begun = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ | {"PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit("the fold failed")
    seconds = time.monotonic() - begun if scheduler else usage.ru_utime + usage.ru_stime
    return seconds, usage.ru_maxrss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[2_500, 10_000, 40_000])
    parser.add_argument("--scheduler")
    arguments = parser.parse_args()
    took: list[tuple[int, float]] = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
            file = Path(folder, "articles.jsonl")
            write_documents(file, size, days=size / PER_DAY)
            seconds, peak = fold(file, Path(folder, "out"), arguments.scheduler)
        took.append((size, seconds))
        print(f"{size:9,} articles {seconds:8.1f} s {seconds / size * 1000:6.2f} ms/article {peak:5.2f} GB", flush=True)
    for (few, short), (many, long) in pairwise(took):
        print(f"{few:,} to {many:,}: exponent {math.log(long / short) / math.log(many / few):.2f}")


if __name__ == "__main__":
    main()
