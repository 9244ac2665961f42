"""Lines that recur across an outlet's articles: share bars, "read also", copyright, subscription notes.

Learned only from enough pages and only where a line stands in a good share of them, so that the formula of a report
that ran a few times (a weather bulletin, a cable) is never taken for furniture of the site.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.folding import batched, fold_texts
from pipeline.normalise import normalise

# Below this many articles of an outlet nothing is learned: three reports of one series would look like furniture.
FEWEST_PAGES = 20
# A line in this share of the pages, and in this many of them, is the site's and not a report's.
SHARE = 0.2
FEWEST_LINES = 8
# Furniture stands at the ends: only so many lines from the top and from the bottom are looked at.
TOP_LINES = 3
BOTTOM_LINES = 8
LONGEST = 400  # characters; a longer line is a paragraph of a report
_KNOWN_WORDS = 200_000  # spellings kept at once


@dataclass(frozen=True, slots=True)
class BoilerplateLine:
    """A line of an outlet's furniture, as printed in one of its articles."""

    outlet_id: str
    line_key: str
    line: str
    pages: int
    of_pages: int


class _Spellings(dict[str, str]):
    """What stands between spaces to its one spelling, digits as one; the same words come in line after line."""

    def __missing__(self, printed: str) -> str:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        said = self[printed] = "".join("0" if char.isdigit() else char for char in normalise(printed))
        return said


_spellings = _Spellings()


def line_key(line: str) -> str:
    """The key of a line: what it says after normalising, digits as one, as counters differ from page to page."""
    said = " ".join(filter(None, map(_spellings.__getitem__, line.split())))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def learn_boilerplate(bodies: Iterable[tuple[str, str]]) -> list[BoilerplateLine]:
    """Lines learned from (outlet_id, body) of many articles, by outlet and key."""
    pages: Counter[str] = Counter()
    ends: dict[str, list[str]] = defaultdict(list)
    for outlet_id, body in bodies:
        pages[outlet_id] += 1
        ends[outlet_id] += dict.fromkeys(_ends(body))
    learned: list[BoilerplateLine] = []
    for outlet_id in sorted(ends):
        if pages[outlet_id] >= FEWEST_PAGES:
            least = max(FEWEST_LINES, SHARE * pages[outlet_id])
            for key, line, count in _recurring(ends[outlet_id], least):
                learned.append(BoilerplateLine(outlet_id, key, line, count, pages[outlet_id]))
    return learned


def _recurring(lines: Sequence[str], least: float) -> list[tuple[str, str, int]]:
    """Keys of lines that come so often, rising, with the line that came first and how often."""
    rough = _rough_keys(lines)
    _, kinds, counts = np.unique(rough, return_inverse=True, return_counts=True)
    seen: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for place in np.flatnonzero(counts[kinds] >= least).tolist():
        key = line_key(lines[place])
        seen[key] += 1
        printed.setdefault(key, lines[place])
    return [(key, printed[key], count) for key, count in sorted(seen.items()) if count >= least]


def _rough_keys(lines: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number per line, the same for lines of one key: of its words without digits, as arrays and so much quicker."""
    found = [np.zeros(0, np.uint64)]
    for batch in batched(lines):
        words = fold_texts(batch)
        edges = zip(words.first.tolist(), words.last.tolist(), strict=True)
        counts = np.array([words.text[first:last].isalpha() for first, last in edges], np.bool_)
        sums = np.cumsum(np.where(counts, words.keys, 0)[words.kinds], dtype=np.uint64)
        sums = np.concatenate([np.zeros(1, np.uint64), sums])
        found.append(np.diff(sums[words.bounds]))
    return np.concatenate(found)


def without_boilerplate(body: str, keys: frozenset[str]) -> str:
    """The body with furniture lines blanked out: every other character keeps its place, so that offsets hold."""
    if not keys:
        return body
    lines = body.split("\n")
    first_bottom = max(TOP_LINES, len(lines) - BOTTOM_LINES)
    return "\n".join(
        " " * len(line)
        if (place < TOP_LINES or place >= first_bottom)
        and line.strip()
        and len(line) <= LONGEST
        and line_key(line) in keys
        else line
        for place, line in enumerate(lines)
    )


def holds_boilerplate(body: str, keys: frozenset[str]) -> bool:
    """Whether without_boilerplate would blank out any line."""
    return without_boilerplate(body, keys) != body


def keys_by_outlet(lines: Iterable[BoilerplateLine]) -> Mapping[str, frozenset[str]]:
    """The learned keys of each outlet."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in lines:
        found[one.outlet_id].add(one.line_key)
    return {outlet_id: frozenset(keys) for outlet_id, keys in found.items()}


def _ends(body: str) -> list[str]:
    lines = [line for line in body.split("\n") if line.strip()]
    ends = lines if len(lines) <= TOP_LINES + BOTTOM_LINES else lines[:TOP_LINES] + lines[-BOTTOM_LINES:]
    return [line.strip() for line in ends if len(line) <= LONGEST]
