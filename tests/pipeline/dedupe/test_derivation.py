"""What an article of a story derives from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dedupe.fold import fold_pairs
from pipeline.dedupe.verified import Verified
from pipeline.records import Article

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
    told = fold_pairs(articles, [pair("a", "b"), pair("b", "c")], furniture={}, previous={})
    assert [story.member_ids for story in told.stories] == [("a", "b", "c")]
    derived = {one.article_id: one for one in told.links}
    assert (derived["b"].origin_article_id, derived["c"].origin_article_id) == ("a", "b")
    assert derived["c"].copy_coverage == 1.0
    assert [FERRY[one.copy_start : one.copy_end] for one in derived["c"].spans] == [FERRY.removesuffix(".")]


def test_where_nothing_earlier_is_like_it_the_origin_stays() -> None:
    articles = [article("a", BRIDGE, 0, "north"), article("b", FERRY, 1, "east"), article("c", BRIDGE, 2, "south")]
    told = fold_pairs(articles, [pair("a", "c"), pair("b", "c")], furniture={}, previous={})
    assert {one.article_id: one.origin_article_id for one in told.links} == {"b": "a", "c": "a"}
