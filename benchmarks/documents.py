"""Documents for benchmarks: of an articles file, or made up."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path


def read_bodies(path: Path, count: int) -> list[str]:
    """Bodies of the first articles of a JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line)["body"] for _, line in zip(range(count), lines, strict=False)]


def write_bodies(count: int, seed: int = 1) -> list[str]:
    """Made-up articles of 280 words on average with words as frequent as in news (Zipf), a third of them copies."""
    dice = random.Random(seed)
    letters = "ابتجحدرسشصطعفقكلمنهوي"
    vocabulary = ["".join(dice.choice(letters) for _ in range(dice.randint(2, 8))) for _ in range(60_000)]
    bodies: list[str] = []
    for _ in range(count):
        if bodies and dice.random() < 1 / 3:
            words = dice.choice(bodies[-200:]).split()
            cut = words[: dice.randint(len(words) // 2, len(words))]
            bodies.append(" ".join(cut))
            continue
        length = dice.randint(80, 480)
        bodies.append(" ".join(vocabulary[int(60_000 ** dice.random()) - 1] for _ in range(length)))
    return bodies
