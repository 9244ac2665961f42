"""Folds and splits many texts at once: what pipeline.normalise does word by word, as operations on character arrays.

A character is a letter of a word (in its one form), a mark inside words, or a separator; a table says which. Words are
told apart by a 64-bit hash of their letters, so that each spelling becomes a string only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.letters import (
    MARK,
    SEPARATOR,
    TOGETHER,
    Letters,
    folds_together,
    letter_table,
    letter_weights,
    marked_letters,
    powers_of_step,
    weights_as_printed,
)
from pipeline.normalise import fold_word, split_words, tokenise
from pipeline.word_edges import edges_of

Ints = npt.NDArray[np.int64]
_NONE: Ints = np.zeros(0, np.int64)
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
    letters, sizes = _plain_letters(texts)
    ends = np.cumsum(sizes + 1) - 1  # a line break behind each, but for the last
    kept = letters != MARK
    if not kept.all():
        ends -= np.searchsorted(np.flatnonzero(~kept), ends)
        letters = letters.compress(kept)
    starts, stops = edges_of(letters != SEPARATOR)
    kinds, keys, some = _kinds(_keys(letters, starts, stops))
    bounds = np.concatenate([[0], np.searchsorted(starts, ends)])
    text = letters.tobytes().decode("utf-32-le")
    return FoldedWords(kinds, bounds, keys, starts[some], stops[some], text)


def letter_sums(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number per text, the same for texts that have the same letters after folding; digits count for nothing."""
    codes, sizes = _plain_codes(texts)
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(weights_as_printed().take(codes), out=sums[1:])
    ends = np.cumsum(sizes + 1) - 1
    found: npt.NDArray[np.uint64] = sums[ends] - sums[ends - sizes]
    return found


def _plain_letters(texts: Sequence[str]) -> tuple[Letters, Ints]:
    """The letters of texts, line breaks between them, and how many characters each text has."""
    letters, sizes, odd = _marked(texts)
    stops = np.cumsum(sizes + 1) - 1
    pieces, at = [], 0
    for place in odd:
        plain, _ = _codes([_folded(texts[place])])
        pieces += [letters[at : stops[place] - sizes[place]], letter_table().take(plain)]
        at, sizes[place] = stops[place], len(plain)
    return np.concatenate([*pieces, letters[at:]]) if pieces else letters, sizes


def _marked(texts: Sequence[str]) -> tuple[Letters, Ints, list[int]]:
    """The letters of texts, how many characters each has, and which texts do not fold letter by letter."""
    codes, sizes = _codes(texts)
    letters = marked_letters().take(codes)
    odd = np.searchsorted(np.cumsum(sizes + 1), np.flatnonzero(letters >= TOGETHER), side="right")
    return letters, sizes, np.unique(odd).tolist()


def _plain_codes(texts: Sequence[str]) -> tuple[Letters, Ints]:
    """The characters of texts, which line breaks join, folded already where that is not done letter by letter; and how
    many each text has.
    """
    codes, sizes = _codes(texts)
    odd = _folding_together(codes, sizes)
    if not len(odd):
        return codes, sizes
    plain = list(texts)
    for place in odd.tolist():
        plain[place] = _folded(texts[place])
    return _codes(plain)


def _folded(text: str) -> str:
    """The words of a text, folded one by one."""
    return " ".join(filter(None, map(fold_word, split_words(text))))


def _codes(texts: Sequence[str]) -> tuple[Letters, Ints]:
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    return codes, np.array([len(one) for one in texts], np.int64)


def _folding_together(codes: Letters, sizes: Ints) -> Ints:
    """The texts that do not fold letter by letter."""
    found = np.flatnonzero(folds_together().take(codes))
    return np.unique(np.searchsorted(np.cumsum(sizes + 1), found, side="right"))


def _kinds(keys: npt.NDArray[np.uint64]) -> tuple[Ints, npt.NDArray[np.uint64], Ints]:
    """The number of each key among the different ones; those, rising; and a place of each."""
    order = _order(keys)
    ranked = keys.take(order)
    is_new = np.concatenate([[True], ranked[1:] != ranked[:-1]])[: len(ranked)]
    kinds = np.empty(len(keys), np.int64)
    kinds[order] = np.cumsum(is_new) - 1
    return kinds, ranked.compress(is_new), order.compress(is_new)


def _order(keys: npt.NDArray[np.uint64]) -> Ints:
    """What brings keys into rising order."""
    # With the place in the low bits, a plain sort does it many times quicker than one that returns places.
    low = np.uint64((1 << max(len(keys), 1).bit_length()) - 1)
    joint = (keys & ~low) | np.arange(len(keys), dtype=np.uint64)
    joint.sort()
    order: Ints = (joint & low).astype(np.int64)
    ranked = keys.take(order)
    return order if (ranked[1:] >= ranked[:-1]).all() else np.argsort(keys)


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
        letters, characters, odd = _marked(batch)
        stops = np.cumsum(characters + 1) - 1
        for at in odd:  # what is found in it stands elsewhere
            letters[stops[at] - characters[at] : stops[at]] = SEPARATOR
        found = _places_of(letters, characters)
        counts, before = np.diff(found.bounds), 0
        for at in odd:
            words = tokenise(batch[at])
            plain = slice(before, found.bounds[at])
            starts += [found.starts[plain], np.array(words.starts, np.int64)]
            ends += [found.ends[plain], np.array(words.ends, np.int64)]
            counts[at], before = len(words.starts), found.bounds[at]
        starts.append(found.starts[before:])
        ends.append(found.ends[before:])
        sizes.append(counts)
    return WordPlaces(np.concatenate(starts), np.concatenate(ends), np.cumsum(np.concatenate([[0], *sizes])))


def _places_of(letters: Letters, sizes: Ints) -> WordPlaces:
    starts, stops = edges_of(letters != SEPARATOR)
    is_mark = letters == MARK
    if is_mark.any():  # a run of marks alone is no word
        marks = np.concatenate([[0], np.cumsum(is_mark)])
        words = marks.take(stops) - marks.take(starts) < stops - starts
        starts, stops = starts.compress(words), stops.compress(words)
    first = np.cumsum(np.concatenate([[0], sizes + 1]))
    bounds = np.searchsorted(starts, first)
    shift = np.repeat(first[:-1], np.diff(bounds))
    return WordPlaces(starts - shift, stops - shift, bounds)


def _keys(letters: Letters, starts: Ints, stops: Ints) -> npt.NDArray[np.uint64]:
    """A hash per word: the sum of its letters, each times a power that tells its place in the word."""
    powers, inverse = powers_of_step(1 << len(letters).bit_length())
    # Sums over a word as differences of running ones; powers count from the first letter of all, so back they go.
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(letter_weights().take(letters) * powers[: len(letters)], out=sums[1:])
    keys: npt.NDArray[np.uint64] = (sums.take(stops) - sums.take(starts)) * inverse.take(starts)
    return keys
