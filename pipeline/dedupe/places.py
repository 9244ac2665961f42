"""Where in a text another one's passages stand: 64 bits, of which the highest is the text's first 64th."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

MASK_BITS = 64
# A part is at least a sentence of a report and stands in one place; shared phrases elsewhere are no part of it.
PART_WORDS = 16
PART_DENSITY = 0.7


def place_of(mask: int, matched: int, least: int = PART_WORDS) -> int:
    """The one place of a part with so many words in all; 0 where less than least of them stand there."""
    place = mask if _density(mask) >= PART_DENSITY else longest_run(mask)
    return place if matched * place.bit_count() >= least * mask.bit_count() else 0


def longest_run(mask: int) -> int:
    """The longest shared stretch alone, where a phrase elsewhere is shared too."""
    starts, last, length = mask, 0, 0
    while starts:  # where runs of one more begin
        last, length = starts, length + 1
        starts &= starts >> 1
    return ((1 << length) - 1) << (last.bit_length() - 1) if mask else 0


def are_apart(one: int, other: int, overlap: float) -> bool:
    """Whether two places have no more than such a share of the smaller one in common."""
    return (one & other).bit_count() <= overlap * min(one.bit_count(), other.bit_count())


def lies_in(one: int, other: int, share: float) -> bool:
    """Whether such a share of a place is in another one."""
    return (one & other).bit_count() >= share * one.bit_count()


def are_in_one_order(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether of what two texts hold, by the same names, nothing stands the other way round in the other text."""
    return not any(
        _is_before(one[first], one[second]) and _is_before(other[second], other[first])
        for first, second in permutations(one.keys() & other.keys(), 2)
    )


def _is_before(one: int, other: int) -> bool:
    """Whether all of one place comes before all of another."""
    return one & -one > other > 0


def _density(mask: int) -> float:
    """Of the stretch from the first to the last shared passage, the share that is shared."""
    lowest = (mask & -mask).bit_length() - 1
    return mask.bit_count() / (mask.bit_length() - lowest) if mask else 0.0
