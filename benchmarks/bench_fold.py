"""`wirecopy fold` of an articles file, in CPU seconds and peak memory, beside a plain datasketch script on the same.

    bench_fold.py [ARTICLES.jsonl[.gz]] [--documents N]

Each is a process of its own, from its start to its end. The plain script knows no credits, links or passages: word
3-grams, 128 permutations, MinHashLSH at an estimated Jaccard of .5, connected components. Without a file on made-up
text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.documents import write_bodies

ROOT = Path(__file__).parents[1]
START = datetime(2026, 1, 1, tzinfo=UTC)


def plain_datasketch(path: Path) -> None:
    from datasketch import MinHash, MinHashLSH

    word = re.compile(r"\w+")
    index = MinHashLSH(threshold=0.5, num_perm=128)
    parent: dict[int, int] = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            words = word.findall(json.loads(line)["body"] or "")
            sketch = MinHash(num_perm=128)
            sketch.update_batch([" ".join(words[at : at + 3]).encode() for at in range(max(len(words) - 2, 0))])
            for other in index.query(sketch):
                parent[root(parent, number)] = root(parent, other)
            root(parent, number)
            index.insert(number, sketch)
    print(f"{len({root(parent, number) for number in parent})} groups")


def root(parent: dict[int, int], number: int) -> int:
    while parent.setdefault(number, number) != number:
        parent[number] = number = parent[parent[number]]
    return number


def write_documents(path: Path, documents: int, days: float = 20) -> None:
    step = timedelta(days=days) / max(documents, 1)
    with path.open("w", encoding="utf-8") as target:
        for number, body in enumerate(write_bodies(documents)):
            published = (START + number * step).isoformat()
            row = {"article_id": str(number), "outlet_id": f"o{number % 12}", "body": body, "published_at": published}
            target.write(json.dumps(row, ensure_ascii=False) + "\n")


def measure(name: str, command: list[str], base: float) -> float:
    """Run a command, print what it took, return its CPU seconds."""
    child = os.posix_spawn(command[0], command, os.environ | {"PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{name} failed")
    seconds = usage.ru_utime + usage.ru_stime
    print(f"{name:18} {seconds:7.1f} s CPU  {seconds / (base or seconds):4.2f} x  {usage.ru_maxrss / 1e6:5.2f} GB peak")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plain:
        plain_datasketch(arguments.file)
        return
    with tempfile.TemporaryDirectory(prefix="bench-fold-") as folder:
        file = arguments.file or Path(folder, "made-up.jsonl")
        if arguments.file is None:
            write_documents(file, arguments.documents)
        plain = [sys.executable, "-m", "benchmarks.bench_fold", "--plain", str(file)]
        ours = [sys.executable, "-m", "app.cli.main", "fold", str(file), "--out", str(Path(folder, "out"))]
        base = measure("plain datasketch", plain, 0.0)
        measure("wirecopy fold", ours, base)


if __name__ == "__main__":
    main()
