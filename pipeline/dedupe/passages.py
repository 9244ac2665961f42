"""What two articles share passage by passage: how much, from where, and what stands in another's place.

Jaccard alone cannot tell copies from filled-in forms, digests and follow-ups. So passages are matched by stems and
looked
at: whether the longer text opens with them, whether numbers differ both ways, whether other names and numbers stand in
the same place of the same sentence. All of it depends on the two texts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from pipeline.dedupe.alignment import Alignment, align
from pipeline.dedupe.texts import Numbers, Texts
from pipeline.dedupe.words import Stems

# The news of a report stands in its first sentence or two.
LEAD_WORDS = 30
# The opening of the longer text is looked at over half the length of the shorter, and over so many words at least:
# digests hold a report further down or hold much else before.
OPENING_WORDS = 60
# Replaced runs longer than this are rewriting; shorter ones in an equal frame are a form filled in anew.
SLOT_WORDS = 8
# Words at least so alike (0 to 100) are spellings or inflections of one word, no other name.
ALIKE = 65
# A text tells so much at least: in a brief of a few words one slot is not everything.
LEAST_TOLD = 20.0
MASK_BITS = 64


@dataclass(frozen=True, slots=True)
class Passages:
    """What two articles share; covers and leads are shares 0 to 1, left and right as given to match."""

    cover: float  # of the shorter text's words
    opening: float  # of the longer text's opening words
    slots: float  # what differs in replaced short runs, per tenth of what the shorter text tells
    numbers: float  # numbers that each has and the other lacks (the smaller count), by those in both
    left_cover: float
    right_cover: float
    left_lead: float  # of its first words
    right_lead: float
    left_mask: int  # which 64ths of the text lie in shared passages
    right_mask: int
    matched: int  # words in shared passages


class Matcher:
    """Texts made ready for matching in pairs; quickest where pairs come sorted by left."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._stems = Stems(texts.vocabulary)
        self._marks = np.zeros((2, len(self._stems.spellings)), np.bool_)
        self._ready: list[_Ready | None] = [None, None]

    def match(self, left: int, right: int) -> Passages:
        """What texts left and right share."""
        mine, yours = self._prepare(0, left), self._prepare(1, right)
        aligned = align(mine.words, yours.words)
        shorter_is_left = mine.size <= yours.size
        half = max(OPENING_WORDS, min(len(mine.words), len(yours.words)) // 2)
        told = max(mine.told if shorter_is_left else yours.told, LEAST_TOLD)
        return Passages(
            cover=aligned.copy_coverage if shorter_is_left else aligned.origin_coverage,
            opening=_mean((aligned.in_copy if shorter_is_left else aligned.in_origin)[:half]),
            slots=10 * self._slots(aligned, mine.words, yours.words) / told,
            numbers=self._differing(mine.numbers, yours.numbers),
            left_cover=aligned.copy_coverage,
            right_cover=aligned.origin_coverage,
            left_lead=_mean(aligned.in_origin[:LEAD_WORDS]),
            right_lead=_mean(aligned.in_copy[:LEAD_WORDS]),
            left_mask=_mask(aligned.in_origin),
            right_mask=_mask(aligned.in_copy),
            matched=aligned.matched,
        )

    def _prepare(self, side: int, place: int) -> _Ready:
        """The text of a side, its stems marked; kept while the same one comes again."""
        ready = self._ready[side]
        if ready is not None and ready.place == place:
            return ready
        if ready is not None:
            self._marks[side, ready.words] = False
        words = self._stems.of_word[self._texts[place]]
        self._marks[side, words] = True
        numbers = set(words[self._stems.counts[words]].tolist())
        told = float(self._stems.weights[words].sum())
        found = self._ready[side] = _Ready(
            place, words, numbers, told, (len(words), self._texts.hashes[self._texts[place]].tobytes())
        )
        return found

    def _differing(self, mine: set[int], yours: set[int]) -> float:
        return min(len(mine - yours), len(yours - mine)) / (1 + len(mine & yours))

    def _slots(self, aligned: Alignment, mine: Numbers, yours: Numbers) -> float:
        """What replaced short runs tell on the side where it is less; words that both texts hold do not count."""
        total = 0.0
        blocks = aligned.blocks.tolist()
        for (at, there, words), (next_at, next_there, _) in pairwise(blocks):
            if 0 < next_at - at - words <= SLOT_WORDS and 0 < next_there - there - words <= SLOT_WORDS:
                here, beyond = mine[at + words : next_at].tolist(), yours[there + words : next_there].tolist()
                total += min(self._foreign(here, beyond, 1), self._foreign(beyond, here, 0))
        return total

    def _foreign(self, run: list[int], other_run: list[int], other_side: int) -> float:
        """What the words of a run tell that the other text does not have, not even in another form in that place."""
        spell, marks = self._stems.spellings, self._marks[other_side]
        return sum(
            float(self._stems.weights[word])
            for word in run
            if not marks[word] and not any(fuzz.ratio(spell[word], spell[other]) >= ALIKE for other in other_run)
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    place: int
    words: Numbers
    numbers: set[int]
    told: float
    size: tuple[int, bytes]  # equally long texts are ordered by what they say


def _mean(marks: npt.NDArray[np.bool_]) -> float:
    return float(marks.mean()) if len(marks) else 0.0


def _mask(marks: npt.NDArray[np.bool_]) -> int:
    """64 bits, each set where most of that part of the text is marked."""
    if not len(marks):
        return 0
    sums = np.concatenate([[0], np.cumsum(marks)])
    edges = np.arange(MASK_BITS + 1) * len(marks) // MASK_BITS
    here = np.minimum(edges[:-1], len(marks) - 1)
    counts = np.maximum(edges[1:], here + 1)
    parts = sums[counts] - sums[here] > (counts - here) / 2
    return int.from_bytes(np.packbits(parts).tobytes(), "big")
