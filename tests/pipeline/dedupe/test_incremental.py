from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.dedupe.fold import fold
from pipeline.dedupe.incremental import fold_increment, sign_articles
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.page_kinds import PageKinds, kinds_of
from pipeline.dedupe.verified import Verified
from pipeline.published_between import published_between
from pipeline.records import Article, Fold, Signature, Story
from pipeline.settings import Dedupe

RULES = Dedupe(window_days=4, undated_days=9)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORDS = [
    f"{first}{last}"
    for first in ("كتا", "مدر", "سفي", "طري", "جسر", "ميا")
    for last in ("ب", "سة", "نة", "ق", "ات", "ون", "ها", "ين")
]


class Memory:
    """A store in memory, as the catalog is one on disk."""

    def __init__(self) -> None:
        self.known: dict[str, Article] = {}
        self.verified: dict[tuple[str, str], Verified] = {}
        self.signatures: dict[str, Signature] = {}
        self.known_stories: dict[str, Story] = {}
        self.asked = 0  # articles whose pairs the last increment asked for
        self.links: set[tuple[str, str, str]] = set()

    def articles(self, article_ids: Iterable[str]) -> Sequence[Article]:
        return [self.known[one] for one in article_ids]

    def pairs(self, article_ids: Iterable[str]) -> Sequence[Verified]:
        wanted = set(article_ids)
        self.asked += len(wanted)
        return [one for one in self.verified.values() if one.left_id in wanted or one.right_id in wanted]

    def stories(self, article_ids: Iterable[str]) -> Sequence[Story]:
        wanted = set(article_ids)
        return [one for one in self.known_stories.values() if wanted.intersection(one.member_ids)]

    def page_kinds(self, article_ids: Iterable[str]) -> PageKinds:
        return kinds_of(self.articles(article_ids))

    @property
    def story_of(self) -> dict[str, str]:
        return {member: one.story_id for one in self.known_stories.values() for member in one.member_ids}

    def add(self, batch: Sequence[Article]) -> None:
        self.asked = 0
        self.known |= {one.article_id: one for one in batch}
        self.signatures |= {one.article_id: one for one in sign_articles(batch, RULES, {})}
        times = {name: published_between(one, RULES.undated_days) for name, one in self.known.items()}
        fresh = [one.article_id for one in batch]
        increment = fold_increment(self, list(self.signatures.values()), times, fresh, RULES, boilerplate={})
        self.verified |= {(one.left_id, one.right_id): Verified.from_json(one.to_json()) for one in increment.pairs}
        self.links = {link for link in self.links if link[0] not in increment.relinked} | _links(increment.outcome)
        self.known_stories = {
            name: one for name, one in self.known_stories.items() if increment.regrouped.isdisjoint(one.member_ids)
        }
        for story in increment.outcome.stories:
            assert not self.story_of.keys() & set(story.member_ids)
            self.known_stories[story.story_id] = story


def _links(outcome: Fold) -> set[tuple[str, str, str]]:
    return {(one.article_id, one.origin_article_id, one.relation.value) for one in outcome.links}


