"""What 1,000 new articles cost `wirecopy dedupe`, at several sizes of the catalog: CPU seconds and peak memory.

    bench_incremental.py [SIZES...] [--catalog FOLDER]

On made-up articles of a news vocabulary (Zipf) with planted copies, at the same number of articles per day whatever the
size. One catalog grows from size to size in batches, as it does in use; at each size 1,000 articles are ingested and a
`wirecopy dedupe` process of its own is measured. With --catalog the folder is kept and gone on with.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.documents import make_bodies

ROOT = Path(__file__).parents[1]
START = datetime(2026, 1, 1, tzinfo=UTC)
PER_DAY = 1_500
NEW = 1_000
BATCH = 10_000


def make_rows(count: int) -> Iterator[str]:
    """Articles as lines of an articles file, in the order of time."""
    step = timedelta(days=1) / PER_DAY
    for number, body in enumerate(make_bodies(count)):
        published = (START + number * step).isoformat()
        row = {"article_id": f"a{number:08d}", "outlet_id": f"o{number % 12}", "headline": body[:60], "body": body}
        yield json.dumps(row | {"published_at": published}, ensure_ascii=False)


def run(data: Path, *command: str) -> tuple[float, float]:
    """CPU seconds and peak GB of a wirecopy command."""
    line = [sys.executable, "-m", "app.cli.main", "--data", str(data), *command]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(line[0], line, os.environ | {"PYTHONPATH": str(ROOT)}, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def add(data: Path, rows: Iterator[str], count: int) -> tuple[float, float]:
    """Ingest and fold so many articles; what the fold took."""
    file = data / "batch.jsonl"
    file.write_text("\n".join(islice(rows, count)) + "\n", encoding="utf-8")
    run(data, "ingest", str(file))
    return run(data, "dedupe")


def measure(data: Path, sizes: list[int]) -> None:
    """Grow the catalog to each size and measure an increment there."""
    done = data / "articles"
    held = int(done.read_text()) if done.exists() else 0
    rows = make_rows(max(sizes) + NEW)
    for _ in islice(rows, held):
        pass
    base = 0.0
    for size in sizes:
        while held < size:
            count = min(BATCH, size - held)
            add(data, rows, count)
            held += count
            done.write_text(str(held))
        seconds, peak = add(data, rows, NEW)
        held += NEW
        done.write_text(str(held))
        base = base or seconds
        print(f"{size:9,} articles {seconds:6.1f} s  {seconds / base:4.2f} x  {peak:5.2f} GB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 30_000, 100_000, 300_000])
    parser.add_argument("--catalog", type=Path)
    arguments = parser.parse_args()
    if arguments.catalog is not None:
        arguments.catalog.mkdir(parents=True, exist_ok=True)
        measure(arguments.catalog, sorted(arguments.sizes))
        return
    with tempfile.TemporaryDirectory(prefix="bench-incremental-") as folder:
        measure(Path(folder), sorted(arguments.sizes))


if __name__ == "__main__":
    main()
