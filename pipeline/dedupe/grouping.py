"""Stories from verified pairs: strongest pairs first, and only where at least half of all cross pairs agree.

No chains: a round-up that repeats single statements would glue them together if one pair were enough. A digest, which
holds several reports, is set apart before. The outcome depends on the set of pairs alone, not on their order, and pairs
of one connected component decide about nothing outside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.dedupe.score import Verified

# Of all pairs between two groups, the share that must be the same report for the groups to become one.
AGREEING_SHARE = 0.5
# A part of a digest is at least a sentence of a report, holds the report's news, and stands in one place.
PART_WORDS = 18
PART_LEAD = 0.6
PART_DENSITY = 0.7
# The parts of a digest lie apart and make up this much of it.
DIGEST_SHARE = 0.35
PART_OVERLAP = 0.25
# Three parts make a digest; two may be one report with what an outlet added from another, which its headline tells:
# above this share of what both headlines say, the text is about the one report.
SURELY = 3
SAME_NEWS = 0.6
# Above this its own headline speaks of the one report too; a digest's names another or several.
ITS_NEWS = 0.75
# A text that another one matches in most of both is a report that ran twice, of which others ran excerpts.
MUTUAL = 0.5
# One part that is nearly all of the text makes it a copy, not a digest.
WHOLE = 0.8
# So many parts of one text are looked at, the longest first; no digest needs more to be known as one.
MOST_PARTS = 60
MASK_BITS = 64

Parts = dict[str, list[tuple[str, int]]]  # by article: what it may hold and where, as a mask


def group(article_ids: Iterable[str], pairs: Sequence[Verified]) -> tuple[list[list[str]], frozenset[str]]:
    """Groups of article ids, each sorted, and which articles are digests (in groups of their own)."""
    digests = find_digests(pairs)
    accepted = [one for one in pairs if one.is_same and _may_join(one, digests)]
    agreeing: dict[str, set[str]] = defaultdict(set)
    for one in accepted:
        agreeing[one.left_id].add(one.right_id)
        agreeing[one.right_id].add(one.left_id)
    members = {article_id: [article_id] for article_id in article_ids}
    group_of = {article_id: article_id for article_id in members}
    for one in sorted(accepted, key=lambda one: (-one.score, one.left_id, one.right_id)):
        _join(one, members, group_of, agreeing)
    return sorted(sorted(some) for some in members.values()), digests


def find_digests(pairs: Sequence[Verified]) -> frozenset[str]:
    """Articles that hold the news of at least two different reports in different places."""
    same = {(one.left_id, one.right_id): one for one in pairs if one.is_same}
    mutual: dict[str, float] = defaultdict(float)
    heard: dict[str, float] = defaultdict(float)
    for one in same.values():
        for article_id in (one.left_id, one.right_id):
            mutual[article_id] = max(mutual[article_id], min(one.left_cover, one.right_cover))
            heard[article_id] = max(heard[article_id], one.headlines)
    least = {article_id: SURELY if heard[article_id] >= SAME_NEWS else 2 for article_id in heard}
    return frozenset(
        article_id
        for article_id, held in _parts(pairs).items()
        if mutual[article_id] < MUTUAL
        and heard[article_id] < ITS_NEWS
        and _is_digest(held, same.keys(), least.get(article_id, 2))
    )


def components(pairs: Iterable[Verified]) -> list[set[str]]:
    """Sets of articles that pairs connect, directly or over others: what can be grouped apart from everything else."""
    parent: dict[str, str] = {}

    def root(article_id: str) -> str:
        while parent.setdefault(article_id, article_id) != article_id:
            parent[article_id] = article_id = parent[parent[article_id]]
        return article_id

    for one in pairs:
        parent[root(one.left_id)] = root(one.right_id)
    found: dict[str, set[str]] = defaultdict(set)
    for article_id in list(parent):
        found[root(article_id)].add(article_id)
    return list(found.values())


def _may_join(pair: Verified, digests: frozenset[str]) -> bool:
    """A digest joins only another digest: its copy."""
    return (pair.left_id in digests) == (pair.right_id in digests)


def _join(
    pair: Verified, members: dict[str, list[str]], group_of: dict[str, str], agreeing: Mapping[str, set[str]]
) -> None:
    one, other = group_of[pair.left_id], group_of[pair.right_id]
    if one == other:
        return
    if len(members[one]) < len(members[other]):
        one, other = other, one
    into = set(members[one])
    agreed = sum(len(agreeing[article_id] & into) for article_id in members[other])
    if agreed < AGREEING_SHARE * len(into) * len(members[other]):
        return
    for article_id in members[other]:
        group_of[article_id] = one
    members[one] += members.pop(other)


def _parts(pairs: Sequence[Verified]) -> Parts:
    found: Parts = defaultdict(list)
    for one in pairs:
        if one.matched < PART_WORDS:
            continue
        for holder, held, lead, share, mask in (
            (one.left_id, one.right_id, one.right_lead, one.left_cover, one.left_mask),
            (one.right_id, one.left_id, one.left_lead, one.right_cover, one.right_mask),
        ):
            if lead >= PART_LEAD and share < WHOLE and _density(mask) >= PART_DENSITY:
                found[holder].append((held, mask))
    return {holder: sorted(held, key=_longest)[:MOST_PARTS] for holder, held in found.items()}


def _longest(part: tuple[str, int]) -> tuple[int, str]:
    return -part[1].bit_count(), part[0]


def _density(mask: int) -> float:
    """Of the stretch from the first to the last shared passage, the share that is shared."""
    lowest = (mask & -mask).bit_length() - 1
    return mask.bit_count() / (mask.bit_length() - lowest) if mask else 0.0


def _is_digest(held: list[tuple[str, int]], same: Collection[tuple[str, str]], least: int) -> bool:
    """Whether so many parts, or more, lie apart, are different reports and make up enough of the text."""
    chosen: list[tuple[str, int]] = []
    for one, mask in held:
        if all(_are_apart(mask, other) and (min(one, it), max(one, it)) not in same for it, other in chosen):
            chosen.append((one, mask))
    together = 0
    for _, mask in chosen:
        together |= mask
    return len(chosen) >= least and together.bit_count() >= DIGEST_SHARE * MASK_BITS


def _are_apart(one: int, other: int) -> bool:
    return (one & other).bit_count() <= PART_OVERLAP * min(one.bit_count(), other.bit_count())
