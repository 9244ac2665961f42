"""Articles as arrays of word numbers: what signing, comparing and aligning work on.

A word's number is only good inside one Texts; what is stored goes by the word's hash, which is the same everywhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import xxhash

from pipeline.normalise import fold_word, split_words

Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
# No report of this world has more words; what is beyond takes no part, so that one hostile page cannot stall a fold.
MAX_WORDS = 100_000
# Texts whose words are looked up at once.
_BATCH = 256


class Vocabulary(dict[str, int]):
    """Codes of what stands between spaces; each printed form is split and folded only once.

    words[number] and hashes[number] are a word in its one spelling and its xxh3_64; a code's words are
    pool[starts[code]:starts[code] + counts[code]], as «(AA)-after» holds two and a lone dash none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hashes = array("Q")
        self.pool = array("i")
        self.starts = array("i")
        self.counts = array("i")
        self._numbers: dict[str, int] = {}

    def __missing__(self, printed: str) -> int:
        code = self[printed] = len(self.starts)
        self.starts.append(len(self.pool))
        # Most of what stands between spaces is one word and nothing else.
        raw_words = (printed,) if printed.isalpha() else split_words(printed)
        for raw in raw_words:
            if word := fold_word.__wrapped__(raw):
                number = self._numbers.get(word)
                self.pool.append(self._number(word) if number is None else number)
        self.counts.append(len(self.pool) - self.starts[code])
        return code

    def _number(self, word: str) -> int:
        number = self._numbers[word] = len(self.words)
        self.words.append(word)
        self.hashes.append(xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")))
        return number


class Texts:
    """The words of many texts in one array; text i is numbers[bounds[i]:bounds[i + 1]]."""

    def __init__(self, bodies: Iterable[str], vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = Vocabulary() if vocabulary is None else vocabulary
        pieces: list[Numbers] = [np.zeros(0, np.int32)]
        sizes: list[npt.NDArray[np.int64]] = [np.zeros(1, np.int64)]
        for batch in batched(bodies, _BATCH):
            words, counts = self._look_up(batch)
            pieces.append(words)
            sizes.append(counts)
        self.numbers: Numbers = np.concatenate(pieces)
        self.bounds = np.cumsum(np.concatenate(sizes))
        self.hashes: Hashes = np.array(self.vocabulary.hashes, np.uint64)

    @classmethod
    def of_numbers(cls, numbers: Numbers, bounds: npt.NDArray[np.int64], vocabulary: Vocabulary) -> Texts:
        """Texts made of words that are numbered already."""
        texts = cls((), vocabulary)
        texts.numbers, texts.bounds = numbers, bounds
        return texts

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, place: int) -> Numbers:
        """The words of one text."""
        return self.numbers[self.bounds[place] : self.bounds[place + 1]]

    def _look_up(self, bodies: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """The words of some texts one after the other, and how many each has."""
        code_of = self.vocabulary.__getitem__
        split = [body.split()[:MAX_WORDS] for body in bodies]
        codes = np.fromiter(map(code_of, chain.from_iterable(split)), np.int32)
        starts = np.array(self.vocabulary.starts, np.int32)[codes]
        counts = np.array(self.vocabulary.counts, np.int32)[codes]
        ends = np.cumsum(counts, dtype=np.int64)
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(starts - ends + counts, counts) + np.arange(total)
        text_ends = np.concatenate([np.zeros(1, np.int64), ends])[np.cumsum([len(one) for one in split])]
        return np.array(self.vocabulary.pool, np.int32)[places], np.diff(text_ends, prepend=0)


def batched(bodies: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of so many bodies at most."""
    rest = iter(bodies)
    while batch := list(islice(rest, size)):
        yield batch
