"""What speaks for two articles being the same report: figures of every candidate pair, computed for many pairs at once.

Each figure depends on the two articles alone (and on fixed background frequencies), so that the verdict is the same
whatever else is known, in whatever order it came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs, distinct
from pipeline.dedupe.grams import Grams
from pipeline.dedupe.lookup import Ints, Lookup, Rows
from pipeline.dedupe.rarity import tell
from pipeline.dedupe.texts import Texts

Floats = npt.NDArray[np.float64]
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

    def __init__(self, bodies: Texts, headlines: Texts, grams: Grams) -> None:
        self._headlines, self._grams = headlines, grams
        # What an article says anywhere.
        self._said = [Rows(one.numbers, one.bounds) for one in (bodies.cut(), headlines)]
        words = bodies.vocabulary.words
        used = np.unique(headlines.numbers)
        weights = tell([words[number] for number in used.tolist()])
        # In double precision, so that the order in which words are added does not tell in the outcome.
        self._content = np.zeros(len(words))  # of what headlines say
        self._content[used] = np.where(weights >= CONTENT, weights, 0)

    def compare(self, pairs: Pairs) -> Resemblance:
        """How alike pairs are."""
        both = self._grams.count_shared(pairs)
        each = self._grams.distinct_per_text[pairs].astype(np.float64)
        fewer = np.maximum(each.min(axis=1), 1)
        return Resemblance(both / np.maximum(each.sum(axis=1) - both, 1), both / fewer)

    def hear(self, pairs: Pairs) -> Headlines:
        """How far each article says what the other one's headline tells."""
        telling, said_anywhere = self._telling_words(), Lookup(self._said, len(self._content))
        total = _totals(self._content[telling.numbers], telling.bounds)
        ways = np.concatenate([pairs, pairs[:, ::-1]])  # the headline of the one, the words of the other
        order = np.argsort(ways[:, 1], kind="stable")
        one, other = ways.take(order, axis=0).T
        said = np.zeros(len(ways))
        for found in said_anywhere.find(telling, one, other):
            weights = np.where(found.values, self._content.take(telling.numbers.take(found.entries)), 0)
            said[found.pairs] = _totals(weights, found.edges)
        shares = np.empty(len(ways))
        shares[order] = np.where(total[one] > 0, said / np.maximum(total[one], 1e-9), NO_HEADLINE)
        return Headlines(np.minimum(*shares.reshape(2, -1)), np.maximum(*shares.reshape(2, -1)))

    def _telling_words(self) -> Rows:
        """The words of headlines that tell something, each once."""
        numbers, bounds = self._headlines.numbers, self._headlines.bounds
        owner = np.repeat(np.arange(len(self._headlines)), np.diff(bounds))
        telling = self._content.take(numbers) > 0
        held = distinct(owner[telling] * len(self._content) + numbers[telling])
        owner, words = np.divmod(held, len(self._content))
        return Rows(words.astype(np.int32), np.searchsorted(owner, np.arange(len(bounds))))


def _totals(values: Floats, bounds: Ints) -> Floats:
    """The sum of values[bounds[i] : bounds[i + 1]] for each i; exact for what words tell, so many at once."""
    return np.diff(np.concatenate([np.zeros(1), np.cumsum(values)])[bounds])
