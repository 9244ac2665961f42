"""What two articles share passage by passage: how much, from where, and what stands in another's place.

Jaccard alone cannot tell copies from filled-in forms, digests and follow-ups. So passages are matched by stems and
looked at: how much of the shorter text they hold and how much of what it tells, whether numbers differ both ways,
whether other names stand in the same place of the same sentence. All of it depends on the two texts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from pipeline.dedupe.alignment import Alignments, Side
from pipeline.dedupe.candidates import Pairs
from pipeline.dedupe.grams import Ints, batches_of
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.words import Stems

# The news of a report stands in its first sentence or two.
LEAD_WORDS = 30
# Replaced runs longer than this are rewriting; shorter ones in an equal frame are a form filled in anew.
SLOT_WORDS = 8
# Words at least so alike (0 to 100) are spellings or inflections of one word, no other name.
ALIKE = 65
# A text tells so much at least: in a brief of a few words one slot is not everything.
LEAST_TOLD = 20.0
MASK_BITS = 64


@dataclass(frozen=True, slots=True)
class Passages:
    """What two articles share; shares are 0 to 1, left and right as the pair was given.

    A passage goes on over a few replaced words, so that an edited sentence counts whole.
    """

    cover: float  # of the shorter text's words
    told: float  # of what the shorter text's words tell: words that both have in a passage
    slots: float  # what differs in replaced short runs, per tenth of what the shorter text tells
    names: float  # the same without numbers
    longer_lead: float  # of the longer text's first words
    density: float  # of the shorter text's stretch from the first to the last shared word, the share that is shared
    numbers: int  # numbers that each has and the other lacks, the smaller count
    left_cover: float
    right_cover: float
    left_lead: float  # of its first words
    right_lead: float
    left_mask: int  # which 64ths of the text lie in shared passages
    right_mask: int
    matched: int  # words in shared passages


class Matcher:
    """Matches texts in pairs, many at once; cheapest where pairs come sorted."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._stems = Stems(texts.vocabulary)

    def match(self, pairs: Pairs) -> Iterator[Passages]:
        """What the texts of each pair share, in the order of pairs."""
        for _, texts, places in batches_of(self._texts, pairs):
            yield from _Batch(texts, places, self._stems).passages()


