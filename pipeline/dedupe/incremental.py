"""Fold new articles into what is known, with the outcome of a fold from scratch.

Why it is the same: a pair's verdict depends on its two articles; what pairs may change, and what must be known for
that, is a region around them (pipeline.dedupe.region). Only there stories are grouped and links read off again.

What a stage does with it:
1. Load the signatures and times of the publication window (new and changed articles signed by sign_articles). An
   article that changed or was withdrawn loses its stored pairs first; the articles of those pairs count as fresh too.
2. Call fold_increment. It asks the store for what lies in the region, never for more.
3. Write Increment.pairs; replace the stories of Increment.regrouped and the links of Increment.relinked by those of
   Increment.outcome; append its changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from pipeline.dedupe.boilerplate import Boilerplate
from pipeline.dedupe.candidates import find_candidates
from pipeline.dedupe.fingerprints import fingerprint
from pipeline.dedupe.fold import read_texts
from pipeline.dedupe.grouping import group_beside
from pipeline.dedupe.links import METHOD_VERSION, link_stories
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.page_kinds import PageKinds
from pipeline.dedupe.region import Related, find_regrouped
from pipeline.dedupe.score import verify
from pipeline.dedupe.signatures import SCHEME, from_records, sign, to_records
from pipeline.dedupe.stories import find_changes, make_story, name_stories
from pipeline.dedupe.times import SECONDS_PER_DAY, in_seconds, times_of
from pipeline.dedupe.verified import Verified
from pipeline.published_between import Between
from pipeline.records import Article, Fold, Link, Signature, Story
from pipeline.settings import Dedupe

PairIds = list[tuple[str, str]]


class Store(Protocol):
    """What a fold asks of the catalog."""

    def articles(self, article_ids: Iterable[str]) -> Sequence[Article]:
        """Those articles, with their bodies and credits."""

    def pairs(self, article_ids: Iterable[str]) -> Sequence[Verified]:
        """Stored verified pairs that hold any of those articles; none of an older version of a changed article."""

    def stories(self, article_ids: Iterable[str]) -> Sequence[Story]:
        """The stored stories of those articles, with the ids of all their articles."""

    def page_kinds(self, article_ids: Iterable[str]) -> PageKinds:
        """What kinds of pages those articles stand on."""


@dataclass(frozen=True, slots=True)
class Increment:
    """What an increment brings: pairs to store, and stories and links that replace those of the articles named."""

    pairs: tuple[Verified, ...]
    regrouped: frozenset[str]
    relinked: frozenset[str]
    outcome: Fold


def method_of(settings: Dedupe) -> str:
    """What signatures and pairs are stored under: others are of another method or of other settings, and do not mix."""
    decides = json.dumps([METHOD_VERSION, settings.model_dump()], sort_keys=True)
    return f"{SCHEME} {hashlib.sha256(decides.encode()).hexdigest()[:12]}"


def sign_articles(articles: Sequence[Article], settings: Dedupe, boilerplate: Boilerplate) -> list[Signature]:
    """Signatures of new or changed articles, to be stored."""
    corpus, _ = read_texts(articles, boilerplate)
    ids = [one.article_id for one in articles]
    return to_records(ids, sign(corpus.texts, settings.permutations), fingerprint(corpus.texts), method_of(settings))


def find_new_pairs(
    signatures: Sequence[Signature], times: Mapping[str, Between | None], fresh: Iterable[str], settings: Dedupe
) -> PairIds:
    """Candidate pairs that hold a fresh article. signatures and times (by article id): those of the window."""
    ids = sorted(one.article_id for one in signatures)
    place = {article_id: at for at, article_id in enumerate(ids)}
    method = method_of(settings)
    rows, passages = from_records(sorted(signatures, key=lambda one: one.article_id), settings.permutations, method)
    places = np.array(sorted(place[article_id] for article_id in set(fresh) & place.keys()), np.int64)
    window = settings.window_days * SECONDS_PER_DAY
    moments = in_seconds(times.get(one) for one in ids)
    pairs = find_candidates(rows, passages, moments, bands=settings.bands, window=window, fresh=places)
    return [(ids[left], ids[right]) for left, right in pairs.tolist()]


def verify_pairs(
    pairs: PairIds, articles: Sequence[Article], boilerplate: Boilerplate, settings: Dedupe
) -> list[Verified]:
    """Verdicts on candidate pairs; articles holds all that the pairs name."""
    known = sorted(articles, key=order_of)
    place = {one.article_id: at for at, one in enumerate(known)}
    corpus, headlines = read_texts(known, boilerplate)
    places = np.array([sorted((place[left], place[right])) for left, right in pairs], np.int64).reshape(-1, 2)
    ids, least = [one.article_id for one in known], settings.thresholds.same_report
    times = times_of(known, settings.undated_days)
    return verify(ids, corpus.texts, headlines, times, places, same_report=least, bodies_at=corpus.bodies_at)


def fold_increment(
    store: Store,
    signatures: Sequence[Signature],
    times: Mapping[str, Between | None],
    fresh: Iterable[str],
    settings: Dedupe,
    *,
    boilerplate: Boilerplate,
    changed_at: datetime | None = None,
) -> Increment:
    """Fold fresh articles (new or changed) into what the store holds."""
    fresh_ids = set(fresh)
    wanted = find_new_pairs(signatures, times, fresh_ids, settings)
    needed = {article_id for pair in wanted for article_id in pair}
    found = verify_pairs(wanted, store.articles(sorted(needed)), boilerplate, settings) if wanted else []
    related = Related(store.pairs, store.page_kinds, found)
    folded_before = fresh_ids & _by_member(store.stories(sorted(fresh_ids))).keys()
    regrouped, asked = find_regrouped(related, fresh_ids, folded_before)
    regrouped, replaced = _whole_stories(store, related, regrouped)
    before = _by_member(replaced)
    groups = group_beside(
        related.digests(regrouped), regrouped, related.pairs(regrouped), store.page_kinds(sorted(regrouped))
    )
    articles = {one.article_id: one for one in store.articles(sorted(regrouped))}
    members = [[articles[article_id] for article_id in some] for some in groups]
    previous = {member: story.story_id for member, story in before.items()}
    names = name_stories(members, previous)
    stories = [make_story(name, some) for name, some in zip(names, members, strict=True)]
    relinked = _find_relinked(related, stories, before, fresh_ids, asked)
    links = _link(store, related, {**before, **_by_member(stories)}, articles, relinked, boilerplate)
    changes = find_changes(members, names, previous, changed_at)
    outcome = Fold(tuple(sorted(stories, key=lambda one: one.story_id)), tuple(links), tuple(changes))
    return Increment(tuple(found), frozenset(regrouped), frozenset(relinked), outcome)


def _by_member(stories: Iterable[Story]) -> dict[str, Story]:
    return {member: one for one in stories for member in one.member_ids}


def _whole_stories(store: Store, related: Related, regrouped: set[str]) -> tuple[set[str], Sequence[Story]]:
    """Articles with all others of their stories, which are replaced whole; and those stories."""
    while True:
        stories = store.stories(sorted(regrouped))
        whole = related.clusters(regrouped.union(*(one.member_ids for one in stories)))
        if whole == regrouped:
            return regrouped, stories
        regrouped = whole


def _find_relinked(
    related: Related, stories: Iterable[Story], before: Mapping[str, Story], fresh: set[str], asked: set[str]
) -> set[str]:
    """The articles whose links may have changed: with their own story, or with one that they take text from."""
    inside, seen_by_others = set(fresh), set(asked)
    for one in stories:
        for member in one.member_ids:
            was = before.get(member)
            if was is None or _seen_by_others(was) != _seen_by_others(one):
                seen_by_others.add(member)
            elif set(was.member_ids) != set(one.member_ids):
                inside.add(member)
    return inside | seen_by_others | related.neighbours(fresh | seen_by_others)


def _seen_by_others(story: Story) -> tuple[str, str, str | None]:
    """What links from other stories tell of one."""
    return story.story_id, story.origin_article_id, story.agency_id


def _link(
    store: Store,
    related: Related,
    story_of: Mapping[str, Story],
    known: Mapping[str, Article],
    relinked: set[str],
    boilerplate: Boilerplate,
) -> list[Link]:
    """The links of the articles; story_of and known: what is at hand, the rest is asked of the store."""
    around = relinked | related.neighbours(relinked)
    story_of = {**_by_member(store.stories(sorted(around - story_of.keys()))), **story_of}
    needed = around | {member for one in relinked if one in story_of for member in story_of[one].member_ids}
    articles = [known[one] for one in needed & known.keys()] + list(store.articles(sorted(needed - known.keys())))
    corpus, _ = read_texts(sorted(articles, key=order_of), boilerplate)
    stories = {story_of[one].story_id: story_of[one] for one in needed if one in story_of}
    pairs, digests = related.pairs(relinked), related.digests(around)
    return link_stories(stories.values(), pairs, digests, corpus, relinked)
