"""Folds and splits many texts at once: what pipeline.normalise does word by word, as operations on character arrays.

A character is a letter of a word (in its one form), a mark inside words, or a separator; a table says which. Words are
told apart by a 64-bit hash of their letters, so that each spelling becomes a string only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.normalise import fold_word, folds_by_character, split_words, tokenise

Letters = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
_NONE: Ints = np.zeros(0, np.int64)
_CODES = 0x110000  # characters of Unicode
_SEPARATOR, _MARK = 0, _CODES  # neither is a letter
# Odd multipliers of a hash that is a sum over letters; it wraps at 64 bits.
_STEP = np.uint64(0x9E3779B97F4A7C15)
# Characters folded at once: few enough for the processor's cache, enough that most spellings recur.
_BATCH = 500_000


@dataclass(frozen=True, slots=True)
class FoldedWords:
    """The words of some texts one after the other; text i has those from bounds[i] to bounds[i + 1].

    kinds[word] is the number of its spelling, from 0 to the number of keys; spelling k reads letters
    from first[k] to last[k] of text.
    """

    kinds: Ints
    bounds: Ints
    keys: npt.NDArray[np.uint64]
    first: Ints
    last: Ints
    text: str


def batched(bodies: Iterable[str], size: int = _BATCH) -> Iterator[list[str]]:
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


def fold_texts(texts: Sequence[str]) -> FoldedWords:
    """The words of texts, folded."""
    plain = [one if folds_by_character(one) else " ".join(tokenise(one).words) for one in texts]
    codes = np.frombuffer("\n".join(plain).encode("utf-32-le", "surrogatepass"), "<u4")
    letters = _table()[codes]
    ends = np.cumsum([len(one) + 1 for one in plain]) - 1  # a line break behind each, but for the last
    kept = letters != _MARK
    if not kept.all():
        places = np.concatenate([[0], np.cumsum(kept)])
        letters, ends = letters[kept], places[np.minimum(ends, len(kept))]
    edges = np.flatnonzero(np.diff(letters != _SEPARATOR, prepend=False, append=False))
    starts, stops = edges[::2], edges[1::2]
    keys = _keys(letters, starts, stops)
    order = np.argsort(keys)
    ranked = keys[order]
    is_new = np.concatenate([[True], ranked[1:] != ranked[:-1]])[: len(ranked)]
    kinds = np.empty(len(keys), np.int64)
    kinds[order] = np.cumsum(is_new) - 1
    some = order[is_new]
    bounds = np.concatenate([[0], np.searchsorted(starts, ends)])
    text = letters.tobytes().decode("utf-32-le")
    return FoldedWords(kinds, bounds, ranked[is_new], starts[some], stops[some], text)


@dataclass(frozen=True, slots=True)
class WordPlaces:
    """Where the words of some texts stand: word i of text t from starts[bounds[t] + i] to ends[bounds[t] + i] in t."""

    starts: Ints
    ends: Ints
    bounds: Ints


def find_places(texts: Sequence[str]) -> WordPlaces:
    """The places of the words that fold_texts finds."""
    starts, ends, sizes = [_NONE], [_NONE], [_NONE]
    for batch in batched(texts):
        found = _places_of([one if folds_by_character(one) else "" for one in batch])
        bounds = found.bounds.tolist()
        for at, text in enumerate(batch):
            here = slice(bounds[at], bounds[at + 1])
            if here.start < here.stop or not text:
                starts.append(found.starts[here])
                ends.append(found.ends[here])
            else:
                words = tokenise(text)
                starts.append(np.array(words.starts, np.int64))
                ends.append(np.array(words.ends, np.int64))
            sizes.append(np.array([len(starts[-1])]))
    return WordPlaces(np.concatenate(starts), np.concatenate(ends), np.cumsum(np.concatenate([[0], *sizes])))


def _places_of(texts: Sequence[str]) -> WordPlaces:
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    letters = _table()[codes]
    edges = np.flatnonzero(np.diff(letters != _SEPARATOR, prepend=False, append=False))
    starts, stops = edges[::2], edges[1::2]
    is_mark = letters == _MARK
    if is_mark.any():  # a run of marks alone is no word
        marks = np.concatenate([[0], np.cumsum(is_mark)])
        words = marks[stops] - marks[starts] < stops - starts
        starts, stops = starts[words], stops[words]
    first = np.cumsum([0, *(len(one) + 1 for one in texts)])
    bounds = np.searchsorted(starts, first)
    shift = np.repeat(first[:-1], np.diff(bounds))
    return WordPlaces(starts - shift, stops - shift, bounds)


def _keys(letters: Letters, starts: Ints, stops: Ints) -> npt.NDArray[np.uint64]:
    """A hash per word: the sum of its letters, each times a power of _STEP that tells its place in the word."""
    powers, inverse = _powers(1 << len(letters).bit_length())
    # Sums over a word as differences of running ones; powers count from the first letter of all, so back they go.
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(_weights()[letters] * powers[: len(letters)], out=sums[1:])
    keys: npt.NDArray[np.uint64] = (sums[stops] - sums[starts]) * inverse[starts]
    return keys


@lru_cache(maxsize=1)
def _table() -> Letters:
    """What each character is: a letter in its one form, _MARK or _SEPARATOR. Characters that do not fold alone come
    folded already: those of words stand for themselves.
    """
    table = np.arange(_CODES, dtype=np.uint32)
    table[:0x10000] = _SEPARATOR
    plane = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    for letter in split_words(" ".join(filter(folds_by_character, plane))):
        folded = fold_word.__wrapped__(letter)
        table[ord(letter)] = ord(folded) if folded else _MARK
    for letter in plane:
        if letter.isalnum() and not folds_by_character(letter):
            table[ord(letter)] = ord(letter)
    return table


@lru_cache(maxsize=1)
def _weights() -> npt.NDArray[np.uint64]:
    return np.random.default_rng(1).integers(1, 2**64 - 1, _CODES, np.uint64)


@lru_cache(maxsize=1)
def _powers(count: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Powers of _STEP, and of its inverse; both begin with 1."""
    inverse = np.uint64(pow(int(_STEP), -1, 1 << 64))
    powers = np.ones((2, count), np.uint64)
    powers[0, 1:], powers[1, 1:] = _STEP, inverse
    np.multiply.accumulate(powers, axis=1, out=powers)
    return powers[0], powers[1]
