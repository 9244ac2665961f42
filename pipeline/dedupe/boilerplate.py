"""Lines that recur across an outlet's articles: share bars, "read also", copyright, subscription notes.

Learned only from enough pages and only where a line stands in a good share of them, so that the formula of a report
that ran a few times (a weather bulletin, a cable) is never taken for boilerplate of the site. A line that names the
article it stands under ("The post ... appeared first on ...") is one line, whatever the headline; such a line may also
be the end of the last paragraph. So is a line that points to another article, whichever it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.boilerplate_lines import (
    OWN_HEADLINE,
    any_headline,
    any_other,
    endings,
    line_key,
    may_be_report,
    telling,
)
from pipeline.dedupe.folding import batched, letter_sums
from pipeline.normalise import normalise

# Below this many articles of an outlet nothing is learned: three reports of one series would look like boilerplate.
FEWEST_PAGES = 20
# A line in this share of the pages, and in this many of them, is the site's and not a report's.
SHARE = 0.2
FEWEST_LINES = 8
# A sentence is the site's only if most pages have it: an agency puts the same background under all its reports of a
# crisis, which may be a quarter of what it sends. A shorter line may be a button with a full stop.
SHARE_OF_SENTENCE = 0.5
# Boilerplate stands at the ends: only so many lines from the top and from the bottom are looked at.
TOP_LINES = 3
BOTTOM_LINES = 8
LONGEST = 400  # characters; a longer line is a paragraph of a report
# Of endings that recur together the longest is the line; the others come hardly more often.
SAME_ENDING = 0.8

Boilerplate = Mapping[str, frozenset[str]]  # by outlet the keys of its lines


@dataclass(slots=True)
class Printed:
    """What lines are learned from: an article as its outlet ran it."""

    outlet_id: str
    headline: str | None
    body: str


@dataclass(frozen=True, slots=True)
class BoilerplateLine:
    """A line of an outlet's boilerplate, as printed in one of its articles."""

    outlet_id: str
    line_key: str
    line: str
    pages: int
    of_pages: int


def learn_boilerplate(articles: Iterable[Printed]) -> list[BoilerplateLine]:
    """Lines learned from many articles, by outlet and key."""
    known = list(articles)
    counts = LineCounts()
    counts.add(known)
    recurs = counts.recurring()
    places = np.flatnonzero(recurs)
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts.lines_each)])
    holders = np.unique(np.searchsorted(bounds, places, side="right") - 1)
    own = np.concatenate([recurs[:0], *(recurs[bounds[at] : bounds[at + 1]] for at in holders.tolist())])
    return counts.learn([tally([known[at] for at in holders.tolist()], own)])


Tally = Mapping[tuple[str, str], tuple[int, str]]  # of outlet and key: how many pages have the line, and one as printed


def tally(articles: Iterable[Printed], recurs: npt.NDArray[np.bool_]) -> Tally:
    """Count by their exact keys those lines of articles that may recur often enough; what a page says twice is once."""
    pages: Counter[tuple[str, str]] = Counter()
    printed: dict[tuple[str, str], str] = {}
    place = 0
    for one in articles:
        ends = _ends(one)
        here: set[tuple[str, str]] = set()
        for line in compress(ends, recurs[place : place + len(ends)].tolist()):
            key = one.outlet_id, line_key(line)
            here.add(key)
            printed.setdefault(key, line)
        pages.update(here)
        place += len(ends)
    return {key: (count, printed[key]) for key, count in pages.items()}


