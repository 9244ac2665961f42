"""The word 3-grams of some texts: which of them two texts share, and where they stand.

Grams are numbered among these texts, so that equal numbers are equal grams. Work goes by batches of pairs: the texts of
a batch are few, whatever the corpus holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.texts import Numbers, Texts

Ints = npt.NDArray[np.int64]
# A block is at least one 3-gram: the shingle that candidates and Jaccard go by.
GRAM = 3
# What bounds the memory: words of the texts that a batch of pairs brings, and of the texts of its pairs, each text as
# often as it is in a pair; and of so many of the latter what is shared is found at once.
_BATCH_WORDS = 750_000
_PAIRED_WORDS = 6_000_000
_WORDS_AT_ONCE = 1_500_000


class Shared(NamedTuple):
    """Shared grams of pairs, ordered by pair: entries are places in Grams.starts and Grams.counts."""

    pair: Ints
    mine: Ints
    yours: Ints


class Grams:
    """The distinct grams of texts as entries, text after text.

    An entry stands counts[entry] times in its text, at at[starts[entry]] first. numbers holds the grams of text i as
    they follow each other at places[i]:places[i + 1].
    """

    def __init__(self, texts: Texts) -> None:
        sizes = np.maximum(np.diff(texts.bounds) - GRAM + 1, 0)
        self.places: Ints = np.concatenate([[0], np.cumsum(sizes)])
        text = np.repeat(np.arange(len(sizes)), sizes)
        at = np.arange(len(text)) - self.places[text]
        self.numbers, self.distinct = _numbered(gram_keys(texts.numbers)[texts.bounds[text] + at])
        # One plain sort of (text, gram, place) in the bits of a number.
        place_bits, gram_bits = _bits(int(sizes.max(initial=0))), _bits(self.distinct)
        joint = ((text << gram_bits | self.numbers) << place_bits) | at
        joint.sort()
        self.at: Ints = joint & ((1 << place_bits) - 1)
        entries = joint >> place_bits
        self.starts: Ints = np.flatnonzero(np.concatenate([[True], entries[1:] != entries[:-1]])[: len(entries)])
        self.counts: Ints = np.diff(np.append(self.starts, len(entries)))
        entries = entries[self.starts]
        bounds = np.searchsorted(entries >> gram_bits, np.arange(len(sizes) + 1))
        shape = (len(sizes), max(self.distinct, 1))
        columns = entries & ((1 << gram_bits) - 1)
        self._present = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, bounds), shape=shape)
        self._entries = sparse.csr_matrix((np.arange(1.0, len(columns) + 1), columns, bounds), shape=shape)
        self.distinct_per_text: Ints = np.diff(bounds)

    def count_shared(self, pairs: Pairs) -> npt.NDArray[np.float64]:
        """How many distinct grams each pair shares."""
        counts = [np.zeros(0)]
        for some in self._parts(pairs):
            both = self._present[some[:, 0]].multiply(self._present[some[:, 1]])
            counts.append(np.diff(both.indptr).astype(np.float64))
        return np.concatenate(counts)

    def share(self, pairs: Pairs) -> Shared:
        """The distinct grams that each pair shares."""
        none = np.zeros(0, np.int64)
        found, first = [Shared(none, none, none)], 0
        for some in self._parts(pairs):
            left, right = some[:, 0], some[:, 1]
            mine: Any = self._entries[left].multiply(self._present[right])
            yours: Any = self._present[left].multiply(self._entries[right])
            pair = np.repeat(np.arange(first, first + len(some)), np.diff(mine.indptr))
            found.append(Shared(pair, mine.data.astype(np.int64) - 1, yours.data.astype(np.int64) - 1))
            first += len(some)
        return Shared(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _parts(self, pairs: Pairs) -> Iterator[Pairs]:
        """Consecutive pairs of not too many words together."""
        words = np.cumsum(np.diff(self.places)[pairs].sum(axis=1))
        start = 0
        while start < len(pairs):
            stop = _reach(words, start, _WORDS_AT_ONCE)
            yield pairs[start:stop]
            start = stop


def gram_keys(words: Numbers) -> npt.NDArray[np.uint64]:
    """A key per 3-gram; equal 3-grams have equal keys, others differ but by an accident of 1 in 2**64."""
    if len(words) < GRAM:
        return np.zeros(0, np.uint64)
    wide = words.astype(np.uint64)
    keys = wide[:-2] * np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(31))) + wide[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    keys = (keys ^ (keys >> np.uint64(29))) + wide[2:] * np.uint64(0x165667B19E3779F9)
    result: npt.NDArray[np.uint64] = (keys ^ (keys >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    return result


def batches_of(texts: Texts, pairs: Pairs) -> Iterator[tuple[slice, Texts, Pairs]]:
    """Consecutive pairs with their texts alone: which pairs, the texts, and the pairs as places in those texts.

    Cheapest where pairs come sorted, as each text is then in few batches.
    """
    sizes = np.diff(texts.bounds)[pairs]
    paired = np.cumsum(sizes.sum(axis=1))
    is_new = np.zeros(pairs.size, np.bool_)
    is_new[np.unique(pairs, return_index=True)[1]] = True  # where a text comes for the first time
    brought = np.cumsum((sizes * is_new.reshape(pairs.shape)).sum(axis=1))
    start = 0
    while start < len(pairs):
        stop = min(_reach(brought, start, _BATCH_WORDS), _reach(paired, start, _PAIRED_WORDS))
        places, local = np.unique(pairs[start:stop], return_inverse=True)
        yield slice(start, stop), texts.select(places), local.reshape(-1, 2)
        start = stop


def _reach(words: Ints, start: int, most: int) -> int:
    """Where pairs from start on come to more than so many words, of running sums; at least one is taken."""
    before = int(words[start - 1]) if start else 0
    return max(int(np.searchsorted(words, before + most, side="right")), start + 1)


def _numbered(keys: npt.NDArray[np.uint64]) -> tuple[Ints, int]:
    """Keys as numbers from 0, and how many there are."""
    order = np.argsort(keys)
    ranked = keys[order]
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = np.cumsum(np.concatenate([[False], ranked[1:] != ranked[:-1]])[: len(keys)])
    return numbers, int(numbers[order[-1]]) + 1 if len(keys) else 0


def _bits(values: int) -> int:
    return max(values, 1).bit_length()
