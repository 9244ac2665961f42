"""Articles as arrays of word numbers: what signing, comparing and aligning work on.

A word's number is only good inside one Texts; what is stored goes by the word's hash, which is the same everywhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import xxhash

from pipeline.dedupe.folding import FoldedWords, batched, fold_texts

Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
# No report of this world has more words; what is beyond takes no part, so that one hostile page cannot stall a fold.
MAX_WORDS = 100_000


class Vocabulary:
    """Numbers of words: words[number] and hashes[number] are a word in its one spelling and its xxh3_64."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.hashes = array("Q")
        # Keys of all spellings, rising, and their numbers: looked up many at once.
        self._keys = np.zeros(0, np.uint64)
        self._numbers: Numbers = np.zeros(0, np.int32)

    @classmethod
    def of(cls, words: list[str], hashes: Hashes) -> Vocabulary:
        """Words that are known with their hashes, to which none are added."""
        vocabulary = cls()
        vocabulary.words, vocabulary.hashes = words, array("Q", hashes.tobytes())
        return vocabulary

    def numbers_of(self, folded: FoldedWords) -> Numbers:
        """The number of each spelling of some texts; new ones are taken in."""
        at = np.searchsorted(self._keys, folded.keys)
        is_new = np.ones(len(at), np.bool_)
        inside = at < len(self._keys)
        is_new[inside] = self._keys[at[inside]] != folded.keys[inside]
        new = np.flatnonzero(is_new)
        count = len(self.words)
        text = folded.text
        words = [
            text[first:last] for first, last in zip(folded.first[new].tolist(), folded.last[new].tolist(), strict=True)
        ]
        self.words += words
        self.hashes.extend([xxhash.xxh3_64_intdigest(word.encode()) for word in words])
        numbers = np.empty(len(at), np.int32)
        numbers[~is_new] = self._numbers[at[~is_new]]
        numbers[new] = np.arange(count, count + len(new))
        self._keys = np.insert(self._keys, at[new], folded.keys[new])
        self._numbers = np.insert(self._numbers, at[new], numbers[new])
        return numbers


class Texts:
    """The words of many texts in one array; text i is numbers[bounds[i]:bounds[i + 1]]."""

    def __init__(self, bodies: Iterable[str], vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = Vocabulary() if vocabulary is None else vocabulary
        pieces: list[Numbers] = [np.zeros(0, np.int32)]
        sizes: list[npt.NDArray[np.int64]] = [np.zeros(1, np.int64)]
        for batch in batched(bodies):
            folded = fold_texts(batch)
            pieces.append(self.vocabulary.numbers_of(folded).take(folded.kinds))
            sizes.append(np.diff(folded.bounds))
        self.numbers: Numbers = np.concatenate(pieces)
        self.bounds = np.cumsum(np.concatenate(sizes))
        self.hashes: Hashes = np.array(self.vocabulary.hashes, np.uint64)

    @classmethod
    def of_numbers(
        cls, numbers: Numbers, bounds: npt.NDArray[np.int64], vocabulary: Vocabulary, hashes: Hashes | None = None
    ) -> Texts:
        """Texts made of words that are numbered already."""
        texts = cls.__new__(cls)
        texts.numbers, texts.bounds, texts.vocabulary = numbers, bounds, vocabulary
        texts.hashes = np.array(vocabulary.hashes, np.uint64) if hashes is None else hashes
        return texts

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, place: int) -> Numbers:
        """The words of one text."""
        return self.numbers[self.bounds[place] : self.bounds[place + 1]]

    def cut(self) -> Texts:
        """The texts, of each its first MAX_WORDS words."""
        if np.diff(self.bounds).max(initial=0) <= MAX_WORDS:
            return self
        return self.select(np.arange(len(self)))

    def only(self, places: npt.NDArray[np.int64]) -> Texts:
        """The same texts at their places, those that are not named without words."""
        is_kept = np.zeros(len(self), np.bool_)
        is_kept[places] = True
        sizes = np.diff(self.bounds)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes * is_kept)])
        return Texts.of_numbers(self.numbers.compress(np.repeat(is_kept, sizes)), bounds, self.vocabulary, self.hashes)

    def select(self, places: npt.NDArray[np.int64], most: int = MAX_WORDS) -> Texts:
        """Some texts alone, of each its first words."""
        starts = self.bounds[places]
        sizes = np.minimum(self.bounds[places + 1] - starts, most)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        at = np.repeat(starts - bounds[:-1], sizes) + np.arange(bounds[-1])
        return Texts.of_numbers(self.numbers.take(at), bounds, self.vocabulary, self.hashes)


def renumber(numbers: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The different ones of some numbers below size, rising; and for each entry its place among those.

    As np.unique with its inverse, without sorting.
    """
    is_used = np.zeros(size, np.bool_)
    is_used[numbers] = True
    rank = np.cumsum(is_used, dtype=np.int32)
    rank -= 1
    return np.flatnonzero(is_used).astype(np.int32), rank.take(numbers)
