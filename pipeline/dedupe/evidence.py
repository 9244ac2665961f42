"""What speaks for two articles being the same report: figures of every candidate pair, computed for many pairs at once.

Each figure depends on the two articles alone (and on fixed background frequencies), so that the verdict is the same
whatever else is known, in whatever order it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.dedupe.alignment import Alignment, Words, gram_keys
from pipeline.dedupe.candidates import Pairs
from pipeline.dedupe.rarity import tell
from pipeline.dedupe.texts import Texts

Floats = npt.NDArray[np.float64]
Matrix = Any  # scipy.sparse.csr_matrix, which carries no types
# The news of a report stands in its first sentence or two.
LEAD_WORDS = 40
# Words of less than this (in nats) tell nothing: articles, prepositions, "said".
CONTENT = 3.0
# A headline that nobody stated, or of common words alone, says as much as the average one.
NO_HEADLINE = 0.6
# Pairs whose figures are computed in one go; bounds the memory.
PAIRS_AT_ONCE = 20_000
# Replaced runs longer than this are rewriting; shorter ones in an equal frame are a form filled in anew.
SLOT_WORDS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures of pairs, one array entry per pair; shares are 0 to 1."""

    cosine: Floats  # of all words, weighted by what they tell
    jaccard: Floats  # of word 3-grams
    containment: Floats  # shared 3-grams / those of the text with fewer
    word_cover: Floats  # of what the shorter text's words tell, the share that the longer one has
    headline_min: Floats  # of what either headline tells, the share in the other article: the smaller
    headline_max: Floats
    lead_min: Floats  # the same of the first words
    lead_max: Floats
    days: Floats  # between the two; 0 where one states no time


class Figures:
    """The words and 3-grams of articles as sparse matrices, from which pairs are judged."""

    def __init__(self, bodies: Texts, headlines: Texts, times: Floats) -> None:
        self.times = times
        weights = tell(bodies.vocabulary.words)
        content = np.where(weights >= CONTENT, weights, 0).astype(np.float32)
        words = len(weights)
        self._squares = _matrix(bodies, words, weights * weights)
        self._norms = np.sqrt(np.asarray(self._squares.sum(axis=1)).ravel())
        self._content = _matrix(bodies, words, content)
        self._present = _pattern(_both(bodies, headlines), words)
        self._lead = _matrix(_heads(bodies, LEAD_WORDS), words, content)
        self._headline = _matrix(headlines, words, content)
        self._grams = _gram_matrix(bodies)
        self._gram_counts = np.diff(self._grams.indptr).astype(np.float64)

    def judge(self, pairs: Pairs) -> Evidence:
        """The figures of pairs given as rows (left, right) of article places."""
        parts = [self._judge(pairs[at : at + PAIRS_AT_ONCE]) for at in range(0, max(len(pairs), 1), PAIRS_AT_ONCE)]
        names = Evidence.__slots__
        return Evidence(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))

    def _judge(self, pairs: Pairs) -> Evidence:
        left, right = pairs[:, 0], pairs[:, 1]
        shared = _overlap(self._grams, self._grams, left, right)
        counts_left, counts_right = self._gram_counts[left], self._gram_counts[right]
        fewer = np.maximum(np.minimum(counts_left, counts_right), 1)
        headlines = self._covers(self._headline, left, right, NO_HEADLINE)
        leads = self._covers(self._lead, left, right)
        words = self._covers(self._content, left, right)
        shorter_is_left = counts_left <= counts_right
        days = np.abs(self.times[left] - self.times[right]) / 86_400
        return Evidence(
            cosine=_overlap(self._squares, _pattern_of(self._squares), left, right)
            / np.maximum(self._norms[left] * self._norms[right], 1e-9),
            jaccard=shared / np.maximum(counts_left + counts_right - shared, 1),
            containment=shared / fewer,
            word_cover=np.where(shorter_is_left, words[0], words[1]),
            headline_min=np.minimum(*headlines),
            headline_max=np.maximum(*headlines),
            lead_min=np.minimum(*leads),
            lead_max=np.maximum(*leads),
            days=np.nan_to_num(days),
        )

    def _covers(
        self, told: Matrix, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], silent: float = 1.0
    ) -> tuple[Floats, Floats]:
        """Of what told says of either article, the share that the other one has; silent where it says nothing."""
        total = np.asarray(told.sum(axis=1)).ravel()
        found = []
        for one, other in ((left, right), (right, left)):
            covered = _overlap(told, self._present, one, other)
            found.append(np.where(total[one] > 0, covered / np.maximum(total[one], 1e-9), silent))
        return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Slots:
    """Short runs of words that were replaced while the words around them stayed."""

    numbers: int  # runs where different numbers stand
    rare: int  # runs where different rare words stand


