"""What two articles share passage by passage: how much, from where, and what stands in another's place.

Jaccard alone cannot tell copies from filled-in forms, digests and follow-ups. So passages are matched by stems and
looked at: how much of the shorter text they hold and how much of what it tells, whether numbers differ both ways,
whether other names stand in the same place of the same sentence. All of it depends on the two texts alone.
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
# Replaced runs longer than this are rewriting; shorter ones in an equal frame are a form filled in anew.
SLOT_WORDS = 8
# Words at least so alike (0 to 100) are spellings or inflections of one word, no other name.
ALIKE = 65
# A text tells so much at least: in a brief of a few words one slot is not everything.
LEAST_TOLD = 20.0
MASK_BITS = 64


@dataclass(frozen=True, slots=True)
class Passages:
    """What two articles share; shares are 0 to 1, left and right as given to match.

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
        in_right, in_left = aligned.passages()
        if mine.size <= yours.size:
            shorter, cover, exact, longer = mine, in_right, aligned.in_origin, in_left
        else:
            shorter, cover, exact, longer = yours, in_left, aligned.in_copy, in_right
        slots, names = self._slots(aligned, mine.words, yours.words)
        told = max(shorter.told, LEAST_TOLD)
        return Passages(
            cover=_mean(cover),
            told=float(self._stems.weights[shorter.words[exact]].sum()) / max(shorter.told, 1e-6),
            slots=10 * slots / told,
            names=10 * names / told,
            longer_lead=_mean(longer[:LEAD_WORDS]),
            density=_density(cover),
            numbers=min(len(mine.numbers - yours.numbers), len(yours.numbers - mine.numbers)),
            left_cover=_mean(in_right),
            right_cover=_mean(in_left),
            left_lead=_mean(in_right[:LEAD_WORDS]),
            right_lead=_mean(in_left[:LEAD_WORDS]),
            left_mask=_mask(in_right),
            right_mask=_mask(in_left),
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

    def _slots(self, aligned: Alignment, mine: Numbers, yours: Numbers) -> tuple[float, float]:
        """What replaced short runs tell on the side where it is less, with numbers and without.

        Words that both texts hold somewhere do not count.
        """
        total = names = 0.0
        blocks = aligned.blocks.tolist()
        for (at, there, words), (next_at, next_there, _) in pairwise(blocks):
            if 0 < next_at - at - words <= SLOT_WORDS and 0 < next_there - there - words <= SLOT_WORDS:
                here, beyond = mine[at + words : next_at].tolist(), yours[there + words : next_there].tolist()
                here_all, here_names = self._foreign(here, beyond, 1)
                if here_all:
                    beyond_all, beyond_names = self._foreign(beyond, here, 0)
                    total += min(here_all, beyond_all)
                    names += min(here_names, beyond_names)
        return total, names

    def _foreign(self, run: list[int], other_run: list[int], other_side: int) -> tuple[float, float]:
        """What words of a run tell that the other text does not have, not even in another form in that place."""
        spell, marks, weights = self._stems.spellings, self._marks[other_side], self._stems.weights
        total = names = 0.0
        for word in run:
            if marks[word] or any(fuzz.ratio(spell[word], spell[other]) >= ALIKE for other in other_run):
                continue
            total += float(weights[word])
            names += 0.0 if self._stems.counts[word] else float(weights[word])
        return total, names


@dataclass(frozen=True, slots=True)
class _Ready:
    place: int
    words: Numbers
    numbers: set[int]
    told: float
    size: tuple[int, bytes]  # equally long texts are ordered by what they say


def _mean(marks: npt.NDArray[np.bool_]) -> float:
    return float(marks.mean()) if len(marks) else 0.0


def _density(marks: npt.NDArray[np.bool_]) -> float:
    shared = np.flatnonzero(marks)
    return len(shared) / int(shared[-1] - shared[0] + 1) if len(shared) else 0.0


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
