"""Which article another one derives from: of its own story, and of stories that it may have taken text from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf

from pipeline.dedupe.corpus import Corpus
from pipeline.dedupe.digest_parts import NEWS, SOME_NEWS
from pipeline.dedupe.digests import HELD, INSIDE
from pipeline.dedupe.places import lies_in, place_of
from pipeline.dedupe.verified import Verified
from pipeline.records import Article, Story

# A copy follows a later version of the report where it is so much closer to that one, or where it has as much of
# itself there and the same numbers and names: a toll that was corrected is one word of the text.
CLOSER = 0.05
# Two texts of different stories that are this much alike on both sides, with other names or numbers in it, are forms
# filled in twice; neither derives from the other.
FORM_COVER = 0.4
# A member that shares less with the report came into its story over others, and derives from one of these.
STRANGE = 0.05
# Of two reports in one place of a digest, one with so much fewer words there than the other is not what it holds.
# Nor is one with other names there, and half as many in the other.
LESS, SOME_SLOTS, LESS_SLOTS = 0.8, 0.1, 0.5
# Other stories that an article is linked to at most, unless it is a digest. The background that an agency puts under
# each report of a long crisis stands in hundreds of stories; links between all of them would drown everything else.
MOST_TARGETS = 24


def parent_of(article_id: str, story: Story, known: Mapping[str, Verified], corpus: Corpus) -> str:
    """The article of its story that another one derives from."""
    copy, origin = corpus.articles[article_id], corpus.articles[story.origin_article_id]
    is_own = have_same_source(copy, origin)
    parent_id = origin.article_id if is_own else _closest_version(copy, origin, story, known, corpus)
    if parent_id not in known and corpus.jaccard(article_id, parent_id) < STRANGE:
        return _closest_before(article_id, known, corpus) or parent_id
    return parent_id


def copy_of(pair: Verified, digests: Collection[str], corpus: Corpus) -> str:
    """Of a pair of two stories the article that may derive from the other one."""
    return pair.left_id if _derives(pair.left_id, pair.right_id, digests, corpus) else pair.right_id


def targets_of(
    article_id: str, story_of: Mapping[str, Story], pairs: Iterable[Verified], digests: Collection[str]
) -> list[list[Verified]]:
    """For each other story that the article may take text from its pairs, that with the origin first, then the best.

    pairs: those with articles of other stories that it may derive from. Of very many stories those that it shares most
    words with, and of equals the nearest in time; a digest is linked to all that it holds.
    """
    is_digest = article_id in digests
    targets: dict[str, list[Verified]] = defaultdict(list)
    for pair in _held(article_id, pairs, digests) if is_digest else pairs:
        if is_digest or not _is_form(pair):
            targets[story_of[other_of(pair, article_id)].story_id].append(pair)

    def preference(pair: Verified) -> tuple[bool, int, str, str]:
        other_id = other_of(pair, article_id)
        is_member = other_id != story_of[other_id].origin_article_id
        return is_member, *_most_words(pair)

    wanted = _best_of_each_place(article_id, targets, digests) if is_digest else list(targets)
    if not is_digest and len(wanted) > MOST_TARGETS:
        wanted = sorted(wanted, key=lambda story_id: min(map(_closeness, targets[story_id])))[:MOST_TARGETS]
    return [sorted(targets[story_id], key=preference) for story_id in sorted(wanted)]


def _held(digest_id: str, pairs: Iterable[Verified], digests: Collection[str]) -> list[Verified]:
    """The pairs of a digest but for those with reports of which it has nothing that is not another report's news.

    The background of a follow-up, or a formula, stands in the digest with the report that it is from.
    """
    news = 0
    lacking: list[Verified] = []  # pairs with what the digest may have of other reports
    found: list[Verified] = []
    for pair in pairs:
        mask, _, lead = _sides(pair, digest_id)
        (found if lead >= SOME_NEWS else lacking).append(pair)
        if lead >= NEWS and _is_of_a_report(pair, digest_id, digests):
            news |= mask
    return found + [one for one in lacking if not lies_in(_sides(one, digest_id)[0], news, INSIDE)]


def _is_of_a_report(pair: Verified, digest_id: str, digests: Collection[str]) -> bool:
    """Whether what a digest shares with another article stands in one place of both.

    What has several of its passages may be a round-up itself, of which nobody knows what it holds.
    """
    masks = _sides(pair, digest_id)[:2]
    return other_of(pair, digest_id) not in digests and all(one == place_of(one, pair.matched) for one in masks)


def _best_of_each_place(
    digest_id: str, targets: Mapping[str, Sequence[Verified]], digests: Collection[str]
) -> list[str]:
    """The stories but for those of which a digest has less than of another one in the same place.

    It holds that one: the other is filled into the same form, or shares a formula.
    """
    best = {story_id: min(pairs, key=_most_words) for story_id, pairs in targets.items()}
    places = {story_id: _sides(pair, digest_id)[0] for story_id, pair in best.items()}
    reports = [story_id for story_id, pair in best.items() if _is_of_a_report(pair, digest_id, digests)]

    def is_less(one: str, other: str) -> bool:
        is_one_place = lies_in(places[one], places[other], INSIDE) and lies_in(places[other], places[one], HELD)
        has_other_names = best[one].slots >= SOME_SLOTS and best[other].slots <= LESS_SLOTS * best[one].slots
        return is_one_place and (has_other_names or best[one].matched <= LESS * best[other].matched)

    return [one for one in targets if not any(is_less(one, other) for other in reports)]


def _sides(pair: Verified, holder_id: str) -> tuple[int, int, float]:
    """Where an article and the other one have what they share, and how much of the other one's first words that is."""
    if pair.left_id == holder_id:
        return pair.left_mask, pair.right_mask, pair.right_lead
    return pair.right_mask, pair.left_mask, pair.left_lead


