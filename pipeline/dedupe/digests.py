"""Which articles are digests: they hold passages of several reports, and are a copy of none.

What an article holds of others is not enough: a report holds every excerpt that others ran of it. So the others are
grouped without the articles in question first; parts that belong to different reports, lie apart and make up the text
are a digest's. An article that calls itself a bulletin need not show so much. The outcome depends on the set of pairs
and the kinds of pages alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from pipeline.dedupe.digest_parts import (
    LEAST_NEWS,
    LEAST_PARTS,
    Part,
    choose_parts,
    may_make_a_digest,
    news_at,
    parts_of,
    share_it_all,
)
from pipeline.dedupe.page_kinds import PageKinds
from pipeline.dedupe.places import MASK_BITS, are_in_one_order, lies_in
from pipeline.dedupe.verified import Verified

# Parts make up this much of the text; more where all of them lie in it whole, as a report's excerpts do.
DIGEST_SHARE, DIGEST_SHARE_OF_STATEMENTS, DIGEST_SHARE_OF_WHOLE = 0.35, 0.5, 0.6
# What lies in a part of a digest so far has nothing of its other parts but a shared phrase.
INSIDE = 0.85
# So much of a part, and a copy has it too.
HELD = 0.5
# A text that another one matches in so much of both is its copy, and a digest only if both are.
MUTUAL = 0.5
# One report that makes up so much of what an article holds of others is what it is a copy of, the rest is added to it.
# More of it where the headline speaks of neither of two, as that of a bulletin does.
DOMINANT, DOMINANT_UNDER_NO_NAME = 0.62, 0.7
# A headline speaks of neither of two reports where of what both headlines say no more is in the other article: the
# bulletin has all of a report's headline, and no report any of the bulletin's. Of copies with something added and of
# compounds with one report's headline nearly all lie above.
NO_NAME = 0.55
# Two parts that are so much of a text are all of it.
HALVES = 0.95
# Of two parts, so much of what both headlines say in the other article, and so much more than for the other part, makes
# it one report with something added.
SAME_NEWS, MORE_NEWS = 0.6, 0.2
# Where several parts are so much of a text, its headline is but that of one of them; other lines are their headlines.
NEARLY_ALL = 0.7
# An outlet's digest runs once, perhaps twice; what ran more often and has formulas in common with others is a report.
MOST_COPIES = 2
# So many copies of several of its parts, and an article is a report that was sent in parts, whatever its copies hold.
OFTEN = 4

Grouping = Callable[[Iterable[str], Sequence[Verified]], Mapping[str, str]]
Masks = Mapping[str, int]


def find_digests(pairs: Sequence[Verified], kinds: PageKinds, group: Grouping) -> frozenset[str]:
    """The articles that are digests. An agency's own page is one only if it is a bulletin; others of its pages report.

    group tells for article ids and the pairs among them which group each is in.
    """
    bulletins = set(kinds.bulletins)
    parts = parts_of(pairs, bulletins)
    asked = _asked(parts, bulletins) - (set(kinds.wires) - bulletins)
    if not asked:
        return frozenset()
    others = {one.held_id for holder in asked for one in parts[holder] if not one.is_form} - asked
    among = [one for one in pairs if one.left_id in others and one.right_id in others]
    group_of = group(sorted(others), among)
    chosen = {holder: choose_parts(parts[holder], group_of) for holder in asked}
    copies = _copies(pairs)
    runs = {holder: _in_its_order(copies[holder], chosen[holder], parts) for holder in asked}
    ran_often = {holder for holder, some in runs.items() if len(_with_several(some, chosen[holder])) > OFTEN}
    # A digest's copies are digests, and what is a copy of an article that cannot be one is none.
    possible = {one for one in asked - ran_often if asked.issuperset(copies[one])}
    digests: set[str] = set()
    for holder in asked - ran_often:
        names_neither = _names_neither(parts[holder], chosen[holder], group_of)
        whole = _copies_of_all(runs[holder], chosen[holder], LEAST_NEWS if names_neither else LEAST_PARTS)
        may_be = asked.issuperset(whole) and ran_often.isdisjoint(whole) and len(whole) <= MOST_COPIES
        dominant = DOMINANT_UNDER_NO_NAME if names_neither else DOMINANT
        if may_be and _is_digest(parts[holder], chosen[holder], group_of, dominant):
            digests.add(holder)
    digests |= {one for one in asked & bulletins if _make_a_bulletin(chosen[one])}
    copied = [possible.intersection(_with_several(copies[one], chosen[one])) for one in digests]
    return frozenset(digests.union(*copied))


def may_be_digests(pairs: Iterable[Verified], bulletins: Collection[str]) -> set[str]:
    """The articles that hold enough of others to be asked; pairs: all that hold them."""
    return _asked(parts_of(pairs, bulletins), bulletins)


def _asked(parts: Mapping[str, Sequence[Part]], bulletins: Collection[str]) -> set[str]:
    return {one for one, held in parts.items() if may_make_a_digest(held, is_bulletin=one in bulletins)}


def _copies(pairs: Iterable[Verified]) -> dict[str, dict[str, int]]:
    """What is most of both texts and the same by itself, with the places of the article that it has."""
    copies: dict[str, dict[str, int]] = defaultdict(dict)
    for one in pairs:
        if one.is_same and min(one.left_cover, one.right_cover) >= MUTUAL:
            copies[one.left_id][one.right_id] = one.left_mask
            copies[one.right_id][one.left_id] = one.right_mask
    return copies


def _in_its_order(copies: Masks, chosen: Sequence[Part], parts: Mapping[str, Sequence[Part]]) -> Masks:
    """The copies that have the parts in the same order; outlets make digests of the same reports each in its own."""
    mine = news_at(chosen)
    return {one: mask for one, mask in copies.items() if are_in_one_order(mine, news_at(parts.get(one, ())))}


def _copies_of_all(copies: Masks, chosen: Sequence[Part], least: int) -> list[str]:
    """Copies but for those that have one part of a digest alone: they are excerpts of that part's report.

    least: the news of fewer reports may be one report with something added.
    """
    news = [one.mask for one in chosen if one.is_news]
    if len(news) < least:
        return list(copies)
    return [one for one, mask in copies.items() if not any(lies_in(mask, part, INSIDE) for part in news)]


def _with_several(copies: Masks, chosen: Sequence[Part]) -> list[str]:
    """The copies that have most of several parts, and not of one alone."""
    return [one for one, mask in copies.items() if sum(lies_in(part.mask, mask, HELD) for part in chosen) >= LEAST_NEWS]


def _is_digest(held: Sequence[Part], chosen: Sequence[Part], group_of: Mapping[str, str], dominant: float) -> bool:
    """Whether enough parts of different reports make up the text; dominant: one of two that is more is the report."""
    size = _together(chosen)
    if _are_halves(chosen, size):
        return True
    news = sum(one.is_news for one in chosen)
    of_its_report = {group_of[one.held_id] for one in held if one.is_its_report and one.held_id in group_of}
    if len(of_its_report) == 1 and not share_it_all(chosen, NEARLY_ALL):
        return False
    if news < LEAST_NEWS and len(chosen) < LEAST_PARTS:
        return False
    if len(chosen) < LEAST_PARTS and _is_about_one(chosen, size, dominant):
        return False
    least = DIGEST_SHARE if news >= LEAST_NEWS else DIGEST_SHARE_OF_STATEMENTS
    if sum(not one.is_whole for one in chosen) < LEAST_NEWS:
        least = DIGEST_SHARE_OF_WHOLE
    return size >= least * MASK_BITS


def _make_a_bulletin(chosen: Sequence[Part]) -> bool:
    """Whether a bulletin holds several reports, or the news of one beside others that nobody knows."""
    return len(chosen) >= LEAST_NEWS or any(one.mask.bit_count() <= DOMINANT * MASK_BITS for one in chosen)


def _together(chosen: Sequence[Part]) -> int:
    """How many 64ths of the text are in one of the parts."""
    places = 0
    for one in chosen:
        places |= one.mask
    return places.bit_count()


def _are_halves(chosen: Sequence[Part], size: int) -> bool:
    """Whether the news of two reports is all there is and neither is most of it, whatever the headline names."""
    is_all = size >= HALVES * MASK_BITS and max(one.mask.bit_count() for one in chosen) <= DOMINANT * size
    return is_all and len(chosen) == LEAST_NEWS and all(one.is_news and not one.is_whole for one in chosen)


def _is_about_one(chosen: Sequence[Part], size: int, dominant: float) -> bool:
    """Whether the headlines speak of one of the parts, or it is most of them."""
    said = sorted(one.headlines for one in chosen)
    speaks_of_one = said[-1] >= SAME_NEWS and said[-1] - said[-2] >= MORE_NEWS
    return speaks_of_one or max(one.mask.bit_count() for one in chosen) > dominant * size


def _names_neither(held: Sequence[Part], chosen: Sequence[Part], group_of: Mapping[str, str]) -> bool:
    """Whether these are the news of two reports under a headline that speaks of neither.

    With what several reports begin is a formula and no news.
    """
    if len(chosen) != LEAST_NEWS or any(not one.is_news or one.headlines > NO_NAME for one in chosen):
        return False
    return all(len(_reports_that_open_so(one, held, group_of)) <= 1 for one in chosen)


def _reports_that_open_so(part: Part, held: Sequence[Part], group_of: Mapping[str, str]) -> set[str]:
    same = (one.held_id for one in held if one.is_news and lies_in(part.mask, one.mask, HELD))
    return {group_of[one] for one in same if one in group_of}