def _partition(story_of: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for article_id, story_id in story_of.items():
        groups.setdefault(story_id, set()).add(article_id)
    return {frozenset(one) for one in groups.values()}


def make_world(seed: int, *, count: int = 26, told: int = 6, days: int = 7) -> list[Article]:
    """Reports, their copies (cut, extended, with own ledes), digests and filled-in forms, some on an agency's page.

    A tenth has no date, and was fetched up to ten days later.
    """
    dice = random.Random(seed)

    def sentence() -> str:
        return " ".join(dice.choice(WORDS) + dice.choice(WORDS) for _ in range(dice.randint(6, 16)))

    reports = [[sentence() for _ in range(dice.randint(3, 8))] for _ in range(told)]
    articles = []
    for number in range(count):
        report = dice.choice(reports)
        kind = dice.random()
        if kind < 0.4:
            body = report
        elif kind < 0.6:
            body = report[: dice.randint(1, len(report))]
        elif kind < 0.8:
            body = [sentence(), *report[dice.randint(0, 2) :]]
        else:
            body = [line for one in dice.sample(reports, 3) for line in one[:2]]
        published = START + timedelta(hours=dice.randint(0, 24 * days + 2))
        is_dated = dice.random() < 0.9
        own = "anadolu" if kind < 0.1 else None
        headline = "موجز الأنباء" if kind > 0.9 else " ".join(body[0].split()[:6])
        articles.append(
            Article(
                f"a{number:03d}",
                f"o{number % 7}",
                "",
                "\n".join(body),
                published + timedelta(days=dice.randint(0, 10)),
                headline=headline,
                published_at=published if is_dated else None,
                own_agency_id=own,
            )
        )
    return articles


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@example(1995, random.Random(0))  # two pairs of a digest with one story share as many words
def test_batches_in_any_order_give_what_a_fold_from_scratch_gives(seed: int, dice: random.Random) -> None:
    articles = make_world(seed)
    whole = fold(articles, RULES, boilerplate={})
    dice.shuffle(articles)
    memory = Memory()
    while articles:
        size = dice.randint(1, 9)
        memory.add(articles[:size])
        articles = articles[size:]
    expected = {member: one.story_id for one in whole.stories for member in one.member_ids}
    assert _partition(memory.story_of) == _partition(expected)
    assert memory.links == _links(whole)


@pytest.mark.parametrize("seed", range(4))
def test_an_increment_looks_at_a_part_and_comes_to_the_same(seed: int) -> None:
    articles = sorted(make_world(seed, count=150, told=30, days=50), key=order_of)
    memory = Memory()
    for at in range(0, len(articles), 10):
        memory.add(articles[at : at + 10])
    whole = fold(articles, RULES, boilerplate={})
    assert _partition(memory.story_of) == {frozenset(one.member_ids) for one in whole.stories}
    assert memory.links == _links(whole)
    assert memory.asked < 50


@pytest.mark.parametrize("seed", range(6))
def test_an_increment_comes_to_the_same_where_articles_have_more_to_be_linked_to_than_they_may(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.dedupe.derivation.MOST_TARGETS", 1)
    articles = make_world(seed, count=60, told=20)
    whole = fold(articles, RULES, boilerplate={})
    random.Random(seed).shuffle(articles)
    memory = Memory()
    for at in range(0, len(articles), 7):
        memory.add(articles[at : at + 7])
    assert memory.links == _links(whole)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_a_fold_does_not_depend_on_order(seed: int, dice: random.Random) -> None:
    articles = make_world(seed)
    whole = fold(articles, RULES)
    dice.shuffle(articles)
    assert fold(articles, RULES) == whole


def test_a_changed_article_is_folded_anew() -> None:
    articles = make_world(3)
    memory = Memory()
    memory.add(articles)
    changed = replace(articles[0], body=articles[5].body, version=2)
    partners = {one for pair in memory.verified if changed.article_id in pair for one in pair} - {changed.article_id}
    memory.verified = {key: one for key, one in memory.verified.items() if changed.article_id not in key}
    memory.add([changed, *(one for one in articles if one.article_id in partners)])
    whole = fold([changed, *articles[1:]], RULES, boilerplate={})
    assert _partition(memory.story_of) == {frozenset(one.member_ids) for one in whole.stories}
    assert memory.links == _links(whole)


def test_a_story_keeps_its_id_while_it_grows() -> None:
    body = "\n".join(f"جملة {word} في تقرير طويل عن {word} والمدينة {number}" for number, word in enumerate(WORDS[:12]))
    late = Article("late", "o1", "", body, None, published_at=START + timedelta(hours=5))
    early = Article("early", "o2", "", body, None, published_at=START)
    first = fold([late], RULES)
    both = fold([late, early], RULES, previous={"late": first.stories[0].story_id})
    assert [one.story_id for one in both.stories] == [first.stories[0].story_id]
    assert both.stories[0].origin_article_id == "early"


@pytest.mark.parametrize("share", [0, 1])
def test_what_became_of_a_story_is_told(share: int) -> None:
    body = "\n".join(f"جملة {word} في تقرير طويل عن {word} والمدينة {number}" for number, word in enumerate(WORDS[:12]))
    articles = [Article(f"a{n}", f"o{n}", "", body, None, published_at=START) for n in range(3)]
    previous = {"a0": "s-one", "a1": "s-one", "a2": "s-two"} if share else dict.fromkeys(("a0", "a1", "a2"), "s-one")
    outcome = fold(articles, RULES, previous=previous, changed_at=START)
    assert [one.story_id for one in outcome.stories] == ["s-one"]
    assert [(one.story_id, one.into_story_id, one.kind) for one in outcome.changes] == (
        [("s-two", "s-one", "merged")] if share else []
    )
