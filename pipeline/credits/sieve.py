"""A quick look at many texts for words that matter: most name no agency, and need no closer reading.

Array operations over all texts at once. A text that holds one of the words passes, and one that holds characters of
which nothing certain can be said so quickly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import compress

import numpy as np
import numpy.typing as npt

from pipeline.credits.folded import DROPPED, UNCERTAIN, fold_letter

Units = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_PLANE = 0x10000
# What is no letter: nothing of a word; a character that says nothing certain; one that is dropped.
_SEPARATOR, _UNCERTAIN, _MARK = 0, 0xFFFE, 0xFFFF
_TATWEEL, _LOW_LINE = 0x0640, ord("_")
_BITS = 20
# Odd multipliers: of a word's length, its last letter and its first ones.
_LENGTH, _LAST = 0x9E3779B1, 0x85EBCA77
_FIRST = (0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09)


class WordSieve:
    """Tells which texts may hold any of some words; folded: as they are after folding, else as they are printed."""

    def __init__(self, words: Iterable[str], *, folded: bool) -> None:
        self._letters = _folded_letters() if folded else _printed_letters()
        self._words = frozenset(map(_encoded, words))
        self._known = np.zeros(1 << _BITS, np.bool_)
        units = _units(" ".join(sorted(words)))
        self._known[_keys(units, *_edges(units != ord(" ")))] = True

    def passes(self, texts: Sequence[str]) -> Flags:
        """True for each text that may hold a word."""
        units = _units("\n".join(texts))
        sizes = [len(one) for one in texts]
        if sum(sizes) + len(sizes) - 1 != len(units):  # characters beyond the plane
            sizes = [len(_units(one)) for one in texts]
        stops = np.cumsum(np.array(sizes, np.int64) + 1)
        letters = self._letters[units]
        found = np.zeros(len(texts), np.bool_)
        special = np.flatnonzero(letters >= _UNCERTAIN)
        if len(special):
            kind, after = letters[special], np.minimum(special + 1, len(units) - 1)
            # A tatweel may be a dash; before an invisible mark that does not show.
            odd = (letters[after] == _MARK) & (units[after] != _TATWEEL) | (units[after] == _LOW_LINE)
            odd &= units[special] == _TATWEEL
            found[_text_of(special[odd | (kind == _UNCERTAIN)], stops)] = True
            marks = special[kind == _MARK]
            stops = stops - np.searchsorted(marks, stops)
            letters = np.delete(letters, marks)
        starts, ends = _edges(letters != _SEPARATOR)
        hits = np.flatnonzero(self._known[_keys(letters, starts, ends)])
        starts, ends = starts[hits], ends[hits]
        edges = zip(starts.tolist(), ends.tolist(), strict=True)
        is_word = [letters[start:end].tobytes() in self._words for start, end in edges]
        found[_text_of(starts[is_word], stops)] = True
        return found


def _text_of(places: Ints, stops: Ints) -> Ints:
    return np.searchsorted(stops, places, side="right")


def _edges(is_word: Flags) -> tuple[Ints, Ints]:
    edges = np.flatnonzero(np.diff(is_word, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _keys(units: Units, starts: Ints, ends: Ints) -> npt.NDArray[np.uint32]:
    """A number of _BITS per word; what is looked at tells nearly all words apart, and needs no sum over letters."""
    last = ends - 1
    keys = (ends - starts).astype(np.uint32) * np.uint32(_LENGTH) + units[last] * np.uint32(_LAST)
    for at, factor in enumerate(_FIRST):
        keys += units[np.minimum(starts + at, last)] * np.uint32(factor)
        keys ^= keys >> np.uint32(15)
    return (keys * np.uint32(_LENGTH)) >> np.uint32(32 - _BITS)


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _units(text: str) -> Units:
    return np.frombuffer(_encoded(text), "<u2")


@lru_cache(maxsize=1)
def _printed_letters() -> Units:
    """What each character is as printed. Halves of characters beyond the plane are uncertain."""
    plane = list(map(chr, range(_PLANE)))
    letters = np.where([char.isalnum() or char == "_" for char in plane], np.arange(_PLANE), _SEPARATOR)
    letters[0xD800:0xE000] = _UNCERTAIN
    return letters.astype(np.uint16)


@lru_cache(maxsize=1)
def _folded_letters() -> Units:
    """What each character is in a folded text."""
    plane = list(map(chr, range(_PLANE)))
    into = list(map(fold_letter, plane))
    letters = np.where([char.isalnum() or char == "_" for char in into], list(map(ord, into)), _SEPARATOR)
    letters[list(compress(range(_PLANE), map(DROPPED.match, plane)))] = _MARK
    letters[list(compress(range(_PLANE), map(UNCERTAIN.match, plane)))] = _UNCERTAIN
    letters[0xD800:0xE000] = _UNCERTAIN
    return letters.astype(np.uint16)