class LineCounts:
    """How often the lines of outlets come, without the lines: twelve bytes each. So articles may come from disk."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._pages: Counter[str] = Counter()
        self.lines_each: list[int] = []  # of each article that was added here
        self._outlets = [np.zeros(0, np.int32)]
        self._keys = [np.zeros(0, np.uint64)]

    def add(self, articles: Iterable[Printed]) -> None:
        """Count the lines of more articles."""
        lines: list[str] = []
        outlets: list[int] = []
        for one in articles:
            self._pages[one.outlet_id] += 1
            lines += (ends := _ends(one))
            self.lines_each.append(len(ends))
            outlets += [self._number(one.outlet_id)] * len(ends)
        self._outlets.append(np.array(outlets, np.int32))
        self._keys.append(_rough_keys(lines))

    def join(self, others: LineCounts) -> None:
        """Count the lines of further articles that were counted apart."""
        numbers = np.array([self._number(one) for one in others._numbers], np.int32)
        self._pages.update(others._pages)
        self._outlets += [numbers[some] for some in others._outlets if len(some)]
        self._keys += others._keys

    def recurring(self) -> npt.NDArray[np.bool_]:
        """Of each line added, in the order they came, whether its rough key comes often enough in its outlet."""
        outlets, keys = np.concatenate(self._outlets), np.concatenate(self._keys)
        order = np.argsort(outlets, kind="stable")
        bounds = np.searchsorted(outlets[order], np.arange(len(self._numbers) + 1))
        recurs = np.zeros(len(keys), np.bool_)
        for outlet_id, number in self._numbers.items():
            if self._pages[outlet_id] < FEWEST_PAGES:
                continue
            places = order[bounds[number] : bounds[number + 1]]
            _, kinds, counts = np.unique(keys[places], return_inverse=True, return_counts=True)
            recurs[places] = counts[kinds] >= self._least(outlet_id)
        return recurs

    def learn(self, tallies: Iterable[Tally]) -> list[BoilerplateLine]:
        """The lines that come often enough, as tallies of all articles added tell."""
        seen: Counter[tuple[str, str]] = Counter()
        printed: dict[tuple[str, str], str] = {}
        for one in tallies:
            for key, (pages, line) in one.items():
                seen[key] += pages
                printed.setdefault(key, line)
        found = [
            BoilerplateLine(outlet_id, key, printed[outlet_id, key], count, self._pages[outlet_id])
            for (outlet_id, key), count in sorted(seen.items())
            if count >= self._least(outlet_id, SHARE_OF_SENTENCE if may_be_report(printed[outlet_id, key]) else SHARE)
        ]
        glued = [one for one in found if one.line.endswith(OWN_HEADLINE)]
        shorter = [one for one in glued if any(_is_end_of(one, other) for other in glued)]
        return [one for one in found if one not in shorter]

    @property
    def lines(self) -> int:
        """How many lines were added."""
        return sum(map(len, self._keys))

    def _number(self, outlet_id: str) -> int:
        return self._numbers.setdefault(outlet_id, len(self._numbers))

    def _least(self, outlet_id: str, share: float = SHARE) -> float:
        return max(FEWEST_LINES, share * self._pages[outlet_id])


def _rough_keys(lines: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number per line, the same for lines of one key: of its letters, as arrays and so much quicker."""
    return np.concatenate([np.zeros(0, np.uint64), *map(letter_sums, batched(lines))])


def without_boilerplate(headline: str | None, body: str, keys: frozenset[str]) -> str:
    """The body with boilerplate lines blanked out: every other character keeps its place, so that offsets hold.

    Where a headline among them is all that the article says, as in a flash, it stays.
    """
    if not keys:
        return body
    headline = telling(headline)
    lines = body.split("\n")
    first_bottom = max(TOP_LINES, len(lines) - BOTTOM_LINES)
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)

    def is_boilerplate(place: int, line: str) -> bool:
        if len(line) > LONGEST or not line.strip():
            return False
        is_at_an_end = place < TOP_LINES or place >= first_bottom
        if is_at_an_end and _is_learned(line, headline, keys):
            return True
        return place > first and (other := any_other(line)) is not None and line_key(other) in keys

    kept = [" " * len(line) if is_boilerplate(place, line) else line for place, line in enumerate(lines)]
    last = next((place for place in reversed(range(len(lines))) if lines[place].strip()), 0)
    at = next((at for at, ending in endings(kept[last], headline) if line_key(ending) in keys), len(kept[last]))
    kept[last] = kept[last][:at] + " " * (len(kept[last]) - at)
    report = "\n".join(kept)
    if headline and headline in body and not report.strip():
        at = body.index(headline)
        report = report[:at] + headline + report[at + len(headline) :]
    return report


def holds_boilerplate(headline: str | None, body: str, keys: frozenset[str]) -> bool:
    """Whether without_boilerplate would blank out any line."""
    return without_boilerplate(headline, body, keys) != body


def keys_by_outlet(lines: Iterable[BoilerplateLine]) -> Boilerplate:
    """The learned keys of each outlet."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in lines:
        found[one.outlet_id].add(one.line_key)
    return {outlet_id: frozenset(keys) for outlet_id, keys in found.items()}


def _ends(article: Printed) -> list[str]:
    """The lines that may be boilerplate, each once."""
    headline = telling(article.headline)
    lines = list(filter(str.strip, article.body.split("\n")))
    ends = lines if len(lines) <= TOP_LINES + BOTTOM_LINES else lines[:TOP_LINES] + lines[-BOTTOM_LINES:]
    found = [any_headline(line.strip(), headline) for line in ends if len(line) <= LONGEST]
    found += (other for line in ends[1:] if len(line) <= LONGEST and (other := any_other(line)) is not None)
    found += (ending for _, ending in endings(lines[-1] if lines else "", headline))
    return list(dict.fromkeys(found))


def _is_learned(line: str, headline: str, keys: frozenset[str]) -> bool:
    """Whether a line is among those learned, also where its words happen to be the headline, as a site's name is."""
    other = any_headline(line, headline)
    return line_key(other) in keys or (other is not line and line_key(line) in keys)


def _is_end_of(line: BoilerplateLine, other: BoilerplateLine) -> bool:
    """Whether a line is but how another one of the outlet ends."""
    if line.outlet_id != other.outlet_id or line.line_key == other.line_key:
        return False
    said, longer = (normalise(one.line) for one in (line, other))
    return longer.endswith(f" {said}") and other.pages >= SAME_ENDING * line.pages
