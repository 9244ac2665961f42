"""What two articles share passage by passage: how much, from where, and what stands in another's place.

Jaccard alone cannot tell copies from filled-in forms, digests and follow-ups. So passages are matched by stems and
looked at: how much of the shorter text they hold and how much of what it tells, whether numbers differ both ways,
whether other names stand in the same place of the same sentence. All of it depends on the two texts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.alignment import Alignments, Marks, Side
from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.grams import Grams, batches_of
from pipeline.dedupe.lookup import Ints
from pipeline.dedupe.places import MASK_BITS
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.words import ALIKE, FIRST_WEEKDAY, Stems

Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.uint64]
# The news of a report stands in its first sentence or two.
LEAD_WORDS = 30
# Replaced runs longer than this are rewriting; shorter ones in an equal frame are a form filled in anew.
SLOT_WORDS = 8
# A text tells so much at least: in a brief of a few words one slot is not everything.
LEAST_TOLD = 20.0


@dataclass(frozen=True, slots=True)
class Passages:
    """What pairs of articles share, an entry per pair; shares are 0 to 1. Left is the longer text, right the shorter.

    A passage goes on over a few replaced words, so that an edited sentence counts whole.
    """

    told: Floats  # of what the shorter text's words tell: words that both have in a passage
    slots: Floats  # what differs in replaced short runs, per tenth of what the shorter text tells
    names: Floats  # the same without numbers
    density: Floats  # of the shorter text's stretch from the first to the last shared word, the share that is shared
    numbers: Ints  # numbers that each has and the other lacks, the smaller count
    ranks: Ints  # places where one ordinal stands for another, or one day of the week
    countries: Ints  # places where one country stands for another
    left_cover: Floats
    right_cover: Floats
    left_lead: Floats  # of its first words
    right_lead: Floats
    left_mask: Masks  # which 64ths of the text lie in shared passages
    right_mask: Masks
    matched: Ints  # words in shared passages


class Matcher:
    """Matches texts in pairs, many at once; cheapest where pairs come sorted by their second text."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.stems = Stems(texts.vocabulary)

    def longer_first(self, pairs: Pairs) -> Pairs:
        """The pairs as match wants them; equally long texts are ordered by what they say.

        So it does not matter which is given first: matching looks for what the one has in the other.
        """
        texts = self._texts
        sizes = np.diff(texts.bounds)[pairs]
        turned = sizes[:, 0] < sizes[:, 1]
        for row in np.flatnonzero(sizes[:, 0] == sizes[:, 1]).tolist():
            left, right = (texts.hashes[texts[place]].tobytes() for place in pairs[row].tolist())
            turned[row] = left < right
        return np.where(turned[:, None], pairs[:, ::-1], pairs)

    def match(self, pairs: Pairs) -> Iterator[tuple[slice, Passages]]:
        """What the texts of consecutive pairs share, in the order of pairs; the longer text is each one's first."""
        paired = self._texts.only(np.unique(pairs))
        grams = Grams(Texts.of_numbers(self.stems.of_word.take(paired.numbers), paired.bounds, paired.vocabulary))
        for rows, texts, places in batches_of(self._texts, pairs):
            sizes = np.diff(texts.bounds)[places]
            yield rows, _Batch(texts, places, self.stems, Alignments(grams, pairs[rows], sizes, once=True)).passages()


