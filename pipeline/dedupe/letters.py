"""Tables over all characters: what letter each is after folding, and the numbers that hashes of words are made of."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.normalise import fold_word, not_folding_alone, split_words

Letters = npt.NDArray[np.uint32]
_CODES, _PLANE = 0x110000, 0x10000  # characters of Unicode, and of its first plane
SEPARATOR, MARK = 0, _CODES  # neither is a letter
TOGETHER = 1 << 31  # this and more: what does not fold alone
# Odd multiplier of a hash that is a sum over letters; it wraps at 64 bits.
_STEP = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=1)
def letter_table() -> Letters:
    """What each character is: a letter in its one form, MARK or SEPARATOR. Characters that do not fold alone come
    folded already: those of words stand for themselves.
    """
    table = np.arange(_CODES, dtype=np.uint32)
    table[:_PLANE] = SEPARATOR
    together = folds_together()[:_PLANE].tolist()
    plane = [chr(code) for code in range(_PLANE) if not 0xD800 <= code < 0xE000]
    for letter in split_words(" ".join(letter for letter in plane if not together[ord(letter)])):
        folded = fold_word.__wrapped__(letter)
        table[ord(letter)] = ord(folded) if folded else MARK
    for letter in plane:
        if together[ord(letter)] and letter.isalnum():
            table[ord(letter)] = ord(letter)
    return table


@lru_cache(maxsize=1)
def marked_letters() -> Letters:
    """The letter table, TOGETHER where a character does not fold alone."""
    return np.where(folds_together(), np.uint32(TOGETHER), letter_table())


@lru_cache(maxsize=1)
def folds_together() -> npt.NDArray[np.bool_]:
    """Which characters do not fold alone."""
    table = np.zeros(_CODES, np.bool_)
    table[_PLANE:] = True
    table[list(map(ord, not_folding_alone("".join(map(chr, range(_PLANE))))))] = True
    return table


@lru_cache(maxsize=1)
def weights_as_printed() -> npt.NDArray[np.uint64]:
    """By character as printed: that of its letter, nothing for digits and for what is no letter."""
    weights = np.append(letter_weights(), np.uint64(0))
    weights[SEPARATOR] = weights[MARK] = 0
    weights[[code for code in range(2 * _PLANE) if chr(code).isdigit()]] = 0
    by_character: npt.NDArray[np.uint64] = weights[letter_table()]
    return by_character


@lru_cache(maxsize=1)
def letter_weights() -> npt.NDArray[np.uint64]:
    """A random number for each letter."""
    return np.random.default_rng(1).integers(1, 2**64 - 1, _CODES, np.uint64)


@lru_cache(maxsize=1)
def powers_of_step(count: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Powers of _STEP, and of its inverse; both begin with 1."""
    inverse = np.uint64(pow(int(_STEP), -1, 1 << 64))
    powers = np.ones((2, count), np.uint64)
    powers[0, 1:], powers[1, 1:] = _STEP, inverse
    np.multiply.accumulate(powers, axis=1, out=powers)
    return powers[0], powers[1]
