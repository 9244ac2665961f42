"""What an article may hold of others, and what of that would make it a digest: one part of each report, lying apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.dedupe.places import MASK_BITS, PART_WORDS, are_apart, longest_run, place_of
from pipeline.dedupe.verified import Verified

# So much of a report's first words, and its news is in the article, or some of it, as a short sentence is; so much of
# all its words, and the report is whole.
NEWS, SOME_NEWS, WHOLE = 0.6, 0.4, 0.8
# Two reports with their news make a digest, or statements from inside three.
LEAST_NEWS, LEAST_PARTS = 2, 3
PART_OVERLAP = 0.4
# Reports of one form have phrases in common: half of each stands in no other one.
FORM_OVERLAP = 0.5
# So much of what both headlines say in the other article, for a report of which the article holds most, makes it that,
# whatever else it holds.
ITS_NEWS, MOST = 0.75, 0.55
# Of a text so much, and it is nothing but its parts: news of three reports or more, or so many statements.
NOTHING_ELSE, LEAST_STATEMENTS = 0.85, 4
# So many parts of one text are looked at, the longest first; no digest needs more to be known as one.
MOST_PARTS = 300


class Least(NamedTuple):
    """What an article must share with another one."""

    words: int  # for a part
    lead: float  # of the other one's first words, for its news
    slots: float  # that differ in the same places, for the two to be of one form


ANY = Least(words=PART_WORDS, lead=NEWS, slots=0.05)
# It says of itself that it holds others, if only a short sentence of them, and may have worded that anew.
BULLETIN = Least(words=12, lead=SOME_NEWS, slots=0.6)


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


def parts_of(pairs: Iterable[Verified], bulletins: Collection[str] = frozenset()) -> dict[str, list[Part]]:
    """By article what it may hold of others, the longest first; one part alone makes no digest but of a bulletin."""
    found: dict[str, list[Part]] = defaultdict(list)
    for one in pairs:
        if one.matched < BULLETIN.words:
            continue
        hours = one.hours or 0.0
        for_left, for_right = (BULLETIN if end in bulletins else ANY for end in (one.left_id, one.right_id))
        if one.left_cover < WHOLE and (place := place_of(one.left_mask, one.matched, for_left.words)):
            known = (one.right_lead, one.right_cover, -hours)
            found[one.left_id].append(_part(one, one.right_id, place, known, for_left))
        if one.right_cover < WHOLE and (place := place_of(one.right_mask, one.matched, for_right.words)):
            known = (one.left_lead, one.left_cover, hours)
            found[one.right_id].append(_part(one, one.left_id, place, known, for_right))
    return {one: _first_parts(held) for one, held in found.items() if len(held) >= LEAST_NEWS or one in bulletins}


def may_make_a_digest(held: Sequence[Part], *, is_bulletin: bool) -> bool:
    """Whether there are enough parts, whichever reports they are of; of a bulletin one."""
    held = [one for one in held if not one.is_form]
    news = [one for one in held if one.is_news]
    if is_bulletin:
        return bool(news)
    return len(_apart(news)) >= LEAST_NEWS or len(_apart(_from_before(held))) >= LEAST_PARTS


def choose_parts(held: Sequence[Part], group_of: Mapping[str, str]) -> list[Part]:
    """One part of each report, lying apart, the longest first; group_of: the reports of articles that are no digests.

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
    of_others.sort(key=lambda one: not one.is_news)  # of one place the news, before its other parts
    typical = sorted(filter(None, map(_typical, by_report.values())), key=_longest)
    chosen = _first_apart([], typical)
    places = _places(group_of, [*typical, *of_others])
    with_others = (_first_apart(chosen, of_others), _first_apart([], places, FORM_OVERLAP))
    return next(filter(share_it_all, with_others), chosen)


def share_it_all(chosen: Sequence[Part], least: float = NOTHING_ELSE) -> bool:
    """Whether what several reports say is all there is, or that share of it, and none is most of that."""
    if sum(one.is_news for one in chosen) < LEAST_PARTS and len(chosen) < LEAST_STATEMENTS:
        return False
    masks = [one.mask for one in chosen]
    once, again = 0, 0  # where one of them stands, and more than one
    for mask in masks:
        once, again = once | mask, again | (once & mask)
    size = once.bit_count()
    return size >= least * MASK_BITS and 2 * max((mask & ~again).bit_count() for mask in masks) <= size


def news_at(held: Iterable[Part]) -> dict[str, int]:
    """By article whose news is among the parts: where it stands."""
    return {one.held_id: one.mask for one in held if one.is_news}


def _first_parts(held: Iterable[Part]) -> list[Part]:
    """The longest first, and forms left out before others are."""
    return sorted(sorted(held, key=lambda one: (one.is_form, *_longest(one)))[:MOST_PARTS], key=_longest)


def _part(pair: Verified, held_id: str, mask: int, known: tuple[float, float, float], least: Least) -> Part:
    lead, cover, after = known
    is_form = pair.slots >= least.slots
    is_its_report = pair.is_same and pair.headlines >= ITS_NEWS and MOST <= cover < WHOLE and not is_form
    return Part(held_id, mask, lead >= least.lead, cover >= WHOLE, after >= 0, pair.headlines, is_its_report, is_form)


def _longest(part: Part) -> tuple[int, str]:
    return -part.mask.bit_count(), part.held_id


def _from_before(held: Sequence[Part]) -> list[Part]:
    """Parts that the article may have taken; what came later and lacks the other's news took it from the article."""
    return [one for one in held if one.is_news or one.is_earlier]


def _apart(held: Sequence[Part]) -> list[Part]:
    """Parts that lie apart, the shortest first: another digest of the same reports overlaps with all of them."""
    return _first_apart([], reversed(held))


def _first_apart(chosen: Sequence[Part], parts: Iterable[Part], overlap: float = PART_OVERLAP) -> list[Part]:
    """Those chosen, and of the parts each that lies apart from all before it."""
    found = list(chosen)
    for part in parts:
        if all(are_apart(part.mask, other.mask, overlap) for other in found):
            found.append(part)
    return found


def _places(group_of: Mapping[str, str], parts: Iterable[Part]) -> list[Part]:
    """The longest place of each report, the longest first, without the phrases of its form that stand elsewhere."""
    found: dict[str, Part] = {}
    for one in parts:
        report, place = group_of.get(one.held_id, one.held_id), one._replace(mask=longest_run(one.mask))
        found[report] = min(place, found.get(report, place), key=_longest)
    return sorted(found.values(), key=_longest)


def _typical(held: Collection[Part]) -> Part | None:
    """One part for all articles of a report: the longest, whole only if all of them are; none that are excerpts.

    What lies whole in the text and ran after it alone is an excerpt of it. Of a report, some of which is in the text as
    it is, other articles may hold a formula that the text has too, around other names; they still tell what is an
    excerpt of it.
    """
    of_report = held
    held = [one for one in held if not one.is_form]
    if not held:
        return None
    longest = min(held, key=_longest)
    is_whole = all(one.is_whole for one in of_report)
    if is_whole and not any(one.is_earlier for one in held):
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
