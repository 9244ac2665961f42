"""Which digests are copies of one another: one lies in the other, and what both hold stands in one order in both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pipeline.dedupe.digest_parts import NEWS
from pipeline.dedupe.places import are_in_one_order, place_of
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
    return is_inside and are_in_one_order(places[pair.left_id], places[pair.right_id])


def _places(pairs: Iterable[Verified], digests: Collection[str]) -> Places:
    """Where each digest holds the news of what is none."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for one in pairs:
        if one.left_id in digests and one.right_id not in digests and one.right_lead >= NEWS:
            found[one.left_id][one.right_id] = place_of(one.left_mask, one.matched)
        elif one.right_id in digests and one.left_id not in digests and one.left_lead >= NEWS:
            found[one.right_id][one.left_id] = place_of(one.right_mask, one.matched)
    return found
