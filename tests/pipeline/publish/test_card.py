"""The dataset card: what a stranger learns of a release before opening it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from pipeline.publish.card import MAX_OUTLETS, write_card
from pipeline.publish.tables import WrittenTable
from pipeline.records import CreditStatus, Relation
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, NOON, STORIES


def card_of(outlets: Counter[str], first_at: datetime | None = None, last_at: datetime | None = None) -> str:
    return write_card(
        version="v1",
        published_at=NOON,
        with_text=True,
        counts={"articles": outlets.total(), "stories": 3, "copies": 2},
        settings={"dedupe": {"bands": 128, "thresholds": {"same_report": 0.0}}},
        evaluation=None,
        articles=WrittenTable(rows=outlets.total(), outlets=outlets, first_at=first_at, last_at=last_at),
    )


def test_the_card_says_whose_articles_of_which_days(published: Storage) -> None:
    card = published.read_bytes("releases/v1/README.md").decode()
    days = sorted(f"{one.article.published_at:%Y-%m-%d}" for one in ARTICLES if one.article.published_at)
    outlets = Counter(one.article.outlet_id for one in ARTICLES)
    held = f"{len(ARTICLES)} articles of {len(outlets)} outlets, published {days[0]} to {days[-1]},"
    assert f"{held} in {len(STORIES)} stories" in card
    assert "and 9 links between them: 5 copies of reports" in card
    for outlet, count in outlets.items():
        assert f"| {outlet} | {count} |" in card


def test_the_largest_outlets_are_named_and_the_others_counted() -> None:
    card = card_of(Counter({f"outlet-{number:02}": number for number in range(1, MAX_OUTLETS + 4)}))
    assert "| outlet-33 | 33 |\n| outlet-32 | 32 |" in card
    assert "| outlet-04 | 4 |\n| 3 more | 6 |" in card
    assert "outlet-03" not in card


def test_articles_without_a_date_span_no_time() -> None:
    assert "3 articles of 1 outlet in 3 stories" in card_of(Counter({"lantern": 3}))
    day = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert "published 2026-03-02 to 2026-03-02," in card_of(Counter({"lantern": 3}), day, day)


def test_the_card_of_nothing_is_a_card() -> None:
    assert "0 articles of 0 outlets in 3 stories" in card_of(Counter())


def test_values_are_explained_and_settings_are_json() -> None:
    card = card_of(Counter({"lantern": 1}))
    for value in [*Relation, *CreditStatus]:
        assert f"| `{value}` | " in card
    assert '| dedupe | {"bands": 128, "thresholds": {"same_report": 0.0}} |' in card
