"""Stories from verified pairs: strongest pairs first, and only where two fifths of all cross pairs agree.

No chains: a round-up that repeats single statements would glue them together if one pair were enough. A digest, which
holds several reports, is set apart before. The outcome depends on the set of pairs alone, not on their order, and pairs
of one connected component decide about nothing outside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from pipeline.dedupe.digest_copies import joinable
from pipeline.dedupe.digests import find_digests
from pipeline.dedupe.page_kinds import PLAIN, PageKinds
from pipeline.dedupe.score import RISING_HOURS
from pipeline.dedupe.verified import Verified

# Of all pairs between two groups, the share that must be the same report for the groups to become one.
AGREEING_SHARE = 0.4
# Texts that share this much of both are grouped before excerpts are: a digest holds an excerpt whole as well as the
# report does that the excerpt was made from, but only the report is in most of its copies.
MUTUAL = 0.5
# Pairs that score less join last: a form filled in with another name may pass by a little, and what it is joined to
# first it drags along. From 2.5 to 4 makes no difference on labelled pairs and families of forms.
CERTAIN = 3.0
# So much in common, and two are one text: no other pair tells more.
ONE_TEXT = 0.95


def group(
    article_ids: Iterable[str], pairs: Sequence[Verified], kinds: PageKinds = PLAIN
) -> tuple[list[list[str]], frozenset[str]]:
    """Groups of article ids, each sorted, and which articles are digests (in groups of their own)."""
    digests = find_digests_among(pairs, kinds)
    return group_beside(digests, article_ids, pairs, kinds), digests


def find_digests_among(pairs: Sequence[Verified], kinds: PageKinds) -> frozenset[str]:
    """The articles that are digests."""
    return find_digests(pairs, kinds, partial(_grouped, kinds.wires))


def group_beside(
    digests: Collection[str], article_ids: Iterable[str], pairs: Iterable[Verified], kinds: PageKinds
) -> list[list[str]]:
    """Groups of article ids, each sorted, where the digests are known."""
    members = _members(article_ids, joinable(pairs, digests), kinds.wires)
    return sorted(sorted(some) for some in members.values())


def _grouped(wires: Collection[str], article_ids: Iterable[str], pairs: Sequence[Verified]) -> dict[str, str]:
    """The group of each article, by one of its members."""
    return {one: name for name, some in _members(article_ids, pairs, wires).items() for one in some}


def _members(article_ids: Iterable[str], pairs: Sequence[Verified], wires: Collection[str]) -> dict[str, list[str]]:
    accepted = [one for one in pairs if one.is_same]
    agreeing: dict[str, set[str]] = defaultdict(set)
    for one in accepted:
        agreeing[one.left_id].add(one.right_id)
        agreeing[one.right_id].add(one.left_id)
    apart = _agency_reports_apart(pairs, wires)
    members = {article_id: [article_id] for article_id in article_ids}
    group_of = {article_id: article_id for article_id in members}
    for one in sorted(accepted, key=lambda one: _rank(one, agreeing)):
        _join(one, members, group_of, agreeing, wires, apart)
    return members


def _agency_reports_apart(pairs: Iterable[Verified], wires: Collection[str]) -> dict[str, set[str]]:
    """Of agencies' pages those of other days that names or numbers tell apart: no copy of both makes them one report.

    Sooner, what has risen makes them a report and its update.
    """
    apart: dict[str, set[str]] = defaultdict(set)
    for one in pairs:
        if one.is_same or not (one.left_id in wires and one.right_id in wires) or abs(one.hours or 0) < RISING_HOURS:
            continue
        if one.slots > 0 or one.numbers > 0:
            apart[one.left_id].add(one.right_id)
            apart[one.right_id].add(one.left_id)
    return apart


def _rank(pair: Verified, agreeing: Mapping[str, set[str]]) -> tuple[bool, bool, bool, int, float, str, str]:
    """Pairs of one text first, however late one came, then certain ones; of each those that are most of both texts by
    their score, then excerpts by how many others agree with both.
    """
    is_excerpt = min(pair.left_cover, pair.right_cover) < MUTUAL
    support = len(agreeing[pair.left_id] & agreeing[pair.right_id]) if is_excerpt else 0
    return pair.jaccard < ONE_TEXT, pair.score < CERTAIN, is_excerpt, -support, -pair.score, pair.left_id, pair.right_id


def _join(
    pair: Verified,
    members: dict[str, list[str]],
    group_of: dict[str, str],
    agreeing: Mapping[str, set[str]],
    wires: Collection[str],
    apart: Mapping[str, set[str]],
) -> None:
    one, other = group_of[pair.left_id], group_of[pair.right_id]
    if one == other:
        return
    if any(not apart[article_id].isdisjoint(members[other]) for article_id in members[one] if article_id in apart):
        return
    if len(members[one]) < len(members[other]):
        one, other = other, one
    into = set(members[one])
    agreed = sum(len(agreeing[article_id] & into) for article_id in members[other])
    is_agreed = agreed >= AGREEING_SHARE * len(into) * len(members[other])
    if not is_agreed and not any(
        _follow(some, rest, agreeing, wires)
        for some, rest in ((members[one], members[other]), (members[other], members[one]))
    ):
        return
    for article_id in members[other]:
        group_of[article_id] = one
    members[one] += members.pop(other)


def _follow(
    group: Collection[str], joining: Collection[str], agreeing: Mapping[str, set[str]], wires: Collection[str]
) -> bool:
    """Whether all that would join agree with an agency's page in the group.

    Copies cut at different places share nothing with each other, but all of them are in the report. Only an agency's
    page is known to be one: what an outlet put together from two reports agrees with the copies of both.
    """
    return any(one in wires and agreeing[one].issuperset(joining) for one in group)
