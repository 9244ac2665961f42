"""Links: from each article to the one it derives from, with relation, coverage and the passages shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from pipeline.credits.status import credit_status, named_agencies
from pipeline.dedupe.alignment import Alignment, Alignments, spans_of
from pipeline.dedupe.grams import batches_of
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.relations import Pair, is_reuse, relation_across, relation_within
from pipeline.dedupe.score import Verified
from pipeline.dedupe.signatures import shingle_hashes
from pipeline.dedupe.texts import Texts
from pipeline.normalise import Tokens, find_words, normalise, tokenise
from pipeline.records import Article, Link, Relation, Story

METHOD_VERSION = "align-score/2"
# A copy follows a later version of the report where it is so much closer to that one.
CLOSER = 0.05
# Two texts of different stories that are this much alike on both sides, with other names or numbers in it, are forms
# filled in twice; neither derives from the other.
FORM_COVER = 0.4
# Pairs with one other story that are aligned beforehand; the first nearly always tells.
_FORESEEN = 3
# Articles whose links are made together.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles with the words of their bodies as the fold sees them (site furniture blanked)."""

    articles: Mapping[str, Article]
    places: Mapping[str, int]
    texts: Texts
    bodies: Sequence[str]
    _aligned: dict[tuple[str, str], Alignment] = field(default_factory=dict)
    _tokens: dict[str, Tokens] = field(default_factory=dict)

    def prepare(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Align many articles at once, copy and origin; what was prepared before is dropped."""
        wanted = sorted(dict.fromkeys(pairs), key=lambda pair: (self.places[pair[0]], self.places[pair[1]]))
        places = np.array([[self.places[one] for one in pair] for pair in wanted], np.int64).reshape(-1, 2)
        self._aligned.clear()
        self._tokens.clear()
        for rows, texts, local in batches_of(self.texts, places):
            aligned = Alignments(texts, local)
            self._aligned.update((pair, aligned[row]) for row, pair in enumerate(wanted[rows]))

    def align(self, copy_id: str, origin_id: str) -> Alignment:
        """Align two articles by their words."""
        found = self._aligned.get((copy_id, origin_id))
        if found is not None:
            return found
        places = np.array([self.places[copy_id], self.places[origin_id]])
        return Alignments(self.texts.select(places), np.array([[0, 1]]))[0]

    def tokens(self, article_id: str) -> Tokens:
        """The words of an article with their places; quick where every word counts and none needs folding for that."""
        found = self._tokens.get(article_id)
        if found is None:
            found = self._tokens[article_id] = self._find_tokens(article_id)
        return found

    def _find_tokens(self, article_id: str) -> Tokens:
        body, place = self.bodies[self.places[article_id]], self.places[article_id]
        found = find_words(body)
        if found is None or len(found) != len(self.texts[place]):
            return tokenise(body)
        return Tokens([], [start for start, _ in found], [end for _, end in found])

    def jaccard(self, one: str, other: str) -> float:
        """Of word 3-grams."""
        mine, yours = (np.unique(shingle_hashes(self.texts.hashes[self.texts[self.places[a]]])) for a in (one, other))
        shared = len(np.intersect1d(mine, yours, assume_unique=True))
        return shared / max(len(mine) + len(yours) - shared, 1)


def link_stories(
    stories: Iterable[Story], pairs: Iterable[Verified], digests: frozenset[str], corpus: Corpus
) -> list[Link]:
    """Links inside the stories, and from their articles to other stories, in the order of article and origin."""
    story_of = {member: story for story in stories for member in story.member_ids}
    by_article: dict[str, dict[str, Verified]] = defaultdict(dict)
    links: list[Link] = []
    for one in pairs:
        by_article[one.left_id][one.right_id] = one
        by_article[one.right_id][one.left_id] = one
    remaining = iter(story_of)
    while some := list(islice(remaining, _AT_ONCE)):
        across = {one: _targets(one, story_of, by_article.get(one, {}), digests, corpus) for one in some}
        parents = {
            one: _parent(one, story_of[one], by_article.get(one, {}), corpus)
            for one in some
            if one != story_of[one].origin_article_id
        }
        corpus.prepare(_foreseen(parents, across))
        for article_id in some:
            if article_id in parents:
                known = by_article.get(article_id, {})
                links.append(_inside(article_id, parents[article_id], story_of[article_id], known, corpus))
            for target in across[article_id]:
                links += _across_to(corpus.articles[article_id], story_of, target, digests, corpus)
    return sorted(links, key=lambda link: (link.article_id, link.origin_article_id))


def _foreseen(parents: Mapping[str, str], across: Mapping[str, list[list[Verified]]]) -> Iterator[tuple[str, str]]:
    """The pairs that links are read off, those across stories most likely."""
    for article_id, parent_id in parents.items():
        yield from ((article_id, parent_id), (parent_id, article_id))
    for article_id, targets in across.items():
        yield from ((article_id, _other(pair, article_id)) for target in targets for pair in target[:_FORESEEN])


def _other(pair: Verified, article_id: str) -> str:
    return pair.right_id if pair.left_id == article_id else pair.left_id


def _parent(article_id: str, story: Story, known: Mapping[str, Verified], corpus: Corpus) -> str:
    """The article of its story that another one derives from."""
    copy, origin = corpus.articles[article_id], corpus.articles[story.origin_article_id]
    if _same_source(copy, origin):
        return origin.article_id
    return _closest_version(copy, origin, story, known, corpus)


def _inside(article_id: str, parent_id: str, story: Story, known: Mapping[str, Verified], corpus: Corpus) -> Link:
    copy, origin = corpus.articles[article_id], corpus.articles[parent_id]
    alignment = corpus.align(article_id, parent_id)
    relation = relation_within(alignment, corpus.align(parent_id, article_id), _pair(copy, origin, alignment))
    return _link(copy, origin, story, relation, alignment, known.get(parent_id), corpus)


def _closest_version(
    copy: Article, origin: Article, story: Story, known: Mapping[str, Verified], corpus: Corpus
) -> str:
    """The version of the report, by the origin's own outlet or agency, that the copy was made from."""
    best, most = origin.article_id, None
    for member_id in story.member_ids:
        member = corpus.articles[member_id]
        if member_id in (copy.article_id, best) or not _same_source(member, origin):
            continue
        if most is None:
            most = _jaccard(copy.article_id, best, known, corpus)
        alike = _jaccard(copy.article_id, member_id, known, corpus)
        if alike > most + CLOSER:
            best, most = member_id, alike
    return best


def _jaccard(article_id: str, other_id: str, known: Mapping[str, Verified], corpus: Corpus) -> float:
    pair = known.get(other_id)
    return pair.jaccard if pair is not None else corpus.jaccard(article_id, other_id)


def _targets(
    article_id: str,
    story_of: Mapping[str, Story],
    known: Mapping[str, Verified],
    digests: frozenset[str],
    corpus: Corpus,
) -> list[list[Verified]]:
    """For each other story that the article may take text from its pairs, that with the origin first, then the best."""
    copy, is_digest = corpus.articles[article_id], article_id in digests
    targets: dict[str, list[Verified]] = defaultdict(list)
    for other_id, pair in known.items():
        story = story_of.get(other_id)
        if story is None or story is story_of[article_id] or not _derives(copy, corpus.articles[other_id], digests):
            continue
        if is_digest or not _is_form(pair):
            targets[story.story_id].append(pair)

    def preference(pair: Verified) -> tuple[bool, int, str, str]:
        other_id = _other(pair, article_id)
        is_member = other_id != story_of[other_id].origin_article_id
        return is_member, -pair.matched, pair.left_id, pair.right_id

    return [sorted(targets[story_id], key=preference) for story_id in sorted(targets)]


def _across_to(
    copy: Article, story_of: Mapping[str, Story], pairs: list[Verified], digests: frozenset[str], corpus: Corpus
) -> list[Link]:
    """The link to one other story, if the article takes enough text from it: of the first pair that shows so."""
    is_digest = copy.article_id in digests
    for pair in pairs:
        origin = corpus.articles[_other(pair, copy.article_id)]
        alignment = corpus.align(copy.article_id, origin.article_id)
        if is_reuse(alignment, is_digest=is_digest):
            relation = relation_across(alignment, _pair(copy, origin, alignment), is_digest=is_digest)
            return [_link(copy, origin, story_of[origin.article_id], relation, alignment, pair, corpus)]
    return []


def _derives(copy: Article, origin: Article, digests: frozenset[str]) -> bool:
    """The later article derives from the earlier one; a digest from what it holds, whatever the times say."""
    one, other = copy.article_id in digests, origin.article_id in digests
    if one != other:
        return one
    return order_of(copy) > order_of(origin)


def _is_form(pair: Verified) -> bool:
    return min(pair.left_cover, pair.right_cover) >= FORM_COVER and (pair.slots > 0 or pair.numbers > 0)


def _same_source(one: Article, other: Article) -> bool:
    if one.own_agency_id is not None and one.own_agency_id == other.own_agency_id:
        return True
    return one.outlet_id == other.outlet_id


def _pair(copy: Article, origin: Article, alignment: Alignment) -> Pair:
    headlines = [normalise(one.headline) if one.headline else "" for one in (copy, origin)]
    apart = None
    if copy.published_at is not None and origin.published_at is not None:
        apart = (copy.published_at - origin.published_at).total_seconds() / 3600
    same_words = alignment.copy_words == alignment.origin_words and len(alignment.blocks) <= 1
    return Pair(
        same_words=same_words and alignment.matched == alignment.copy_words,
        same_headline=not all(headlines) or headlines[0] == headlines[1],
        same_source=_same_source(copy, origin),
        hours=apart,
        same_agency=bool(named_agencies(copy) & named_agencies(origin)),
    )


def _link(
    copy: Article,
    origin: Article,
    story: Story,
    relation: Relation,
    alignment: Alignment,
    pair: Verified | None,
    corpus: Corpus,
) -> Link:
    latency = None
    if copy.published_at is not None and origin.published_at is not None:
        latency = int((copy.published_at - origin.published_at).total_seconds())
    jaccard = pair.jaccard if pair is not None else corpus.jaccard(copy.article_id, origin.article_id)
    figures = f"j={jaccard:.2f} cc={alignment.copy_coverage:.2f} oc={alignment.origin_coverage:.2f}"
    verdict = f"score={pair.score:.1f} slots={pair.slots:.2f} numbers={pair.numbers:.2f}" if pair else "over=others"
    return Link(
        story_id=story.story_id,
        article_id=copy.article_id,
        origin_article_id=origin.article_id,
        relation=relation,
        jaccard=jaccard,
        origin_coverage=alignment.origin_coverage,
        copy_coverage=alignment.copy_coverage,
        latency_seconds=latency,
        credit_status=credit_status(copy, story.agency_id),
        spans=spans_of(alignment, corpus.tokens(copy.article_id), corpus.tokens(origin.article_id)),
        reason=f"{relation.value} {figures} {verdict}",
        method_version=METHOD_VERSION,
    )
