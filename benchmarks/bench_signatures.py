"""Text to MinHash signature, word 3-grams, as a multiple of datasketch's update loop, in one run.

    bench_signatures.py [ARTICLES.jsonl[.gz]] [--documents N] [--permutations N]

Without a file on synthetic text of a news vocabulary. Times are CPU seconds; the best of three rounds counts.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datasketch import MinHash
from rensa import RMinHash

from benchmarks.documents import read_bodies, write_bodies
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.texts import Texts

WORD = re.compile(r"\w+")


def shingle(body: str) -> list[bytes]:
    words = WORD.findall(body)
    return [" ".join(words[at : at + 3]).encode() for at in range(max(len(words) - 2, 0))]


def update_loop(bodies: Sequence[str], permutations: int) -> None:
    for body in bodies:
        sketch = MinHash(num_perm=permutations)
        for one in shingle(body):
            sketch.update(one)


def bulk(bodies: Sequence[str], permutations: int) -> None:
    MinHash.bulk([shingle(body) for body in bodies], num_perm=permutations)


def rensa(bodies: Sequence[str], permutations: int) -> None:
    for body in bodies:
        words = WORD.findall(body)
        sketch = RMinHash(num_perm=permutations, seed=1)
        sketch.update([" ".join(words[at : at + 3]) for at in range(max(len(words) - 2, 0))])
        sketch.digest()


def wirecopy(bodies: Sequence[str], permutations: int) -> None:
    sign(Texts(bodies), permutations)


def best(run: Callable[[Sequence[str], int], None], bodies: Sequence[str], permutations: int, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        run(bodies, permutations)
        times.append(time.process_time() - begun)
    return min(times) / len(bodies)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--documents", type=int, default=4_000)
    parser.add_argument("--permutations", type=int, default=256)
    arguments = parser.parse_args()
    bodies = read_bodies(arguments.file, arguments.documents) if arguments.file else write_bodies(arguments.documents)
    few = bodies[: max(len(bodies) // 20, 1)]
    base = best(update_loop, few, arguments.permutations, 1)
    print(f"{'datasketch update':20} {base * 1000:8.3f} ms/document  1.0 x")
    for run, some in ((bulk, few), (rensa, bodies), (wirecopy, bodies)):
        took = best(run, some, arguments.permutations, 3)
        print(f"{run.__name__:20} {took * 1000:8.3f} ms/document  {base / took:.1f} x")


if __name__ == "__main__":
    main()
