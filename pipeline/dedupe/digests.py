"""Which articles are digests: they hold passages of several reports, and are a copy of none.

What an article holds of others is not enough: a report holds every excerpt that others ran of it. So the others are
grouped without the articles in question first; parts that belong to different reports, lie apart and make up the text
are a digest's. The outcome depends on the set of pairs alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.dedupe.verified import Verified

# A part is at least a sentence of a report and stands in one place; shared phrases elsewhere are no part of it.
PART_WORDS = 16
PART_DENSITY = 0.7
# Two reports with their news make a digest, or statements from inside three.
NEWS = 0.6
LEAST_NEWS, LEAST_PARTS = 2, 3
# Parts lie apart and make up this much of the text; more where all of them lie in it whole, as a report's excerpts do.
PART_OVERLAP = 0.4
# Reports of one form have phrases in common: half of each stands in no other one.
FORM_OVERLAP = 0.5
DIGEST_SHARE, DIGEST_SHARE_OF_STATEMENTS, DIGEST_SHARE_OF_WHOLE = 0.35, 0.5, 0.6
WHOLE = 0.8
# What lies in a part of a digest so far has nothing of its other parts but a shared phrase.
INSIDE = 0.85
# A text that another one matches in so much of both is its copy, and a digest only if both are.
MUTUAL = 0.5
# One report that makes up so much of what an article holds of others is what it is a copy of, the rest is added to it.
DOMINANT = 0.62
# Of two parts, so much of what both headlines say in the other article, and so much more than for the other part, makes
# it one report with something added. So much for a report of which it holds most makes it that, whatever else it holds.
SAME_NEWS, MORE_NEWS, ITS_NEWS, MOST = 0.6, 0.2, 0.75, 0.55
# Of a text so much, and it is nothing but its parts: news of three reports or more, or so many statements.
NOTHING_ELSE, LEAST_STATEMENTS = 0.85, 4
# An outlet's digest runs once, perhaps twice; what ran more often is a report.
MOST_COPIES = 2
# So many copies of several of its parts, and an article is a report that was sent in parts, whatever its copies hold.
OFTEN = 4
# What differs in the same places, for two to be of one form.
SAME_FORM = 0.05
# So many parts of one text are looked at, the longest first; no digest needs more to be known as one.
MOST_PARTS = 300
MASK_BITS = 64

Grouping = Callable[[Iterable[str], Sequence[Verified]], Mapping[str, str]]


class Part(NamedTuple):
    """What an article may hold of another one."""

    held_id: str
    mask: int  # where, in 64ths of the article
    is_news: bool  # the other's first words are in it
    is_whole: bool  # nearly all of the other is in it
    is_earlier: bool  # the other came first, as far as is known
    headlines: float
    is_its_report: bool  # the two are the same report by themselves, and their headlines say so
    is_form: bool  # other names in the same places: two of one form, and none holds a part of the other


def find_digests(pairs: Sequence[Verified], wires: Collection[str], group: Grouping) -> frozenset[str]:
    """The articles that are digests, but for agencies' own pages (wires), which report.

    group tells for article ids and the pairs among them which group each is in.
    """
    parts = _parts(pairs)
    asked = _asked(parts) - set(wires)
    if not asked:
        return frozenset()
    others = {one.held_id for holder in asked for one in parts[holder] if not one.is_form} - asked
    among = [one for one in pairs if one.left_id in others and one.right_id in others]
    group_of = group(sorted(others), among)
    copies = _copies(pairs)
    chosen = {holder: _of_reports(parts[holder], group_of) for holder in asked}
    ran_often = {holder for holder, some in chosen.items() if len(_with_several(copies[holder], some)) > OFTEN}
    # A digest's copies are digests, and what is a copy of an article that cannot be one is none.
    possible = {one for one in asked - ran_often if asked.issuperset(copies[one])}
    digests: set[str] = set()
    for holder in asked - ran_often:
        whole = _copies_of_all(copies[holder], chosen[holder])
        may_be = asked.issuperset(whole) and ran_often.isdisjoint(whole)
        if may_be and _is_digest(parts[holder], chosen[holder], group_of, len(whole)):
            digests |= {holder, *possible.intersection(_with_several(copies[holder], chosen[holder]))}
    return frozenset(digests)


def may_be_digests(pairs: Iterable[Verified]) -> set[str]:
    """The articles that hold enough of others to be asked; pairs: all that hold them."""
    return _asked(_parts(pairs))


def _asked(parts: Mapping[str, Sequence[Part]]) -> set[str]:
    return {holder for holder, held in parts.items() if _may_be_digest(held)}


def _copies(pairs: Iterable[Verified]) -> dict[str, dict[str, int]]:
    """What is most of both texts and the same by itself, with the places of the article that it has."""
    copies: dict[str, dict[str, int]] = defaultdict(dict)
    for one in pairs:
        if one.is_same and min(one.left_cover, one.right_cover) >= MUTUAL:
            copies[one.left_id][one.right_id] = one.left_mask
            copies[one.right_id][one.left_id] = one.right_mask
    return copies


def _copies_of_all(copies: Mapping[str, int], chosen: Sequence[Part]) -> list[str]:
    """Copies but for those that have one part of a digest alone: they are excerpts of that part's report."""
    news = [one.mask for one in chosen if one.is_news]
    if len(news) < LEAST_PARTS:
        return list(copies)
    return [one for one, mask in copies.items() if not any(_lies_in(mask, part) for part in news)]


