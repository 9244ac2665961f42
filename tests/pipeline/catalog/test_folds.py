"""What a fold makes fresh again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from pipeline.catalog.articles import store_article
from pipeline.catalog.engine import open_catalog, reading, writing
from pipeline.catalog.folds import forget_changed, forget_texts_with, fresh_articles, store_signatures, window_of
from pipeline.catalog.tables import articles
from pipeline.published_between import Between
from pipeline.records import Article, Signature
from pipeline.settings import Dedupe

RULES = Dedupe(window_days=5, undated_days=8)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Engine]:
    """Forty articles folded, one a day, every second with a share bar."""
    engine = open_catalog(catalog_url)
    with writing(engine) as connection:
        for day in range(40):
            body = f"افتتح المعرض رقم {day}." + ("\nشارك الخبر" if day % 2 else "")
            published = NOON + timedelta(days=day)
            store_article(connection, Article(f"a{day:02d}", "bulletin", "", body, None, published_at=published))
        connection.execute(update(articles).values(folded_at=NOON))
        store_signatures(connection, [Signature(f"a{day:02d}", "now", 1, b"0000") for day in range(40)])
    yield engine
    engine.dispose()


def fresh(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return {one.article_id for one in fresh_articles(connection)}


def test_texts_that_hold_a_line_are_fresh_as_far_as_new_articles_reach(catalog: Engine) -> None:
    new = Article("new", "bulletin", "", "تقرير جديد", None, published_at=NOON + timedelta(days=39))
    with writing(catalog) as connection:
        store_article(connection, new)
        forget_texts_with(connection, "bulletin", lambda _, body: "شارك" in body, RULES)
    assert fresh(catalog) == {"new", "a35", "a37", "a39"}


def test_a_new_article_without_a_time_reaches_everything(catalog: Engine) -> None:
    with writing(catalog) as connection:
        store_article(connection, Article("new", "bulletin", "", "تقرير جديد", None))
        forget_texts_with(connection, "bulletin", lambda _, body: "شارك" in body, RULES)
    assert len(fresh(catalog)) == 21


def test_an_undated_article_reaches_back_before_its_fetch(catalog: Engine) -> None:
    new = Article("new", "bulletin", "", "تقرير جديد", NOON + timedelta(days=39))
    with writing(catalog) as connection:
        store_article(connection, new)
        forget_texts_with(connection, "bulletin", lambda _, body: "شارك" in body, RULES)
        window, _ = window_of(connection, [new], RULES)
    assert fresh(catalog) == {"new", "a27", "a29", "a31", "a33", "a35", "a37", "a39"}
    assert {one.article_id for one in window} == {f"a{day}" for day in range(26, 40)}


def test_a_window_holds_undated_articles_that_were_fetched_later(catalog: Engine) -> None:
    at = NOON + timedelta(days=10)
    with writing(catalog) as connection:
        for day in (23, 24):
            body = "تقرير بلا تاريخ"
            store_article(connection, Article(f"undated{day}", "bulletin", "", body, NOON + timedelta(days=day)))
            store_signatures(connection, [Signature(f"undated{day}", "now", 1, b"0000")])
        window, times = window_of(connection, [Article("new", "b", "", "تقرير", None, published_at=at)], RULES)
    assert {one.article_id for one in window} == {*(f"a{day:02d}" for day in range(5, 16)), "undated23"}
    assert times["a05"] == Between(NOON + timedelta(days=5), NOON + timedelta(days=5))
    assert times["undated23"] == Between(NOON + timedelta(days=15), NOON + timedelta(days=23))


@pytest.mark.parametrize(("scheme", "count"), [("now", 0), ("later", 40), ("earlier", 40)])
def test_signatures_of_another_scheme_are_dropped(catalog: Engine, scheme: str, count: int) -> None:
    with writing(catalog) as connection:
        forget_changed(connection, (scheme, 1))
    assert len(fresh(catalog)) == count
