"""Fingerprints of passages: keys that two texts have in common wherever they share a sentence, word for word.

A digest or a brief may hold one sentence of a report: a twentieth of both texts, which MinHash signatures see by luck
only. So the 6-grams of words are winnowed (Schleimer, Wilkerson and Aiken, 2003): of every few neighbours the one with
the least hash stands for them, whatever surrounds the passage. Two that follow each other make a key, as one alone is
often an official's title or a formula. A passage of thirteen words or more gives at least one key; a report some
hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.texts import Hashes, Texts

Keys = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
PASSAGE_GRAM = 6
NEIGHBOURS = 4
# Words that give at least one key wherever they stand.
SURE_WORDS = PASSAGE_GRAM + 2 * NEIGHBOURS - 1
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0x94D049BB133111EB)
# Words handled at once, so that the work stays in the processor's cache.
_BATCH = 65_536


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Keys of many texts in one array; text i has keys[bounds[i]:bounds[i + 1]], in the order of the text."""

    keys: Keys
    bounds: Ints

    def __getitem__(self, place: int) -> Keys:
        """The keys of one text."""
        return self.keys[self.bounds[place] : self.bounds[place + 1]]

    @property
    def texts(self) -> Ints:
        """The text of each key."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def fingerprint(texts: Texts) -> Fingerprints:
    """The fingerprints of texts; a text too short for two neighbouring passages has none."""
    keys, counts = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    first = 0
    while first < len(texts):
        last = max(int(np.searchsorted(texts.bounds, texts.bounds[first] + _BATCH, side="right")) - 1, first + 1)
        some, owners = _keys(texts, first, last)
        keys.append(some)
        counts.append(np.bincount(owners, minlength=last - first))
        first = last
    return joined(np.concatenate(keys), np.concatenate(counts))


def joined(keys: Keys, counts: Ints) -> Fingerprints:
    """Fingerprints from the keys of texts one after the other, and how many each has."""
    return Fingerprints(keys, np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]))


def _keys(texts: Texts, first: int, last: int) -> tuple[Keys, Ints]:
    """Keys of texts first to last, and the place of the text among those that each is of."""
    start, stop = texts.bounds[first], texts.bounds[last]
    sizes = np.diff(texts.bounds[first : last + 1])
    owner = np.repeat(np.arange(last - first), sizes)
    least = _least(_grams(texts.hashes.take(texts.numbers[start:stop])))
    inside = owner[: len(least)] == owner[len(owner) - len(least) :]
    chosen, owner = least.compress(inside), owner[: len(least)].compress(inside)
    same_text = owner[1:] == owner[:-1]
    starts = np.concatenate([[True], (chosen[1:] != chosen[:-1]) | ~same_text])[: len(chosen)]
    chosen, owner = chosen.compress(starts), owner.compress(starts)
    mixed = chosen[:-1] * _FACTOR + chosen[1:]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    kept = owner[1:] == owner[:-1]
    return (mixed.compress(kept) >> np.uint64(32)).astype(np.uint32), owner[1:].compress(kept)


def _grams(hashes: Hashes) -> Hashes:
    """A hash for each gram."""
    count = max(len(hashes) - PASSAGE_GRAM + 1, 0)
    grams = hashes[:count].copy()
    for word in range(1, PASSAGE_GRAM):
        grams *= _FACTOR
        grams += hashes[word : word + count]
    grams = (grams ^ (grams >> np.uint64(31))) * _MIX
    grams ^= grams >> np.uint64(29)
    return grams


def _least(grams: Hashes) -> Hashes:
    """Of each gram and the next few the least."""
    count = max(len(grams) - NEIGHBOURS + 1, 0)
    least = grams[:count].copy()
    for step in range(1, NEIGHBOURS):
        np.minimum(least, grams[step : step + count], out=least)
    return least
