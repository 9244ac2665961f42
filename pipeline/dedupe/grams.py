"""The word 3-grams of texts: which of them two texts share, and where they stand.

Grams are numbered among these texts, so that equal numbers are equal grams; a gram that stands nowhere else needs no
number. What pairs share is looked up in one table: the grams of a text are written into it, those of all its partners
are read from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.lookup import Ints, Lookup, Rows, reach
from pipeline.dedupe.texts import MAX_WORDS, Numbers, Texts, renumber

Flags = npt.NDArray[np.bool_]
# A block is at least one 3-gram: the shingle that candidates and Jaccard go by.
GRAM = 3
# What bounds the memory: words of the texts that a batch of pairs brings, and of the texts of its pairs, each text as
# often as it is in a pair.
_BATCH_WORDS = 750_000
_PAIRED_WORDS = 1_500_000
# Words whose keys are made at once, so that the work stays in the processor's cache.
_KEYED_AT_ONCE = 65_536
# Entries sorted at once: more than any text has, and few enough that text, number and place fit one number.
_SORTED_AT_ONCE = 1 << 18


class Shared(NamedTuple):
    """Places in first texts of pairs whose gram the second has, in the order of pair and place; there: where it has it
    first; is_unique: it has it nowhere else.
    """

    pair: Ints
    at: Ints
    there: Ints
    is_unique: Flags


class Grams:
    """The grams of texts by number.

    numbers has one for each word, of the gram that begins there; alone where that stands nowhere else.
    """

    def __init__(self, texts: Texts) -> None:
        sizes = np.minimum(np.diff(texts.bounds), MAX_WORDS)
        self._counts: Ints = np.maximum(sizes - GRAM + 1, 0)
        self._starts: Ints = texts.bounds[:-1]
        self.numbers, self.alone = _numbered(texts, self._counts)
        # What a look-up is about: the grams that stand elsewhere too, each with its place in its text counted from 1,
        # twice, and one more where it is the only one there.
        entries = np.flatnonzero(self.numbers != self.alone)
        bounds: Ints = np.searchsorted(entries, texts.bounds)
        owners = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(bounds))
        shared = self.numbers.take(entries)
        self._is_first, is_unique = _repeated(owners, shared, self.alone)
        places = (entries - self._starts.take(owners) + 1).astype(np.int32)
        self._rows = Rows(shared, bounds, places * 2 + is_unique)
        repeats = np.concatenate([[0], np.cumsum(~self._is_first)]).take(bounds)
        self.distinct_per_text: Ints = self._counts - np.diff(repeats)

    @cached_property
    def _places(self) -> Lookup:
        return Lookup([self._rows], self.alone + 1)

    def places(self, texts: Ints) -> tuple[Ints, Ints]:
        """Where the grams of texts begin in numbers, and how many they are."""
        return self._starts.take(texts), self._counts.take(texts)

    def count_shared(self, pairs: Pairs) -> npt.NDArray[np.float64]:
        """How many distinct grams each pair shares; quickest where pairs of one first text follow each other."""
        firsts = np.flatnonzero(self._is_first)
        distinct = Rows(self._rows.numbers.take(firsts), np.searchsorted(firsts, self._rows.bounds))
        counts = np.zeros(len(pairs))
        for found in Lookup([distinct], self.alone + 1).find(distinct, pairs[:, 1], pairs[:, 0]):
            counts[found.pairs] = np.diff(np.concatenate([[0], np.cumsum(found.values)])[found.edges])
        return counts

    def share(self, pairs: Pairs) -> Shared:
        """The grams of the first text of each pair that the second has, too; quickest where pairs of one second text
        follow each other.
        """
        none = np.zeros(0, np.int64)
        shared = [Shared(none, none, none, np.zeros(0, np.bool_))]
        assert self._rows.values is not None  # noqa: S101
        for found in self._places.find(self._rows, pairs[:, 0], pairs[:, 1]):
            hits = np.flatnonzero(found.values)
            pair = np.repeat(np.arange(found.pairs.start, found.pairs.stop), np.diff(found.edges)).take(hits)
            here, there = self._rows.values.take(found.entries.take(hits)), found.values.take(hits)
            at, place = ((one >> 1).astype(np.int64) - 1 for one in (here, there))
            shared.append(Shared(pair, at, place, (there & 1) > 0))
        return Shared(*(np.concatenate(column) for column in zip(*shared, strict=True)))


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


def _numbered(texts: Texts, counts: Ints) -> tuple[Numbers, int]:
    """For each word the number of the gram that begins there, by first appearance; and what stands for none."""
    places, is_new = recurring(texts.numbers)
    firsts = places.compress(is_new)
    alone = len(firsts)
    _, rank = renumber(firsts, len(texts.numbers))
    numbers = np.full(len(texts.numbers), alone, np.int32)
    numbers[places] = np.repeat(rank, np.diff(np.append(np.flatnonzero(is_new), len(places))))
    # The last words of a text begin no gram.
    beyond = np.diff(texts.bounds) - counts
    numbers[np.repeat(texts.bounds[1:] - np.cumsum(beyond), beyond) + np.arange(beyond.sum())] = alone
    return numbers, alone


def recurring(words: Numbers, bits: int | None = None) -> tuple[Numbers, Flags]:
    """Where grams of words that come more than once begin, equal ones together and in order; and which is a new one.

    bits: of a sorted number for the place, by default no more than it takes; the others are for the gram's key.
    """
    count = max(len(words) - GRAM + 1, 0)
    # The place goes into the low bits of the key: a plain sort is many times quicker than one that returns places.
    low = np.uint64((1 << (max(count, 1).bit_length() if bits is None else bits)) - 1)
    joint, same = np.arange(count, dtype=np.uint64), np.zeros(count + 1, np.bool_)
    parts = [slice(at, min(at + _KEYED_AT_ONCE, count)) for at in range(0, count, _KEYED_AT_ONCE)]
    for part in parts:
        joint[part] |= gram_keys(words[part.start : part.stop + GRAM - 1]) & ~low
    joint.sort()
    for part in parts:
        some = joint[max(part.start - 1, 0) : part.stop]
        same[max(part.start, 1) : part.stop] = some[1:] ^ some[:-1] <= low
    kept = [np.flatnonzero(same[part] | same[part.start + 1 : part.stop + 1]) + part.start for part in parts]
    places = np.concatenate([np.zeros(0, np.int32), *((joint.take(some) & low).astype(np.int32) for some in kept)])
    is_new = np.concatenate([np.zeros(0, np.bool_), *(~same.take(some) for some in kept)])
    return _told_apart(words, places, is_new)


def _told_apart(words: Numbers, places: Numbers, is_new: Flags) -> tuple[Numbers, Flags]:
    """The same, where other grams may stand among equal ones, as the bits of their keys did not tell."""
    is_other = [np.zeros(0, np.bool_)]
    for at in range(0, len(places), _KEYED_AT_ONCE):
        columns = [words.take(places[at : at + _KEYED_AT_ONCE + 1] + step) for step in range(GRAM)]
        is_other.append(np.logical_or.reduce([one[1:] != one[:-1] for one in columns]))
    mixed = np.flatnonzero(np.concatenate(is_other)[: max(len(places) - 1, 0)] & ~is_new[1:])
    starts = np.append(np.flatnonzero(is_new), len(places))
    for group in np.unique(np.searchsorted(starts, mixed, side="right") - 1).tolist():
        some = slice(starts[group], starts[group + 1])
        columns = [words[places[some] + step] for step in range(GRAM)]
        order = np.lexsort((places[some], *columns))
        changes = [one[order][1:] != one[order][:-1] for one in columns]
        is_new[some] = np.concatenate([[True], np.logical_or.reduce(changes)])
        places[some] = places[some][order]
    return places, is_new


def _repeated(owners: Numbers, numbers: Numbers, count: int) -> tuple[Flags, Flags]:
    """Of entries, text after text, whether their text has that number for the first time, and whether only once."""
    number_bits, place_bits = max(count, 1).bit_length(), _SORTED_AT_ONCE.bit_length()
    is_first, is_unique = np.ones(len(owners), np.bool_), np.ones(len(owners), np.bool_)
    start = 0
    while start < len(owners):
        stop = min(start + _SORTED_AT_ONCE, len(owners))  # whole texts
        if stop < len(owners):
            before = int(np.searchsorted(owners, owners[stop]))
            stop = before if before > start else int(np.searchsorted(owners, owners[start], side="right"))
        owner = owners[start:stop].astype(np.int64) - int(owners[start])
        joint = ((owner << number_bits | numbers[start:stop]) << place_bits) | np.arange(stop - start)
        joint.sort()
        same = np.diff(joint >> place_bits) == 0
        later = (joint[1:] & ((1 << place_bits) - 1))[same] + start
        is_first[later] = is_unique[later] = False
        is_unique[(joint[:-1] & ((1 << place_bits) - 1))[same] + start] = False
        start = stop
    return is_first, is_unique


def parts_of(sizes: Ints) -> Iterator[slice]:
    """Consecutive pairs, of the texts of which there are so many words, that are aligned at once."""
    paired = np.cumsum(sizes.sum(axis=1))
    start = 0
    while start < len(sizes):
        stop = reach(paired, start, _PAIRED_WORDS)
        yield slice(start, stop)
        start = stop


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
        stop = min(reach(brought, start, _BATCH_WORDS), reach(paired, start, _PAIRED_WORDS))
        places, local = np.unique(pairs[start:stop], return_inverse=True)
        yield slice(start, stop), texts.select(places), local.reshape(-1, 2)
        start = stop
