"""What an article of a story derives from."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dedupe.derivation import MOST_TARGETS
from pipeline.dedupe.fold import fold, fold_pairs
from pipeline.dedupe.verified import Verified
from pipeline.records import Article, Relation
from pipeline.settings import Dedupe

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BRIDGE = (
    "The council of the hill town voted on Monday to rebuild the old bridge before the autumn rains, after engineers "
    "found cracks in two of its four pillars and closed it to heavy lorries for the third time in a single year."
)
FERRY = (
    "Until the work is done a small ferry will carry pupils and market traders across the river every half an hour, "
    "free of charge on weekdays, said the harbour office, which has hired three more boatmen from the lower villages."
)
SAME = {"jaccard": 0.5, "headlines": 0.5, "slots": 0.0, "numbers": 0.0, "left_lead": 1.0, "right_lead": 1.0}


def article(name: str, body: str, hours: int, outlet: str) -> Article:
    return Article(
        article_id=name,
        outlet_id=outlet,
        url=f"https://{outlet}.example/{name}",
        body=body,
        fetched_at=NOON,
        published_at=NOON + timedelta(hours=hours),
    )


def pair(left: str, right: str) -> Verified:
    cover = {"left_cover": 0.6, "right_cover": 0.6, "left_mask": 1, "right_mask": 1, "matched": 30}
    return Verified(left, right, 4.0, hours=1.0, **SAME, **cover)  # type: ignore[arg-type]


@pytest.mark.parametrize("outlet", ["south", "north"])
def test_an_article_that_shares_nothing_with_the_origin_derives_from_the_one_it_shares_with(outlet: str) -> None:
    articles = [
        article("a", BRIDGE, 0, "north"),
        article("b", f"{BRIDGE}\n{FERRY}", 1, "east"),
        article("c", FERRY, 2, outlet),
    ]
    told = fold_pairs(articles, [pair("a", "b"), pair("b", "c")], boilerplate={}, previous={})
    assert [story.member_ids for story in told.stories] == [("a", "b", "c")]
    derived = {one.article_id: one for one in told.links}
    assert (derived["b"].origin_article_id, derived["c"].origin_article_id) == ("a", "b")
    assert derived["c"].copy_coverage == 1.0
    assert [FERRY[one.copy_start : one.copy_end] for one in derived["c"].spans] == [FERRY.removesuffix(".")]


def test_where_nothing_earlier_is_like_it_the_origin_stays() -> None:
    articles = [article("a", BRIDGE, 0, "north"), article("b", FERRY, 1, "east"), article("c", BRIDGE, 2, "south")]
    told = fold_pairs(articles, [pair("a", "c"), pair("b", "c")], boilerplate={}, previous={})
    assert {one.article_id: one.origin_article_id for one in told.links} == {"b": "a", "c": "a"}


@pytest.mark.parametrize(
    ("said", "corrected"),
    [("in two of its four", "in three of its four"), ("closed it to heavy lorries", "closed it to Easterly lorries")],
    ids=["a number", "a name"],
)
@pytest.mark.parametrize("more", ["", f"\n{FERRY}"], ids=["alone", "with more below"])
def test_a_copy_derives_from_the_version_whose_words_it_has(said: str, corrected: str, more: str) -> None:
    text = f"{BRIDGE}\nThe repair is paid for by the province, which has set aside 40 coins for each of 70 stones."
    later = text.replace(said, corrected)
    articles = [
        article("v1", text, 0, "wire"),
        article("v2", later + more, 2, "wire"),
        article("old", text, 3, "east"),
        article("new", later, 4, "south"),
    ]
    told = fold(articles, Dedupe(), boilerplate={})
    derived = {one.article_id: one.origin_article_id for one in told.links}
    assert derived == {"v2": "v1", "old": "v1", "new": "v2"}


def report(number: int) -> str:
    """The news of one of many days, in words that no other day has."""
    dice = random.Random(number)
    words = ["".join(dice.choices("abcdefghiklmnoprstuvz", k=8)) for _ in range(60)]
    return f"The {' '.join(words[:30])} on Monday, and the {' '.join(words[30:])} as well."


def test_of_hundreds_of_reports_with_one_background_each_is_linked_to_the_nearest() -> None:
    days = MOST_TARGETS + 12
    told = fold(
        [article(f"a{at:02d}", f"{report(at)}\n{BRIDGE}", at, "north") for at in range(days)], Dedupe(), boilerplate={}
    )
    assert len(told.stories) == days
    linked = [
        sorted(one.origin_article_id for one in told.links if one.article_id == f"a{at:02d}") for at in range(days)
    ]
    assert linked == [[f"a{other:02d}" for other in range(max(0, at - MOST_TARGETS), at)] for at in range(days)]


def test_of_many_stories_those_with_most_of_the_text_are_linked() -> None:
    later = MOST_TARGETS + 5
    articles = [article(f"a{at:02d}", f"{report(at)}\n{BRIDGE}", at, "north") for at in range(later)]
    articles[2] = article("a02", f"{report(2)}\n{BRIDGE}\n{FERRY}", 2, "north")
    told = fold([*articles, article("b", f"{report(99)}\n{BRIDGE}\n{FERRY}", later, "south")], Dedupe(), boilerplate={})
    linked = [one.origin_article_id for one in told.links if one.article_id == "b"]
    assert linked == ["a02", *(f"a{at:02d}" for at in range(later - MOST_TARGETS + 1, later))]


def test_a_digest_is_linked_to_all_that_it_holds() -> None:
    held = MOST_TARGETS + 6
    articles = [article(f"a{at:02d}", f"{report(at)} {report(at + 100)}", at % 9, "north") for at in range(held)]
    digest = article("digest", "\n".join(report(at) for at in range(held)), 12, "south")
    told = fold([*articles, digest], Dedupe(), boilerplate={})
    linked = [one.origin_article_id for one in told.links if one.article_id == "digest"]
    assert linked == [one.article_id for one in articles]
    assert {one.relation for one in told.links} == {Relation.DIGEST_MEMBER}


def told_of_digests(more: list[Article]) -> dict[tuple[str, str], Relation]:
    """The links between stories of a digest of four reports with further articles."""
    reports = [article(f"a{at}", f"{report(at)}\n{report(at + 100)}", at, "north") for at in range(4)]
    digest = article("digest", "\n".join(map(report, range(4))), 12, "south")
    told = fold([*reports, digest, *more], Dedupe(), boilerplate={})
    return {(one.article_id, one.origin_article_id): one.relation for one in told.links}


HELD = {("digest", f"a{at}"): Relation.DIGEST_MEMBER for at in range(4)}


def test_a_digest_is_not_linked_to_what_repeats_a_report_that_it_holds() -> None:
    later, sooner = (f"{report(number)}\n{report(number + 1)}\n{report(2)}" for number in (50, 60))
    found = told_of_digests([article("later", later, 30, "west"), article("sooner", sooner, 6, "west")])
    assert {pair: relation for pair, relation in found.items() if "digest" in pair} == HELD
    assert found.keys() >= {("later", "a2"), ("sooner", "a2")}


@pytest.mark.parametrize("every", [5, 6])
def test_a_digest_is_not_linked_to_another_report_of_the_form_of_one_that_it_holds(every: int) -> None:
    words = report(2).split()
    filled = [word if (at + 1) % every else f"other{at}" for at, word in enumerate(words)]
    found = told_of_digests([article("alike", f"{' '.join(filled)}\n{report(300)}", 3, "north")])
    assert {pair: relation for pair, relation in found.items() if "digest" in pair} == HELD


def test_a_digest_is_no_member_of_another_one() -> None:
    other = article("other", "\n".join(map(report, (3, 1, 70, 0))), 14, "west")
    found = told_of_digests([other, article("a70", f"{report(70)}\n{report(170)}", 5, "north")])
    of_other = {("other", f"a{at}"): Relation.DIGEST_MEMBER for at in (0, 1, 3, 70)}
    assert found == HELD | of_other | {("other", "digest"): Relation.PARTIAL_REUSE}