class _Batch:
    """Pairs whose texts are matched together, as stems."""

    def __init__(self, texts: Texts, pairs: Pairs, stems: Stems, aligned: Alignments) -> None:
        self._texts, self._pairs, self._stems, self._aligned = texts, pairs, stems, aligned
        self._numbers = stems.of_word.take(texts.numbers)
        self._known = _Known(self._numbers, texts.bounds, len(stems.spellings))

    def passages(self) -> Passages:
        left, right = self._aligned.passages()
        zero = np.zeros(len(self._pairs), np.int64)
        covers = [_share(one.count(zero, one.sizes), one.sizes) for one in (left, right)]
        leads = [_opening(one, np.full(len(self._pairs), LEAD_WORDS)) for one in (left, right)]
        texts, weights = self._texts, self._stems.weights.take(self._numbers)
        told = sums(weights, texts.bounds)[self._pairs[:, 1]]
        slots, names, countries = self._slots(np.maximum(told, LEAST_TOLD))
        exact = self._aligned.copies
        return Passages(
            self._told_in_blocks(weights) / np.maximum(told, 1e-6),
            slots,
            names,
            right.density(),
            self._differing_numbers(),
            self._differing_ranks(),
            countries,
            covers[0],
            covers[1],
            leads[0],
            leads[1],
            _masks(left),
            _masks(right),
            exact.count(zero, exact.sizes),
        )

    def _told_in_blocks(self, weights: npt.NDArray[np.float32]) -> Floats:
        """What the shorter text tells in words that both have in a passage."""
        side = self._aligned.origins
        at = np.flatnonzero(side.marks)
        edges = np.searchsorted(at, side.bounds)
        starts = self._texts.bounds[self._pairs[:, 1]] - side.bounds[:-1]
        return sums(weights.take(at + np.repeat(starts, np.diff(edges))), edges)

    def _differing_numbers(self) -> Ints:
        """Numbers that one has and the other lacks, the smaller count."""
        counted = self._known.only(self._stems.counts)
        fewer: Ints = np.diff(counted.bounds)[self._pairs].min(axis=1)
        return fewer - counted.count_shared(self._pairs)

    def _differing_ranks(self) -> Ints:
        """Replaced short runs of which the first or the last words are other ordinals, or other days of the week."""
        runs = _Runs.between(self._aligned.blocks, self._aligned.pair)
        ends = [self._ranks_at_ends(runs, side) for side in (0, 1)]
        are_days = [one >= FIRST_WEEKDAY for one in ends]
        differ = (ends[0] > 0) & (ends[1] > 0) & (ends[0] != ends[1]) & (are_days[0] == are_days[1])
        return np.bincount(runs.pair[differ.any(axis=1)], minlength=len(self._pairs))

    def _ranks_at_ends(self, runs: _Runs, side: int) -> npt.NDArray[np.int8]:
        """The ranks of the first and the last word of each run; 0 for words that have none."""
        words = self._words_of(runs, side)
        last = words[np.arange(len(words)), runs.sizes[side] - 1]
        return self._stems.ranks.take(np.stack([words[:, 0], last], axis=1))

    def _slots(self, told: Floats) -> tuple[Floats, Floats, Ints]:
        """What replaced short runs tell on the side where it is less, per tenth of told, with numbers and without; and
        how many of them name a country on each side.

        Words that both texts hold somewhere do not count.
        """
        runs = _Runs.between(self._aligned.blocks, self._aligned.pair)
        foreign = [self._foreign(runs, self._pairs[runs.pair], side) for side in (0, 1)]
        both = np.flatnonzero(foreign[0].any(axis=1) & foreign[1].any(axis=1))
        runs, foreign = runs.only(both), [one[both] for one in foreign]
        words = [self._words_of(runs, side) for side in (0, 1)]
        weighed = [self._weigh(words[side], words[1 - side], foreign[side]) for side in (0, 1)]
        least = [np.minimum(here, beyond) for here, beyond in zip(*weighed, strict=True)]
        total, names = (np.bincount(runs.pair, one, minlength=len(self._pairs)) for one in least)
        are_countries = [(self._stems.countries.take(words[side]) & foreign[side]).any(axis=1) for side in (0, 1)]
        countries = np.bincount(runs.pair[are_countries[0] & are_countries[1]], minlength=len(self._pairs))
        return 10 * total / told, 10 * names / told, countries

    def _words_of(self, runs: _Runs, side: int) -> npt.NDArray[np.int32]:
        """The words of each run; -1 behind its last."""
        steps = np.arange(SLOT_WORDS)
        at = self._texts.bounds[self._pairs[runs.pair, side]][:, None] + runs.starts[side][:, None] + steps
        inside = steps < runs.sizes[side][:, None]
        return np.where(inside, self._numbers.take(np.where(inside, at, 0)), -1)

    def _foreign(self, runs: _Runs, pairs: Pairs, side: int) -> Marks:
        """Which words of each run tell something and do not stand in the other text."""
        words = self._words_of(runs, side)
        telling = (words >= 0) & (self._stems.weights.take(words) > 0)
        rows, columns = np.nonzero(telling)
        telling[rows, columns] = ~self._known.holds(pairs[rows, 1 - side], words[rows, columns])
        return telling

    def _weigh(self, run: npt.NDArray[np.int32], other_run: npt.NDArray[np.int32], foreign: Marks) -> list[Floats]:
        """What foreign words of each run tell that have no other form in its other run; the same without numbers."""
        row, column = np.nonzero(foreign)
        words, others = run[row, column], other_run[row]
        alike = np.zeros(others.shape, np.bool_)
        at = np.nonzero(others >= 0)
        alike[at] = self._stems.are_alike(words[at[0]], others[at], ALIKE)
        weights = np.where(alike.any(axis=1), 0, self._stems.weights.take(words)).astype(np.float64)
        names = np.where(self._stems.counts.take(words), 0, weights)
        return [np.bincount(row, one, minlength=len(run)).astype(np.float64) for one in (weights, names)]


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
        near = (sizes > 0) & (sizes <= SLOT_WORDS)
        short = near[:, 0] & near[:, 1] & (pair[1:] == pair[:-1])
        ends, sizes = ends.compress(short, axis=0), sizes.compress(short, axis=0)
        return cls(pair[1:].compress(short), (ends[:, 0], ends[:, 1]), (sizes[:, 0], sizes[:, 1]))

    def only(self, rows: Ints) -> _Runs:
        """Some of them."""
        starts, sizes = ((one[0][rows], one[1][rows]) for one in (self.starts, self.sizes))
        return _Runs(self.pair[rows], starts, sizes)


