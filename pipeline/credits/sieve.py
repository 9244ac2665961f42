"""A quick look at many texts for words that matter: most name no agency, and need no closer reading.

Array operations over all texts at once tell where such words stand. Of a text with characters of which nothing certain
can be said so quickly, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.credits.folded import DROPPED, UNCERTAIN, fold_letter
from pipeline.word_edges import edges_of

Units = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
# A word, and the words of which one has to follow it; None: whatever follows.
Wanted = Mapping[str, frozenset[str] | None]
_PLANE = 0x10000
# What is no letter: nothing of a word; a character that says nothing certain; one that is dropped.
_SEPARATOR, _UNCERTAIN, _MARK = 0, 0xFFFE, 0xFFFF
_TATWEEL, _LOW_LINE = 0x0640, ord("_")
_BITS = 20
# Odd multipliers: of a word's length, its last letter and its first ones; those that tell most come first.
_LENGTH, _LAST = 0x9E3779B1, 0x85EBCA77
_FIRST = (0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09)
_ROUGH = 2  # so many first letters, and the length, leave a tenth of the words


class WordSieve:
    """Tells where texts, as they are after folding, hold any of some words."""

    def __init__(self, words: Wanted) -> None:
        self._words = {
            _encoded(word): None if after is None else frozenset(map(_encoded, after)) for word, after in words.items()
        }
        units = _units(" ".join(sorted(words)))
        starts, ends = edges_of(units != ord(" "))
        self._rough, self._known = (np.zeros(1 << _BITS, np.bool_) for _ in range(2))
        rough = _rough_keys(units, starts, ends)
        self._rough[_last_bits(rough)] = True
        self._known[_last_bits(_keys(units, starts, ends, rough))] = True

    def find(self, texts: Sequence[str]) -> list[list[int] | None]:
        """The places in each text where one of the words begins; None: it may be anywhere."""
        units, stops = _joined(texts)
        letters = _folded_letters().take(units)
        special = np.flatnonzero(letters >= _UNCERTAIN)
        uncertain = _text_of(_uncertain(units, letters, special), stops)
        marks = special[letters[special] == _MARK]
        if len(marks):
            is_kept = np.ones(len(letters), np.bool_)
            is_kept[marks] = False
            letters = letters.compress(is_kept)
        places = self._places(letters)
        places += np.searchsorted(marks - np.arange(len(marks)), places, side="right")
        owners = _text_of(places, stops)
        edges = np.searchsorted(owners, np.arange(len(texts) + 1)).tolist()
        inside = (places - np.concatenate([[0], stops])[owners]).tolist()
        found: list[list[int] | None] = [inside[edges[at] : edges[at + 1]] for at in range(len(texts))]
        for at in uncertain.tolist():
            found[at] = None
        return found

    def _places(self, letters: Units) -> Ints:
        """Where words that are wanted begin."""
        starts, ends = edges_of(letters != _SEPARATOR)
        rough = _rough_keys(letters, starts, ends)
        some = np.flatnonzero(self._rough.take(_last_bits(rough)))
        hits = some[self._known[_last_bits(_keys(letters, starts[some], ends[some], rough[some]))]]
        wanted = [hit for hit in hits.tolist() if self._is_wanted(letters, starts, ends, hit)]
        found: Ints = starts[np.array(wanted, np.int64)]
        return found

    def _is_wanted(self, letters: Units, starts: Ints, ends: Ints, at: int) -> bool:
        word = letters[starts[at] : ends[at]].tobytes()
        if word not in self._words:
            return False
        after = self._words[word]
        if after is None:
            return True
        return at + 1 < len(starts) and letters[starts[at + 1] : ends[at + 1]].tobytes() in after


def texts_holding(pieces: Iterable[str], texts: Sequence[str]) -> set[int]:
    """The places of texts that hold any of some pieces, none of which has a line break."""
    units, stops = _joined(texts)
    found = [_places_of(_units(piece), units) for piece in pieces if texts]
    return set(_text_of(np.concatenate([np.zeros(0, np.int64), *found]), stops).tolist())


def _places_of(piece: Units, units: Units) -> Ints:
    """Where a piece begins: two of its letters are looked for everywhere, the others where those are."""
    at, last = len(piece) // 2, len(units) - len(piece)
    if len(piece) < 2:
        found = np.arange(len(units) + 1)
    else:
        found = np.flatnonzero((units[:-1] == piece[at - 1]) & (units[1:] == piece[at])) - (at - 1)
    found = found.compress((found >= 0) & (found <= last))
    for step, letter in enumerate(piece.tolist()):
        found = found.compress(units.take(found + step) == letter)
    return found


def _joined(texts: Sequence[str]) -> tuple[Units, Ints]:
    """Texts with a line break between them, and where each ends."""
    units = _units("\n".join(texts))
    sizes = [len(one) for one in texts]
    if sum(sizes) + len(sizes) - 1 != len(units):  # characters beyond the plane
        sizes = [len(_units(one)) for one in texts]
    return units, np.cumsum(np.array(sizes, np.int64) + 1)


def _uncertain(units: Units, letters: Units, special: Ints) -> Ints:
    """Places of characters that say nothing certain, of those that are no plain letters."""
    kind, after = letters[special], np.minimum(special + 1, len(units) - 1)
    # A tatweel may be a dash; before an invisible mark that does not show.
    odd = (letters[after] == _MARK) & (units[after] != _TATWEEL) | (units[after] == _LOW_LINE)
    odd &= units[special] == _TATWEEL
    found: Ints = special[odd | (kind == _UNCERTAIN)]
    return found


def _text_of(places: Ints, stops: Ints) -> Ints:
    return np.searchsorted(stops, places, side="right")


def _rough_keys(units: Units, starts: Ints, ends: Ints) -> npt.NDArray[np.uint32]:
    keys = (ends - starts).astype(np.uint32) * np.uint32(_LENGTH)
    return _mixed(keys, units, starts, ends - 1, range(_ROUGH))


def _keys(units: Units, starts: Ints, ends: Ints, rough: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """A number per word; what is looked at tells nearly all words apart, and needs no sum over letters."""
    last = ends - 1
    return _mixed(rough + units[last] * np.uint32(_LAST), units, starts, last, range(_ROUGH, len(_FIRST)))


def _mixed(
    keys: npt.NDArray[np.uint32], units: Units, starts: Ints, last: Ints, letters: range
) -> npt.NDArray[np.uint32]:
    for at in letters:
        keys = keys + units.take(np.minimum(starts + at, last)) * np.uint32(_FIRST[at])
        keys ^= keys >> np.uint32(15)
    return keys


def _last_bits(keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (keys * np.uint32(_LENGTH)) >> np.uint32(32 - _BITS)


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _units(text: str) -> Units:
    return np.frombuffer(_encoded(text), "<u2")


@lru_cache(maxsize=1)
def _folded_letters() -> Units:
    """What each character is in a folded text. Halves of characters beyond the plane are uncertain."""
    plane = "".join(map(chr, range(_PLANE)))
    into = list(map(fold_letter, plane))
    letters = np.where([char.isalnum() or char == "_" for char in into], list(map(ord, into)), _SEPARATOR)
    letters[list(map(ord, DROPPED.findall(plane)))] = _MARK
    letters[list(map(ord, UNCERTAIN.findall(plane)))] = _UNCERTAIN
    letters[0xD800:0xE000] = _UNCERTAIN
    return letters.astype(np.uint16)
