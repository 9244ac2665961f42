"""Which digests are copies of one another: one lies in the other, and what both hold stands in one order in both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.dedupe.digest_parts import Part, news_at, parts_of
from pipeline.dedupe.places import are_in_one_order
from pipeline.dedupe.verified import Verified

# Of a digest's copy nearly all is in the digest, or the other way round.
COPY_OF_DIGEST = 0.9


def joinable(pairs: Iterable[Verified], digests: Collection[str]) -> list[Verified]:
    """The pairs by which articles may come to one story; pairs: all that hold any of the articles.

    A digest joins only another digest, its copy. Two that have some of their reports in common are none, nor are two
    that outlets made of the same reports, each in an order of its own.
    """
    by_digests: tuple[list[Verified], list[Verified], list[Verified]] = ([], [], [])  # held by none, one, both
    for one in pairs:
        by_digests[(one.left_id in digests) + (one.right_id in digests)].append(one)
    plain, holding, between = by_digests
    parts = parts_of(holding) if between else {}
    return plain + [one for one in between if _is_copy(one, parts)]


def _is_copy(pair: Verified, parts: Mapping[str, Sequence[Part]]) -> bool:
    """Whether of two digests one lies in the other, in the order of the reports that both hold."""
    is_inside = max(pair.left_cover, pair.right_cover) >= COPY_OF_DIGEST
    return is_inside and are_in_one_order(*(news_at(parts.get(end, ())) for end in (pair.left_id, pair.right_id)))
