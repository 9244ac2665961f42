"""Links: from each article to the one it derives from, with relation, coverage and the passages shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from pipeline.credits.status import credit_status, named_agencies
from pipeline.dedupe.alignment import Alignment, Alignments, Marks
from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.corpus import Aligned, Corpus, Ranges
from pipeline.dedupe.derivation import copy_of, have_same_source, other_of, parent_of, targets_of
from pipeline.dedupe.relations import Pair, are_reuse, relation_across, relation_within
from pipeline.dedupe.sentences import share_sentence
from pipeline.dedupe.times import SECONDS_PER_HOUR
from pipeline.dedupe.verified import Verified
from pipeline.normalise import normalise
from pipeline.records import Article, Link, Relation, Span, Story

METHOD_VERSION = "align-score/13"
# Articles whose links are made together.
_AT_ONCE = 6_000


class _Draft(NamedTuple):
    """All of a link but its spans."""

    copy: Article
    origin: Article
    story: Story
    relation: Relation
    alignment: Alignment
    pair: Verified | None


def link_stories(
    stories: Iterable[Story],
    pairs: Iterable[Verified],
    digests: Collection[str],
    corpus: Corpus,
    wanted: Collection[str] | None = None,
) -> list[Link]:
    """Links inside the stories, and from their articles to other stories, in the order of article and origin.

    With wanted, the links of those articles alone; corpus then has to hold them, the articles of their stories and of
    their pairs.
    """
    story_of = {member: story for story in stories for member in story.member_ids}
    inside: dict[str, dict[str, Verified]] = defaultdict(dict)
    across: dict[str, list[Verified]] = defaultdict(list)
    links: list[Link] = []
    for one in pairs:
        left, right = story_of.get(one.left_id), story_of.get(one.right_id)
        if left is None or right is None:
            continue
        if left is right:
            inside[one.left_id][one.right_id] = inside[one.right_id][one.left_id] = one
        else:
            across[copy_of(one, digests, corpus)].append(one)
    remaining = iter(story_of if wanted is None else [one for one in story_of if one in wanted])
    while some := list(islice(remaining, _AT_ONCE)):
        drafts = [*_inside(some, story_of, inside, corpus), *_across(some, story_of, across, digests, corpus)]
        aligned = [Aligned(one.copy.article_id, one.origin.article_id, one.alignment) for one in drafts]
        links += [
            _link(one, shared.spans(), corpus)
            for one, shared in zip(drafts, corpus.spans(aligned), strict=True)
            if one.relation.within_story or _share_sentence(one, shared)
        ]
    return sorted(links, key=lambda link: (link.article_id, link.origin_article_id))


def _inside(
    some: Iterable[str],
    story_of: Mapping[str, Story],
    by_article: Mapping[str, Mapping[str, Verified]],
    corpus: Corpus,
) -> Iterator[_Draft]:
    """The links of articles to the one of their own story that they derive from."""
    parents = {
        one: parent_of(one, story_of[one], by_article.get(one, {}), corpus)
        for one in some
        if one != story_of[one].origin_article_id
    }
    aligned = corpus.align(way for pair in parents.items() for way in (pair, pair[::-1]))
    for article_id, parent_id in parents.items():
        copy, origin = corpus.articles[article_id], corpus.articles[parent_id]
        alignment, reverse = aligned[article_id, parent_id], aligned[parent_id, article_id]
        relation = relation_within(alignment, reverse, _pair(copy, origin, alignment))
        pair = by_article.get(article_id, {}).get(parent_id)
        yield _Draft(copy, origin, story_of[article_id], relation, alignment, pair)


def _across(
    some: Iterable[str],
    story_of: Mapping[str, Story],
    by_copy: Mapping[str, Sequence[Verified]],
    digests: Collection[str],
    corpus: Corpus,
) -> Iterator[_Draft]:
    """The links of articles to other stories: of each the first pair that shows enough text taken from it."""
    waiting = [
        (one, pairs) for one in some if one in by_copy for pairs in targets_of(one, story_of, by_copy[one], digests)
    ]
    is_digest = np.zeros(len(corpus.places), np.bool_)
    is_digest[[corpus.places[one] for one in digests if one in corpus.places]] = True

    def are_of_use(places: Pairs, some: Alignments) -> Marks:
        return are_reuse(some, is_digest[places[:, 0]] & ~is_digest[places[:, 1]])

    count = 1  # the first pair nearly always tells; then ever more of them are aligned together
    while waiting:
        first = ((one, other_of(pair, one)) for one, pairs in waiting for pair in pairs[:count])
        aligned = corpus.align(first, are_of_use)
        undecided = []
        for one, pairs in waiting:
            taken = next((pair for pair in pairs[:count] if (one, other_of(pair, one)) in aligned), None)
            if taken is not None:
                alignment = aligned[one, other_of(taken, one)]
                yield _across_to(one, taken, story_of, digests, corpus, alignment)
            elif len(pairs) > count:
                undecided.append((one, pairs[count:]))
        waiting, count = undecided, count * 2


def _across_to(
    article_id: str,
    pair: Verified,
    story_of: Mapping[str, Story],
    digests: Collection[str],
    corpus: Corpus,
    alignment: Alignment,
) -> _Draft:
    """The link to the other article of a pair."""
    other_id = other_of(pair, article_id)
    copy, origin = corpus.articles[article_id], corpus.articles[other_id]
    holds_it = article_id in digests and other_id not in digests
    relation = relation_across(alignment, _pair(copy, origin, alignment), is_digest=holds_it)
    return _Draft(copy, origin, story_of[other_id], relation, alignment, pair)


def _pair(copy: Article, origin: Article, alignment: Alignment) -> Pair:
    apart = None
    if copy.published_at is not None and origin.published_at is not None:
        apart = (copy.published_at - origin.published_at).total_seconds() / SECONDS_PER_HOUR
    same_words = alignment.copy_words == alignment.origin_words and len(alignment.blocks) <= 1
    same_words = same_words and alignment.matched == alignment.copy_words
    return Pair(
        same_words=same_words,
        same_headline=same_words and _have_same_headline(copy, origin),  # of other words it tells nothing
        same_source=have_same_source(copy, origin),
        hours=apart,
        same_agency=bool(named_agencies(copy) & named_agencies(origin)),
        is_turkish=(copy.language or "").startswith("tr"),
    )


def _have_same_headline(one: Article, other: Article) -> bool:
    headlines = [normalise(each.headline) if each.headline else "" for each in (one, other)]
    return not all(headlines) or headlines[0] == headlines[1]


def _share_sentence(draft: _Draft, shared: Ranges) -> bool:
    copied = zip(shared.copy_starts, shared.copy_ends, strict=True)
    of_origin = zip(shared.origin_starts, shared.origin_ends, strict=True)
    is_digest = draft.relation is Relation.DIGEST_MEMBER
    return share_sentence(draft.copy.body, draft.origin.body, copied, of_origin, is_digest=is_digest)


def _link(draft: _Draft, spans: tuple[Span, ...], corpus: Corpus) -> Link:
    copy, origin, alignment, pair = draft.copy, draft.origin, draft.alignment, draft.pair
    latency = None
    if copy.published_at is not None and origin.published_at is not None:
        latency = int((copy.published_at - origin.published_at).total_seconds())
    jaccard = pair.jaccard if pair is not None else corpus.jaccard(copy.article_id, origin.article_id)
    copied, of_origin = alignment.copy_coverage, alignment.origin_coverage
    figures = f"j={jaccard:.2f} cc={copied:.2f} oc={of_origin:.2f}"
    verdict = f"score={pair.score:.1f} slots={pair.slots:.2f} numbers={pair.numbers:.2f}" if pair else "over=others"
    return Link(
        story_id=draft.story.story_id,
        article_id=copy.article_id,
        origin_article_id=origin.article_id,
        relation=draft.relation,
        jaccard=jaccard,
        origin_coverage=of_origin,
        copy_coverage=copied,
        latency_seconds=latency,
        credit_status=credit_status(copy, draft.story.agency_id),
        spans=spans,
        reason=f"{draft.relation.value} {figures} {verdict}",
        method_version=METHOD_VERSION,
    )
