"""Articles as arrays of word numbers: what signing, comparing and aligning work on.

A word's number is only good inside one Texts; what is stored goes by the word's hash, which is the same everywhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import xxhash

from pipeline.dedupe.folding import FoldedWords, fold_texts

Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
# No report of this world has more words; what is beyond takes no part, so that one hostile page cannot stall a fold.
MAX_WORDS = 100_000
# Characters folded at once: few enough for the processor's cache, enough that most spellings recur.
_BATCH = 500_000


class Vocabulary:
    """Numbers of words: words[number] and hashes[number] are a word in its one spelling and its xxh3_64."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.hashes = array("Q")
        self._numbers: dict[int, int] = {}

    def numbers_of(self, folded: FoldedWords) -> Numbers:
        """The number of each spelling of some texts; new ones are taken in."""
        numbers = list(map(self._numbers.get, keys := folded.keys.tolist()))
        for kind in [kind for kind, number in enumerate(numbers) if number is None]:
            word = folded.text[folded.first[kind] : folded.last[kind]]
            numbers[kind] = self._numbers[keys[kind]] = len(self.words)
            self.words.append(word)
            self.hashes.append(xxhash.xxh3_64_intdigest(word.encode()))
        return np.array(numbers, np.int32)


class Texts:
    """The words of many texts in one array; text i is numbers[bounds[i]:bounds[i + 1]]."""

    def __init__(self, bodies: Iterable[str], vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = Vocabulary() if vocabulary is None else vocabulary
        pieces: list[Numbers] = [np.zeros(0, np.int32)]
        sizes: list[npt.NDArray[np.int64]] = [np.zeros(1, np.int64)]
        for batch in batched(bodies, _BATCH):
            folded = fold_texts(batch)
            pieces.append(self.vocabulary.numbers_of(folded)[folded.kinds])
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

    def select(self, places: npt.NDArray[np.int64], most: int = MAX_WORDS) -> Texts:
        """Some texts alone, of each its first words."""
        starts = self.bounds[places]
        sizes = np.minimum(self.bounds[places + 1] - starts, most)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        at = np.repeat(starts - bounds[:-1], sizes) + np.arange(bounds[-1])
        return Texts.of_numbers(self.numbers[at], bounds, self.vocabulary, self.hashes)


def batched(bodies: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of bodies with so many characters together, or of one longer body."""
    batch: list[str] = []
    total = 0
    for body in bodies:
        batch.append(body)
        total += len(body)
        if total >= size:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