class _Batch:
    """Pairs whose texts are matched together, as stems."""

    def __init__(self, texts: Texts, pairs: Pairs, stems: Stems) -> None:
        self._texts, self._pairs, self._stems = texts, pairs, stems
        self._numbers = stems.of_word[texts.numbers]
        self._known = _Known(self._numbers, texts.bounds, len(stems.spellings))
        self._aligned = Alignments(Texts.of_numbers(self._numbers, texts.bounds, texts.vocabulary), pairs)

    def passages(self) -> Iterator[Passages]:
        left, right = self._aligned.passages()
        shorter = self._shorter_is_left()
        zero = np.zeros(len(self._pairs), np.int64)
        covers = [_share(one.count(zero, one.sizes), one.sizes) for one in (left, right)]
        leads = [_opening(one, np.full(len(self._pairs), LEAD_WORDS)) for one in (left, right)]
        told = np.array([self._told_by(self._pairs[row, 1 - side]) for row, side in enumerate(shorter.tolist())])
        slots, names = self._slots(np.maximum(told, LEAST_TOLD))
        figures = (
            np.where(shorter, *covers),
            self._told_in_blocks(shorter) / np.maximum(told, 1e-6),
            slots,
            names,
            np.where(shorter, leads[1], leads[0]),
            np.where(shorter, left.density(), right.density()),
            self._differing_numbers(),
            *covers,
            *leads,
        )
        exact = self._aligned.copies
        matched = exact.count(zero, exact.sizes).tolist()
        rows: Iterator[tuple[Any, ...]] = zip(
            *(one.tolist() for one in figures), *map(_masks, (left, right)), matched, strict=True
        )
        return (Passages(*row) for row in rows)

    def _told_by(self, place: int) -> float:
        """What a text tells."""
        return float(self._stems.weights[self._words_of(place)].sum())

    def _told_in_blocks(self, shorter: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """What the shorter text tells in words that both have in a passage."""
        told = np.zeros(len(self._pairs))
        sides = self._aligned.origins, self._aligned.copies
        for row, side in enumerate(shorter.tolist()):
            marks = sides[side].marks[sides[side].bounds[row] : sides[side].bounds[row + 1]]
            told[row] = self._stems.weights[self._words_of(self._pairs[row, 1 - side])[marks]].sum()
        return told

    def _shorter_is_left(self) -> npt.NDArray[np.bool_]:
        """Equally long texts are ordered by what they say, so that it does not matter which is given first."""
        sizes = np.diff(self._texts.bounds)[self._pairs]
        shorter: npt.NDArray[np.bool_] = sizes[:, 0] <= sizes[:, 1]
        for row in np.flatnonzero(sizes[:, 0] == sizes[:, 1]).tolist():
            left, right = (self._texts.hashes[self._texts[place]].tobytes() for place in self._pairs[row].tolist())
            shorter[row] = left <= right
        return shorter

    def _differing_numbers(self) -> Ints:
        """Numbers that one has and the other lacks, the smaller count."""
        counted = self._known.only(self._stems.counts)
        fewer: Ints = np.diff(counted.bounds)[self._pairs].min(axis=1)
        return fewer - counted.count_shared(self._pairs)

    def _slots(self, told: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """What replaced short runs tell on the side where it is less, per tenth of told, with numbers and without.

        Words that both texts hold somewhere do not count.
        """
        runs = _Runs.between(self._aligned.blocks, self._aligned.pair)
        foreign = [self._foreign(runs, self._pairs[runs.pair], side) for side in (0, 1)]
        total, names = np.zeros(len(self._pairs)), np.zeros(len(self._pairs))
        for row in np.flatnonzero(foreign[0].any(axis=1) & foreign[1].any(axis=1)).tolist():
            at = runs.pair[row]
            mine, yours = (
                self._words_of(self._pairs[at, side])[start[row] : start[row] + size[row]].tolist()
                for side, (start, size) in enumerate(zip(runs.starts, runs.sizes, strict=True))
            )
            here, beyond = self._weigh(mine, yours, foreign[0][row]), self._weigh(yours, mine, foreign[1][row])
            total[at] += min(here[0], beyond[0])
            names[at] += min(here[1], beyond[1])
        return 10 * total / told, 10 * names / told

    def _words_of(self, place: int) -> npt.NDArray[np.int32]:
        bounds = self._texts.bounds
        return self._numbers[bounds[place] : bounds[place + 1]]

    def _foreign(self, runs: _Runs, pairs: Pairs, side: int) -> npt.NDArray[np.bool_]:
        """Which words of each run tell something and do not stand in the other text."""
        steps = np.arange(SLOT_WORDS)
        at = self._texts.bounds[pairs[:, side]][:, None] + runs.starts[side][:, None] + steps
        inside = steps < runs.sizes[side][:, None]
        words = self._numbers[np.where(inside, at, 0)]
        telling = inside & (self._stems.weights[words] > 0)
        rows, columns = np.nonzero(telling)
        telling[rows, columns] = ~self._known.holds(pairs[rows, 1 - side], words[rows, columns])
        return telling

    def _weigh(self, run: list[int], other_run: list[int], foreign: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """What foreign words of a run tell that have no other form in the other run; and the same without numbers."""
        spell, weights = self._stems.spellings, self._stems.weights
        total = names = 0.0
        for word, is_foreign in zip(run, foreign.tolist(), strict=False):
            if is_foreign and not any(fuzz.ratio(spell[word], spell[other]) >= ALIKE for other in other_run):
                total += float(weights[word])
                names += 0.0 if self._stems.counts[word] else float(weights[word])
        return total, names


@dataclass(frozen=True, slots=True)
class _Runs:
    """Short runs of words that stand in each other's place between two blocks; starts and sizes by side."""

    pair: Ints
    starts: tuple[Ints, Ints]
    sizes: tuple[Ints, Ints]

    @classmethod
    def between(cls, blocks: Ints, pair: Ints) -> _Runs:
        ends = blocks[:-1, :2] + blocks[:-1, 2:]
        sizes = blocks[1:, :2] - ends
        short = ((sizes > 0) & (sizes <= SLOT_WORDS)).all(axis=1) & (pair[1:] == pair[:-1])
        ends, sizes = ends[short], sizes[short]
        return cls(pair[1:][short], (ends[:, 0], ends[:, 1]), (sizes[:, 0], sizes[:, 1]))


class _Known:
    """Which stems each text holds, as sorted numbers of text and stem."""

    def __init__(self, words: npt.NDArray[np.int32], bounds: Ints, stems: int) -> None:
        text = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        held = text * stems + words
        held.sort()
        self._set(held[np.concatenate([[True], held[1:] != held[:-1]])[: len(held)]], len(bounds) - 1, stems)

    def _set(self, held: Ints, texts: int, stems: int) -> None:
        self._held, self._stems = held, stems
        self.bounds: Ints = np.searchsorted(held, np.arange(texts + 1) * stems)

    def only(self, wanted: npt.NDArray[np.bool_]) -> _Known:
        """The same of some stems."""
        found = _Known.__new__(_Known)
        found._set(self._held[wanted[self._held % self._stems]], len(self.bounds) - 1, self._stems)
        return found

    def holds(self, texts: Ints, stems: npt.NDArray[np.int32] | Ints) -> npt.NDArray[np.bool_]:
        """Whether each text holds the stem beside it."""
        if not len(self._held):
            return np.zeros(len(texts), np.bool_)
        wanted = texts * self._stems + stems
        at = np.searchsorted(self._held, wanted)
        found: npt.NDArray[np.bool_] = self._held[np.minimum(at, len(self._held) - 1)] == wanted
        return found

    def count_shared(self, pairs: Pairs) -> Ints:
        """How many stems both texts of each pair hold."""
        sizes = np.diff(self.bounds)[pairs[:, 0]]
        pair = np.repeat(np.arange(len(pairs)), sizes)
        at = np.repeat(self.bounds[pairs[:, 0]] - np.cumsum(sizes) + sizes, sizes) + np.arange(len(pair))
        found = self.holds(pairs[pair, 1], self._held[at] % self._stems) if len(at) else np.zeros(0, bool)
        return np.bincount(pair[found], minlength=len(pairs))


def _share(part: Ints, whole: Ints) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = part / np.maximum(whole, 1)
    return found


def _opening(side: Side, words: Ints) -> npt.NDArray[np.float64]:
    """Of so many first words the share that is marked."""
    words = np.minimum(words, side.sizes)
    return _share(side.count(np.zeros_like(words), words), words)


def _masks(side: Side) -> list[int]:
    """64 bits for each text, each set where most of that part of the text is marked; 0 for one without words."""
    sizes = side.sizes[:, None]
    edges = np.arange(MASK_BITS + 1) * sizes // MASK_BITS
    here = np.maximum(np.minimum(edges[:, :-1], sizes - 1), 0)
    stops = np.minimum(np.maximum(edges[:, 1:], here + 1), sizes)
    parts = side.count(here, stops) > (stops - here) / 2
    packed = np.packbits(parts, axis=1).view(">u8").ravel()
    found: list[int] = np.where(side.sizes > 0, packed, 0).tolist()
    return found