def _most_words(pair: Verified) -> tuple[int, str, str]:
    """Less where two articles share more words; of equals the ids decide."""
    return -pair.matched, pair.left_id, pair.right_id


def _closeness(pair: Verified) -> tuple[int, float, str, str]:
    """Less where two articles share more words, and come closer in time."""
    return -pair.matched, inf if pair.hours is None else abs(pair.hours), pair.left_id, pair.right_id


def other_of(pair: Verified, article_id: str) -> str:
    """The other article of a pair."""
    return pair.right_id if pair.left_id == article_id else pair.left_id


def have_same_source(one: Article, other: Article) -> bool:
    """Whether both are of one agency's pages or of one outlet."""
    if one.own_agency_id is not None and one.own_agency_id == other.own_agency_id:
        return True
    return one.outlet_id == other.outlet_id


def _closest_version(
    copy: Article, origin: Article, story: Story, known: Mapping[str, Verified], corpus: Corpus
) -> str:
    """The version of the report, by the origin's own outlet or agency, that the copy was made from."""
    best, most = origin.article_id, None
    for member_id in story.member_ids:
        member = corpus.articles[member_id]
        if member_id in (copy.article_id, best) or not have_same_source(member, origin):
            continue
        if most is None:
            most = _jaccard(copy.article_id, best, known, corpus)
        alike = _jaccard(copy.article_id, member_id, known, corpus)
        came_before = corpus.places[member_id] < corpus.places[copy.article_id]
        differs_less = came_before and _differs_less(copy.article_id, known.get(member_id), known.get(best))
        if alike > most + CLOSER or differs_less:
            best, most = member_id, alike
    return best


def _differs_less(copy_id: str, pair: Verified | None, other: Verified | None) -> bool:
    """Whether a copy has as much of itself in one version as in the other one, and fewer other numbers and names."""
    if pair is None or other is None:
        return False
    covers = [one.left_cover if one.left_id == copy_id else one.right_cover for one in (pair, other)]
    return covers[0] > covers[1] - CLOSER and (pair.numbers, pair.slots) < (other.numbers, other.slots)


def _closest_before(article_id: str, known: Mapping[str, Verified], corpus: Corpus) -> str | None:
    """The earlier article of its story that an article has most words in common with, and is the same report as."""
    before = [
        (-pair.matched, other_id)
        for other_id, pair in known.items()
        if pair.is_same and corpus.places[other_id] < corpus.places[article_id]
    ]
    return min(before)[1] if before else None


def _jaccard(article_id: str, other_id: str, known: Mapping[str, Verified], corpus: Corpus) -> float:
    pair = known.get(other_id)
    return pair.jaccard if pair is not None else corpus.jaccard(article_id, other_id)


def _derives(copy_id: str, origin_id: str, digests: Collection[str], corpus: Corpus) -> bool:
    """The later article derives from the earlier one; a digest from what it holds, whatever the times say."""
    one, other = copy_id in digests, origin_id in digests
    if one != other:
        return one
    return corpus.places[copy_id] > corpus.places[origin_id]


def _is_form(pair: Verified) -> bool:
    return min(pair.left_cover, pair.right_cover) >= FORM_COVER and (pair.slots > 0 or pair.numbers > 0)
