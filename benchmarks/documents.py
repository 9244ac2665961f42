"""Documents for benchmarks: of an articles file, or made up."""

from __future__ import annotations

import gzip
import json
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path


def read_bodies(path: Path, count: int) -> list[str]:
    """Bodies of the first articles of a JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line)["body"] for _, line in zip(range(count), lines, strict=False)]


def write_bodies(count: int, seed: int = 1) -> list[str]:
    """The articles of make_bodies."""
    return list(make_bodies(count, seed))


def make_bodies(count: int, seed: int = 1) -> Iterator[str]:
    """Made-up articles of 280 words on average with words as frequent as in news (Zipf), a third of them copies."""
    dice = random.Random(seed)
    letters = "ابتجحدرسشصطعفقكلمنهوي"
    vocabulary = ["".join(dice.choice(letters) for _ in range(dice.randint(2, 8))) for _ in range(60_000)]
    recent: deque[str] = deque(maxlen=200)
    for _ in range(count):
        if recent and dice.random() < 1 / 3:
            words = dice.choice(recent).split()
            body = " ".join(words[: dice.randint(len(words) // 2, len(words))])
        else:
            length = dice.randint(80, 480)
            body = " ".join(vocabulary[int(60_000 ** dice.random()) - 1] for _ in range(length))
        recent.append(body)
        yield body
