"""Made-up wire reports and their copies at any number, in the order of time, with what was planted in their ids.

Words are as frequent as in news (Zipf), lengths log-normal around 230 words. Every report comes from an agency's
page; three in ten are run by others within two days: word for word, with a few words changed, cut, extended, or sent
again by the agency with a new lead. One report in twenty holds a paragraph of an earlier one, which makes it no copy.
A day brings 1,500 articles whatever the number, so that the publication window bounds the work, as in life.

An id is `r<report>-<n>`: articles of one report are one story. `bench_growth` checks the stories by it.
"""

from __future__ import annotations

import heapq
import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2020, 1, 1, tzinfo=UTC)
PER_DAY = 1_500
AGENCY = "aa-ar"  # of the bundled configuration: an agency's own pages
OUTLETS = 40
_WORDS = 60_000
_LETTERS = "ابتجحدرسشصطعفقكلمنهوي"
_COPIED, _ONE_MORE, _REUSING = 0.3, 0.65, 0.05
_PER_REPORT = 1 + _COPIED / (1 - _ONE_MORE)  # articles
_KINDS = ("exact", "near", "abridged", "extended", "update")
_OFTEN = (0.3, 0.25, 0.2, 0.15, 0.1)
Paragraphs = list[list[str]]


class Newsroom:
    """Writes reports and copies."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = np.random.default_rng(seed)
        lengths = self.dice.integers(2, 9, _WORDS)
        letters = np.array(list(_LETTERS))
        self._vocabulary = np.array(["".join(self.dice.choice(letters, size)) for size in lengths], object)
        self._printed: deque[Paragraphs] = deque(maxlen=300)

    def words(self, count: int) -> list[str]:
        """Words of a news vocabulary."""
        found: list[str] = self._vocabulary[(_WORDS ** self.dice.random(count)).astype(int) - 1].tolist()
        return found

    def paragraphs(self, words: int) -> Paragraphs:
        """Text of so many words, some 35 a paragraph."""
        text = self.words(words)
        return [text[at : at + 35] for at in range(0, len(text), 35)]

    def report(self) -> Paragraphs:
        """A new report."""
        text = self.paragraphs(int(np.clip(self.dice.lognormal(np.log(230), 0.6), 70, 1_500)))
        if self._printed and self.dice.random() < _REUSING:
            text.append(self._printed[self.dice.integers(len(self._printed))][0])
        self._printed.append(text)
        return text

    def copy(self, text: Paragraphs, kind: str) -> Paragraphs:
        """A copy of a report, of one of the kinds."""
        if kind == "near":
            return [self._retouched(some) for some in text]
        if kind == "abridged":
            return text[: max(1, -(-len(text) * int(self.dice.integers(5, 9)) // 10))]
        if kind == "extended":
            return text + self.paragraphs(max(30, int(sum(map(len, text)) * self.dice.uniform(0.2, 0.5))))
        return [self.words(25), *text] if kind == "update" else text

    def _retouched(self, some: list[str]) -> list[str]:
        changed = np.flatnonzero(self.dice.random(len(some)) < 0.03).tolist()
        found = some.copy()
        for place, word in zip(changed, self.words(len(changed)), strict=True):
            found[place] = word
        return found


def make_articles(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Rows of an articles file, in the order of time."""
    room = Newsroom(seed)
    waiting: list[tuple[float, str, str, str, Paragraphs]] = []
    day, report, made = 0.0, 0, 0
    while made < count:
        day += room.dice.exponential(_PER_REPORT / PER_DAY)
        text, headline = room.report(), " ".join(room.words(9))
        heapq.heappush(waiting, (day, f"r{report:07d}-0", AGENCY, headline, text))
        copies = int(room.dice.geometric(1 - _ONE_MORE)) if room.dice.random() < _COPIED else 0
        for number in range(1, copies + 1):
            kind = str(room.dice.choice(_KINDS, p=_OFTEN))
            outlet = AGENCY if kind == "update" else f"outlet-{room.dice.integers(OUTLETS)}"
            when = day + room.dice.uniform(0.01, 2)
            heapq.heappush(waiting, (when, f"r{report:07d}-{number}", outlet, headline, room.copy(text, kind)))
        report += 1
        while waiting and waiting[0][0] <= day and made < count:
            yield _row(*heapq.heappop(waiting))
            made += 1


def write_articles(path: Path, count: int, seed: int = 1) -> None:
    """An articles file of so many rows."""
    with path.open("w", encoding="utf-8") as target:
        for row in make_articles(count, seed):
            target.write(json.dumps(row, ensure_ascii=False) + "\n")


def _row(day: float, article_id: str, outlet_id: str, headline: str, text: Paragraphs) -> dict[str, str]:
    body = "\n".join(" ".join(some) + "." for some in text)
    published = (START + timedelta(days=day)).isoformat(timespec="seconds")
    row = {"article_id": article_id, "outlet_id": outlet_id, "headline": headline, "language": "ar"}
    return row | {"published_at": published, "body": body}
