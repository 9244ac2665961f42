"""Which digests are copies of one another: one lies in the other, and what both hold stands in one order in both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import permutations

from pipeline.dedupe.digests import NEWS, place_of
from pipeline.dedupe.verified import Verified

# Of a digest's copy nearly all is in the digest, or the other way round.
COPY_OF_DIGEST = 0.9

Places = Mapping[str, Mapping[str, int]]  # by digest and article that it holds: where, in 64ths of the digest


def joinable(pairs: Iterable[Verified], digests: Collection[str]) -> list[Verified]:
    """The pairs by which articles may come to one story; pairs: all that hold any of the articles.

    A digest joins only another digest, its copy. Two that have some of their reports in common are none, nor are two
    that outlets made of the same reports, each in an order of its own.
    """
    known = list(pairs)
    places = _places(known, digests)
    return [one for one in known if _may_join(one, digests, places)]


def _may_join(pair: Verified, digests: Collection[str], places: Places) -> bool:
    held = (pair.left_id in digests) + (pair.right_id in digests)
    if held != 2:
        return held == 0
    is_inside = max(pair.left_cover, pair.right_cover) >= COPY_OF_DIGEST
    return is_inside and _are_in_one_order(places[pair.left_id], places[pair.right_id])


def _places(pairs: Iterable[Verified], digests: Collection[str]) -> Places:
    """Where each digest holds the news of what is none."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for one in pairs:
        if one.left_id in digests and one.right_id not in digests and one.right_lead >= NEWS:
            found[one.left_id][one.right_id] = place_of(one.left_mask, one.matched)
        elif one.right_id in digests and one.left_id not in digests and one.left_lead >= NEWS:
            found[one.right_id][one.left_id] = place_of(one.right_mask, one.matched)
    return found


def _are_in_one_order(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether no two reports that both digests hold stand the other way round in the other one."""
    both = [held_id for held_id in one.keys() & other.keys() if one[held_id] and other[held_id]]
    return not any(
        _is_before(one[first], one[second]) and _is_before(other[second], other[first])
        for first, second in permutations(both, 2)
    )


def _is_before(one: int, other: int) -> bool:
    """Whether all of one place comes before all of another; the first of the 64ths is the highest bit."""
    return one & -one > other