def _with_several(copies: Mapping[str, int], chosen: Sequence[Part]) -> list[str]:
    """The copies that have most of several parts, and not of one alone."""
    return [
        one
        for one, mask in copies.items()
        if sum(2 * (mask & part.mask).bit_count() > part.mask.bit_count() for part in chosen) >= LEAST_NEWS
    ]


def _parts(pairs: Iterable[Verified]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for one in pairs:
        if one.matched < PART_WORDS:
            continue
        is_form = one.slots >= SAME_FORM
        hours = one.hours or 0.0
        if one.left_cover < WHOLE and (place := place_of(one.left_mask, one.matched)):
            known = (one.right_lead, one.right_cover, -hours)
            found[one.left_id].append(_part(one, one.right_id, place, known, is_form=is_form))
        if one.right_cover < WHOLE and (place := place_of(one.right_mask, one.matched)):
            known = (one.left_lead, one.left_cover, hours)
            found[one.right_id].append(_part(one, one.left_id, place, known, is_form=is_form))
    # One part alone makes no digest.
    return {one: _first_parts(held) for one, held in found.items() if len(held) >= LEAST_NEWS}


def _first_parts(held: Iterable[Part]) -> list[Part]:
    """The longest first, and forms left out before others are."""
    return sorted(sorted(held, key=lambda one: (one.is_form, *_longest(one)))[:MOST_PARTS], key=_longest)


def place_of(mask: int, matched: int) -> int:
    """The one place of a part with so many words in all; 0 where too few of them stand there."""
    place = mask if _density(mask) >= PART_DENSITY else _longest_run(mask)
    return place if matched * place.bit_count() >= PART_WORDS * mask.bit_count() else 0


def _part(pair: Verified, held_id: str, mask: int, known: tuple[float, float, float], *, is_form: bool) -> Part:
    lead, cover, after = known
    is_its_report = pair.is_same and pair.headlines >= ITS_NEWS and MOST <= cover < WHOLE and not is_form
    return Part(held_id, mask, lead >= NEWS, cover >= WHOLE, after >= 0, pair.headlines, is_its_report, is_form)


def _longest(part: Part) -> tuple[int, str]:
    return -part.mask.bit_count(), part.held_id


def _density(mask: int) -> float:
    """Of the stretch from the first to the last shared passage, the share that is shared."""
    lowest = (mask & -mask).bit_length() - 1
    return mask.bit_count() / (mask.bit_length() - lowest) if mask else 0.0


def _longest_run(mask: int) -> int:
    """The longest shared stretch alone, where a phrase elsewhere is shared too."""
    starts, last, length = mask, 0, 0
    while starts:  # where runs of one more begin
        last, length = starts, length + 1
        starts &= starts >> 1
    return ((1 << length) - 1) << (last.bit_length() - 1) if mask else 0


def _may_be_digest(held: Sequence[Part]) -> bool:
    held = [one for one in held if not one.is_form]
    news = [one for one in held if one.is_news]
    return len(_apart(news)) >= LEAST_NEWS or len(_apart(_from_before(held))) >= LEAST_PARTS


def _from_before(held: Sequence[Part]) -> list[Part]:
    """Parts that the article may have taken; what came later and lacks the other's news took it from the article."""
    return [one for one in held if one.is_news or one.is_earlier]


def _apart(held: Sequence[Part]) -> list[Part]:
    """Parts that lie apart, the shortest first: another digest of the same reports overlaps with all of them."""
    chosen: list[Part] = []
    for one in reversed(held):
        if all(_are_apart(one.mask, other.mask) for other in chosen):
            chosen.append(one)
    return chosen


def _are_apart(one: int, other: int, overlap: float = PART_OVERLAP) -> bool:
    return (one & other).bit_count() <= overlap * min(one.bit_count(), other.bit_count())


def _lies_in(one: int, other: int) -> bool:
    return (one & other).bit_count() >= INSIDE * one.bit_count()


def _is_digest(held: Sequence[Part], chosen: Sequence[Part], group_of: Mapping[str, str], copies: int) -> bool:
    """Whether enough parts of different reports make up the text.

    A report that ran more than once and has formulas in common with earlier ones is no round-up.
    """
    if copies > MOST_COPIES:
        return False
    news = sum(one.is_news for one in chosen)
    of_its_report = {group_of[one.held_id] for one in held if one.is_its_report and one.held_id in group_of}
    if len(of_its_report) == 1 and not _share_it_all(chosen):
        return False
    if news < LEAST_NEWS and len(chosen) < LEAST_PARTS:
        return False
    together = 0
    for one in chosen:
        together |= one.mask
    size = together.bit_count()
    if len(chosen) < LEAST_PARTS and _is_about_one(chosen, size):
        return False
    least = DIGEST_SHARE if news >= LEAST_NEWS else DIGEST_SHARE_OF_STATEMENTS
    if sum(not one.is_whole for one in chosen) < LEAST_NEWS:
        least = DIGEST_SHARE_OF_WHOLE
    return size >= least * MASK_BITS


def _of_reports(held: Sequence[Part], group_of: Mapping[str, str]) -> list[Part]:
    """One part of each report, lying apart, the longest first.

    What may be a digest itself is in no group; what it has in a place of its own is a part where all parts together
    leave nothing else in the text. So is what stands in the words of a form that other parts are in too.
    """
    by_report: dict[str, list[Part]] = defaultdict(list)
    of_others: list[Part] = []
    for one in _from_before(held):
        if one.held_id in group_of:
            by_report[group_of[one.held_id]].append(one)
        if (one.is_form or one.held_id not in group_of) and one.is_earlier and not one.is_whole:
            of_others.append(one)
    typical = sorted(filter(None, map(_typical, by_report.values())), key=_longest)
    chosen = _first_apart([], typical)
    places = _places(group_of, [*typical, *of_others])
    with_others = (_first_apart(chosen, of_others), _first_apart([], places, FORM_OVERLAP))
    return next(filter(_share_it_all, with_others), chosen)


def _places(group_of: Mapping[str, str], parts: Iterable[Part]) -> list[Part]:
    """The longest place of each report, the longest first, without the phrases of its form that stand elsewhere."""
    found: dict[str, Part] = {}
    for one in parts:
        report, place = group_of.get(one.held_id, one.held_id), one._replace(mask=_longest_run(one.mask))
        found[report] = min(place, found.get(report, place), key=_longest)
    return sorted(found.values(), key=_longest)


def _first_apart(chosen: Sequence[Part], parts: Iterable[Part], overlap: float = PART_OVERLAP) -> list[Part]:
    """Those chosen, and of the parts each that lies apart from all before it."""
    found = list(chosen)
    for part in parts:
        if all(_are_apart(part.mask, other.mask, overlap) for other in found):
            found.append(part)
    return found


def _share_it_all(chosen: Sequence[Part]) -> bool:
    """Whether what several reports say is all there is, and none most of it: any headline names but one."""
    if sum(one.is_news for one in chosen) < LEAST_PARTS and len(chosen) < LEAST_STATEMENTS:
        return False
    masks = [one.mask for one in chosen]
    once, again = 0, 0  # where one of them stands, and more than one
    for mask in masks:
        once, again = once | mask, again | (once & mask)
    size = once.bit_count()
    return size >= NOTHING_ELSE * MASK_BITS and 2 * max((mask & ~again).bit_count() for mask in masks) <= size


def _is_about_one(chosen: Sequence[Part], size: int) -> bool:
    """Whether the headlines speak of one of the parts, or it is most of them."""
    said = sorted(one.headlines for one in chosen)
    speaks_of_one = said[-1] >= SAME_NEWS and said[-1] - said[-2] >= MORE_NEWS
    return speaks_of_one or max(one.mask.bit_count() for one in chosen) > DOMINANT * size


def _typical(held: Collection[Part]) -> Part | None:
    """One part for all articles of a report: the longest, whole only if all of them are; none that are excerpts.

    Of a report, some of which is in the text as it is, other articles may hold a formula that the text has too, around
    other names; they still tell what is an excerpt of it.
    """
    of_report = held
    held = [one for one in held if not one.is_form]
    if not held:
        return None
    longest = min(held, key=_longest)
    is_whole = all(one.is_whole for one in of_report)
    if is_whole and not all(one.is_earlier for one in held):
        return None
    return Part(
        longest.held_id,
        longest.mask,
        any(one.is_news for one in held),
        is_whole,
        longest.is_earlier,
        max(one.headlines for one in held),
        any(one.is_its_report for one in held),
        is_form=False,
    )