def find_slots(alignment: Alignment, copy: Words, origin: Words, vocabulary: Sequence[str], weights: Floats) -> Slots:
    """Count the slots of a form: a toll, a date, a name, a place filled in anew."""
    numbers = rare = 0
    blocks = alignment.blocks.tolist()
    for (at, there, words), (next_at, next_there, _) in pairwise(blocks):
        mine, theirs = range(at + words, next_at), range(there + words, next_there)
        if not (0 < len(mine) <= SLOT_WORDS and 0 < len(theirs) <= SLOT_WORDS):
            continue
        here, beyond = {int(copy[i]) for i in mine}, {int(origin[i]) for i in theirs}
        new, old = here - beyond, beyond - here
        numbers += any(vocabulary[w].isdigit() for w in new) and any(vocabulary[w].isdigit() for w in old)
        rare += any(weights[w] >= CONTENT for w in new) and any(weights[w] >= CONTENT for w in old)
    return Slots(numbers, rare)


def _matrix(texts: Texts, words: int, weights: npt.NDArray[np.float32]) -> Matrix:
    """Texts by words: the weight where a text has the word, however often."""
    matrix = _pattern(texts, words)
    matrix.data = weights[matrix.indices]
    return matrix


def _pattern(texts: Texts, words: int) -> Matrix:
    rows = np.repeat(np.arange(len(texts)), np.diff(texts.bounds))
    ones = np.ones(len(texts.numbers), np.float32)
    matrix = sparse.csr_matrix((ones, (rows, texts.numbers)), shape=(len(texts), words))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _pattern_of(matrix: Matrix) -> Matrix:
    ones = np.ones(len(matrix.data), np.float32)
    return sparse.csr_matrix((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _gram_matrix(texts: Texts) -> Matrix:
    keys = [gram_keys(texts[place]) for place in range(len(texts))]
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in keys])
    together = np.concatenate(keys) if keys else np.zeros(0, np.uint64)
    distinct, columns = np.unique(together, return_inverse=True)
    ones = np.ones(len(together), np.float32)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(len(texts), max(len(distinct), 1)))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _overlap(told: Matrix, present: Matrix, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Floats:
    """Per pair the sum of what told says of left at the entries that right has in present."""
    return np.asarray(told[left].multiply(present[right]).sum(axis=1), np.float64).ravel()


def _heads(texts: Texts, words: int) -> Texts:
    starts = texts.bounds[:-1]
    sizes = np.minimum(np.diff(texts.bounds), words)
    return _selected(texts, starts, sizes)


def _selected(texts: Texts, starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> Texts:
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    places = np.repeat(starts - bounds[:-1], sizes) + np.arange(bounds[-1])
    return Texts.of_numbers(texts.numbers[places], bounds, texts.vocabulary)


def _both(bodies: Texts, headlines: Texts) -> Texts:
    sizes = np.diff(bodies.bounds) + np.diff(headlines.bounds)
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    numbers = np.empty(bounds[-1], np.int32)
    body_sizes = np.diff(bodies.bounds)
    at_body = np.repeat(bounds[:-1] - bodies.bounds[:-1], body_sizes) + np.arange(len(bodies.numbers))
    numbers[at_body] = bodies.numbers
    start = bounds[:-1] + body_sizes
    shift = np.repeat(start - headlines.bounds[:-1], np.diff(headlines.bounds))
    at_headline = shift + np.arange(len(headlines.numbers))
    numbers[at_headline] = headlines.numbers
    return Texts.of_numbers(numbers, bounds, bodies.vocabulary)