class _Known:
    """Which stems each text holds, as sorted numbers of text and stem."""

    def __init__(self, words: npt.NDArray[np.int32], bounds: Ints, stems: int) -> None:
        text = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        held = text * stems + words
        held.sort()
        self._set(held.compress(np.concatenate([[True], held[1:] != held[:-1]])[: len(held)]), len(bounds) - 1, stems)

    def _set(self, held: Ints, texts: int, stems: int) -> None:
        self._held, self._stems = held, stems
        self.bounds: Ints = np.searchsorted(held, np.arange(texts + 1) * stems)

    def only(self, wanted: Marks) -> _Known:
        """The same of some stems."""
        found = _Known.__new__(_Known)
        found._set(self._held.compress(wanted.take(self._held % self._stems)), len(self.bounds) - 1, self._stems)
        return found

    def holds(self, texts: Ints, stems: npt.NDArray[np.int32] | Ints) -> Marks:
        """Whether each text holds the stem beside it."""
        if not len(self._held):
            return np.zeros(len(texts), np.bool_)
        wanted = texts * self._stems + stems
        at = np.searchsorted(self._held, wanted)
        found: Marks = self._held.take(at, mode="clip") == wanted
        return found

    def count_shared(self, pairs: Pairs) -> Ints:
        """How many stems both texts of each pair hold."""
        sizes = np.diff(self.bounds)[pairs[:, 0]]
        pair = np.repeat(np.arange(len(pairs)), sizes)
        at = np.repeat(self.bounds.take(pairs[:, 0]) - np.cumsum(sizes) + sizes, sizes) + np.arange(len(pair))
        found = self.holds(pairs[pair, 1], self._held.take(at) % self._stems) if len(at) else np.zeros(0, bool)
        return np.bincount(pair[found], minlength=len(pairs))


def _share(part: Ints, whole: Ints) -> Floats:
    found: Floats = part / np.maximum(whole, 1)
    return found


def _opening(side: Side, words: Ints) -> Floats:
    """Of so many first words the share that is marked."""
    words = np.minimum(words, side.sizes)
    return _share(side.count(np.zeros_like(words), words), words)


def _masks(side: Side) -> Masks:
    """64 bits for each text, each set where most of that part of the text is marked; 0 for one without words."""
    sizes = side.sizes[:, None]
    edges = np.arange(MASK_BITS + 1) * sizes // MASK_BITS
    here = np.maximum(np.minimum(edges[:, :-1], sizes - 1), 0)
    stops = np.minimum(np.maximum(edges[:, 1:], here + 1), sizes)
    parts = 2 * side.count(here, stops) > stops - here
    packed = np.packbits(parts, axis=1).view(">u8").ravel().astype(np.uint64)
    return np.where(side.sizes > 0, packed, np.uint64(0))


def sums(values: npt.NDArray[np.float32], bounds: Ints) -> Floats:
    """The sum of values[bounds[i] : bounds[i + 1]] for each i, as numpy sums such a slice alone."""
    # Each slice follows a zero: reduceat begins with the first value, sum with zero, and float32 tells the difference.
    padded = np.insert(values, bounds[:-1], 0)
    return np.add.reduceat(padded, bounds[:-1] + np.arange(len(bounds) - 1)).astype(np.float64)
