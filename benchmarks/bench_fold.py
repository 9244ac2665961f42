"""Fold an articles file, in CPU seconds and peak memory, beside a plain datasketch script on the same file.

    bench_fold.py [ARTICLES.jsonl[.gz]] [--documents N]

Each runs in a process of its own. The datasketch script finds candidate pairs only (word 3-grams, 256 permutations, 128
bands); the fold verifies them and writes stories, links and passages besides. Without a file on made-up text.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from pathlib import Path

from benchmarks.documents import read_bodies, write_bodies

START = datetime(2026, 1, 1, tzinfo=UTC)
Result = tuple[str, float, float, str]


def load(path: Path | None, documents: int) -> list[str]:
    return read_bodies(path, documents) if path else write_bodies(documents)


def plain_datasketch(bodies: list[str]) -> str:
    from datasketch import MinHash, MinHashLSH

    word = re.compile(r"\w+")
    index = MinHashLSH(num_perm=256, params=(128, 2))
    pairs = 0
    for number, body in enumerate(bodies):
        words = word.findall(body)
        sketch = MinHash(num_perm=256)
        sketch.update_batch({" ".join(words[at : at + 3]).encode() for at in range(max(len(words) - 2, 0))})
        pairs += len(index.query(sketch))
        index.insert(number, sketch)
    return f"{pairs} candidates"


def wirecopy_fold(bodies: list[str]) -> str:
    from pipeline.dedupe.fold import fold
    from pipeline.records import Article
    from pipeline.settings import Dedupe

    step = timedelta(days=20) / max(len(bodies), 1)
    articles = [
        Article(f"a{n}", f"o{n % 12}", "", body, None, published_at=START + n * step) for n, body in enumerate(bodies)
    ]
    outcome = fold(articles, Dedupe())
    return f"{len(outcome.stories)} stories, {len(outcome.links)} links"


def measure(run: Callable[[list[str]], str], path: Path | None, documents: int, results: Queue[Result]) -> None:
    bodies = load(path, documents)
    begun = time.process_time()
    found = run(bodies)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    results.put((run.__name__, time.process_time() - begun, peak, found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--documents", type=int, default=5_000)
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    base = 0.0
    for run in (plain_datasketch, wirecopy_fold):
        results: Queue[Result] = context.Queue()
        child = context.Process(target=measure, args=(run, arguments.file, arguments.documents, results))
        child.start()
        name, seconds, peak, found = results.get()
        child.join()
        base = base or seconds
        print(f"{name:18} {seconds:7.1f} s  {seconds / base:4.2f} x  {peak:5.2f} GB  {found}")


if __name__ == "__main__":
    main()
