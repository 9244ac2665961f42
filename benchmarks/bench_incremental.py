"""What 1,000 new articles cost `wirecopy dedupe`, at several sizes of the catalog: CPU seconds and peak memory.

    bench_incremental.py [SIZES...] [--catalog FOLDER] [--bulk] [--figures FILE]

On made-up articles of a news vocabulary (Zipf) with planted copies, at the same number of articles per day whatever the
size. One catalog grows from size to size in batches, as it does in use; at each size 1,000 articles are ingested and a
`wirecopy dedupe` process of its own is measured. With --catalog the folder is kept and gone on with.

With --bulk what lies further back than the publication window reaches is not ingested and folded but put there as rows:
articles with recurring texts, their signatures, a story each. It has no pairs, no links and no words in the search. So
`10000 1000000 --bulk` takes 5 minutes. With --figures what was measured is added to a JSON file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.documents import make_bodies
from flows.workspace import open_workspace
from pipeline.catalog.articles import register_named_outlets
from pipeline.catalog.engine import writing
from pipeline.catalog.folds import store_signatures
from pipeline.catalog.rows import article_row, story_row
from pipeline.catalog.tables import articles, stories
from pipeline.catalog.upsert import upsert
from pipeline.dedupe.incremental import sign_articles
from pipeline.dedupe.stories import make_story, new_story_id
from pipeline.inputs.records_in import to_article

ROOT = Path(__file__).parents[1]
START = datetime(2024, 1, 1, tzinfo=UTC)
PER_DAY = 1_500
NEW = 1_000
BATCH = 10_000
RECENT = 2 * BATCH  # articles before each size that are ingested and folded whatever: 13 days


def make_rows(count: int, first: int = 0) -> Iterator[str]:
    """Articles as lines of an articles file, in the order of time."""
    step = timedelta(days=1) / PER_DAY
    for number, body in enumerate(make_bodies(count - first, seed=first + 1), first):
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


def fill(data: Path, first: int, last: int) -> None:
    """Put articles first to last into the catalog as rows."""
    workspace = open_workspace(ROOT / "config", data)
    rows = (to_article(json.loads(line), datetime.now(UTC)) for line in make_rows(BATCH))
    pool = [replace(one, headline=None) for one in rows]
    signed = sign_articles(pool, workspace.settings.dedupe, {})
    with writing(workspace.engine) as connection:
        register_named_outlets(connection, [f"o{number}" for number in range(12)])
    step, then = timedelta(days=1) / PER_DAY, datetime.now(UTC)
    for start in range(first, last, BATCH):
        numbers = range(start, min(start + BATCH, last))
        some = [
            replace(pool[number % BATCH], article_id=f"a{number:08d}", published_at=START + number * step)
            for number in numbers
        ]
        stories_of = [make_story(new_story_id(one), [one]) for one in some]
        state = {"status": "published", "folded_at": then}
        kept = [
            {**article_row(one), **state, "window_at": one.published_at, "story_id": story.story_id}
            for one, story in zip(some, stories_of, strict=True)
        ]
        with writing(workspace.engine) as connection:
            connection.execute(articles.insert(), kept)
            upsert(connection, stories, [story_row(one) for one in stories_of])
            store_signatures(
                connection,
                [replace(signed[n % BATCH], article_id=o.article_id) for n, o in zip(numbers, some, strict=True)],
            )


def measure(data: Path, sizes: list[int], bulk: bool) -> Iterator[dict[str, Any]]:
    """Grow the catalog to each size and measure an increment there."""
    done = data / "articles"
    held = int(done.read_text()) if done.exists() else 0
    rows = make_rows(max(sizes) + NEW, held)
    base = 0.0
    for size in sizes:
        if bulk and held < size - RECENT:
            fill(data, held, size - RECENT)
            held = size - RECENT
            rows = make_rows(max(sizes) + NEW, held)
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
        yield {"articles": size, "cpu_seconds": round(seconds, 1), "peak_gb": round(peak, 2), "bulk": bulk}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 30_000, 100_000, 300_000])
    parser.add_argument("--catalog", type=Path)
    parser.add_argument("--bulk", action="store_true")
    parser.add_argument("--figures", type=Path, help="JSON file to add to")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-incremental-") as scratch:
        folder = arguments.catalog or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        figures = list(measure(folder, sorted(arguments.sizes), arguments.bulk))
    if arguments.figures is not None:
        known = json.loads(arguments.figures.read_text()) if arguments.figures.exists() else []
        arguments.figures.write_text(json.dumps([*known, *figures], indent=1) + "\n")


if __name__ == "__main__":
    main()
