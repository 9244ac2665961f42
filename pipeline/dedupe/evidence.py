"""What speaks for two articles being the same report: figures of every candidate pair, computed for many pairs at once.

Each figure depends on the two articles alone (and on fixed background frequencies), so that the verdict is the same
whatever else is known, in whatever order it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.grams import Grams, batches_of
from pipeline.dedupe.rarity import tell
from pipeline.dedupe.texts import Texts

Floats = npt.NDArray[np.float64]
Matrix = Any  # scipy.sparse.csr_matrix, which carries no types
# Words of less than this (in nats) tell nothing: articles, prepositions, "said".
CONTENT = 3.0
# A headline that nobody stated, or of common words alone, says as much as the average one.
NO_HEADLINE = 0.6


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How much of their word 3-grams pairs share, one array entry per pair; shares are 0 to 1."""

    jaccard: Floats
    containment: Floats  # shared 3-grams / those of the text with fewer


@dataclass(frozen=True, slots=True)
class Headlines:
    """What either headline of pairs tells, the share that the other article says too: the smaller and the larger."""

    least: Floats
    most: Floats


class Figures:
    """Judges pairs of articles, given as rows (left, right) of their places; cheapest where pairs come sorted."""

    def __init__(self, bodies: Texts, headlines: Texts) -> None:
        self._bodies, self._headlines = bodies, headlines
        weights = tell(bodies.vocabulary.words)
        # In double precision, so that the order in which words are added does not tell in the outcome.
        self._content = np.where(weights >= CONTENT, weights, 0).astype(np.float64)

    def compare(self, pairs: Pairs) -> Resemblance:
        """How alike pairs are."""
        shared, counts = [np.zeros(0)], [np.zeros((0, 2))]
        for _, texts, local in batches_of(self._bodies, pairs):
            grams = Grams(texts)
            shared.append(grams.count_shared(local))
            counts.append(grams.distinct_per_text[local].astype(np.float64))
        both, each = np.concatenate(shared), np.concatenate(counts)
        fewer = np.maximum(each.min(axis=1), 1)
        return Resemblance(both / np.maximum(each.sum(axis=1) - both, 1), both / fewer)

    def hear(self, pairs: Pairs) -> Headlines:
        """How far each article says what the other one's headline tells."""
        parts = [np.zeros((2, 0))]
        for rows, bodies, local in batches_of(self._bodies, pairs):
            said = _pattern(self._headlines.select(np.unique(pairs[rows])), len(self._content))
            anywhere = _pattern(bodies, len(self._content)).maximum(said)
            told = sparse.csr_matrix((self._content[said.indices], said.indices, said.indptr), shape=said.shape)
            parts.append(np.stack(_covers(told, anywhere, local)))
        shares = np.concatenate(parts, axis=1)
        return Headlines(shares.min(axis=0), shares.max(axis=0))


def _pattern(texts: Texts, words: int) -> Matrix:
    """Texts by words: 1 where a text has the word, however often."""
    ones = np.ones(len(texts.numbers), np.float32)
    # Copied, as the next line sorts in place.
    matrix = sparse.csr_matrix((ones, texts.numbers, texts.bounds), shape=(len(texts), words), copy=True)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _covers(told: Matrix, present: Matrix, pairs: Pairs) -> tuple[Floats, Floats]:
    """Of what told says of either article, the share that the other one has."""
    total = np.asarray(told.sum(axis=1)).ravel()
    found = []
    for one, other in ((pairs[:, 0], pairs[:, 1]), (pairs[:, 1], pairs[:, 0])):
        covered = _overlap(told, present, one, other)
        found.append(np.where(total[one] > 0, covered / np.maximum(total[one], 1e-9), NO_HEADLINE))
    return found[0], found[1]


def _overlap(told: Matrix, present: Matrix, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Floats:
    """Per pair the sum of what told says of left at the entries that right has in present."""
    return np.asarray(told[left].multiply(present[right]).sum(axis=1), np.float64).ravel()
