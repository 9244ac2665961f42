"""Articles in the catalog: versions, withdrawal, rejections and the run ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from pipeline.catalog.articles import Stored, add_rejections, article_by_id, store_article, withdraw_article
from pipeline.catalog.engine import open_catalog, reading, writing
from pipeline.catalog.rows import article_row, row_digest
from pipeline.catalog.runs import finish_run, mark_interrupted, record_stage, running_runs, start_run
from pipeline.catalog.tables import article_versions, articles, rejections, run_stages, runs
from pipeline.reasons import EXPLANATIONS, Reason
from pipeline.records import Article, Credit, CreditKind, CreditPosition, DatePrecision, Rejection
from pipeline.urls import article_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLE = Article(
    article_id="a1",
    outlet_id="bulletin",
    url="https://bulletin.example/1",
    headline="فيضانات في وادي مسرور",
    body="قال محافظ وادي مسرور إن ثلاثة جسور أغلقت.",
    fetched_at=NOON,
    published_at=NOON - timedelta(hours=1),
    published_precision=DatePrecision.MINUTE,
    authors=("ليلى فارس",),
    credits=(Credit("anadolu", CreditKind.CREDIT, CreditPosition.BYLINE, "الأناضول"),),
)
ADDRESS_ID = article_id(ARTICLE.outlet_id, ARTICLE.url)


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Engine]:
    engine = open_catalog(catalog_url)
    yield engine
    engine.dispose()


def test_an_article_comes_back_as_it_went_in(catalog: Engine) -> None:
    with writing(catalog) as connection:
        assert store_article(connection, ARTICLE) is Stored.NEW
    with reading(catalog) as connection:
        assert article_by_id(connection, "a1") == ARTICLE
        assert article_by_id(connection, "a2") is None


def test_what_no_database_holds_is_replaced_sign_by_sign(catalog: Engine) -> None:
    odd = replace(
        ARTICLE, body="a\0b \ud83dc", headline="\udfff", byline="\ud800", authors=("\0",), captions=("\ud800",)
    )
    with writing(catalog) as connection:
        store_article(connection, odd)
        add_rejections(connection, [Rejection("bulletin", "u\ud800", "crawl", Reason.GONE, "d\0", NOON)])
    with reading(catalog) as connection:
        found = article_by_id(connection, "a1")
        assert found is not None
        assert (found.body, found.headline, found.byline) == ("a\ufffdb \ufffdc", "\ufffd", "\ufffd")
        assert (found.authors, found.captions) == (("\ufffd",), ("\ufffd",))
        row = connection.execute(select(articles)).mappings().one()
        assert row["row_sha256"] == row_digest({name: row[name] for name in article_row(found)})
        assert connection.execute(select(rejections.c.url, rejections.c.detail)).one() == ("u\ufffd", "d\ufffd")


def test_the_same_text_again_is_no_new_version(catalog: Engine) -> None:
    again = replace(ARTICLE, body=ARTICLE.body.replace(" ", "\n", 1), fetched_at=NOON + timedelta(hours=2))
    with writing(catalog) as connection:
        store_article(connection, ARTICLE)
        assert store_article(connection, again) is Stored.UNCHANGED


def test_a_changed_text_is_a_new_version_and_the_old_one_is_kept(catalog: Engine) -> None:
    later = replace(
        ARTICLE,
        body=ARTICLE.body.replace("ثلاثة", "سبعة"),
        fetched_at=NOON + timedelta(hours=2),
        published_at=NOON + timedelta(hours=1),
    )
    with writing(catalog) as connection:
        store_article(connection, ARTICLE)
        assert store_article(connection, later) is Stored.NEW_VERSION
        assert store_article(connection, ARTICLE) is Stored.OLDER
    with reading(catalog) as connection:
        now = article_by_id(connection, "a1")
        assert now is not None
        assert (now.version, now.body) == (2, later.body)
        assert now.published_at == ARTICLE.published_at  # the first statement stands
        old = connection.execute(select(article_versions)).mappings().one()
        assert (old["version"], old["body"]) == (1, ARTICLE.body)


def test_a_changed_byline_is_a_new_version(catalog: Engine) -> None:
    with writing(catalog) as connection:
        store_article(connection, replace(ARTICLE, byline="ليلى فارس"))
        assert store_article(connection, replace(ARTICLE, byline="ليلى  فارس")) is Stored.UNCHANGED
        assert store_article(connection, replace(ARTICLE, byline="ليلى فارس - الأناضول")) is Stored.NEW_VERSION


@pytest.mark.parametrize("flag", ["paywalled", "lede_only", "truncated"])
def test_a_beginning_that_is_left_in_view_is_no_new_version(catalog: Engine, flag: str) -> None:
    shown = replace(ARTICLE, body=" ".join(ARTICLE.body.split()[:5]), flags=(flag,))
    with writing(catalog) as connection:
        store_article(connection, ARTICLE)
        assert store_article(connection, shown) is Stored.UNCHANGED
        assert store_article(connection, replace(shown, flags=())) is Stored.NEW_VERSION  # cut by the desk
        assert store_article(connection, ARTICLE) is Stored.NEW_VERSION


def test_a_withdrawn_article_keeps_its_text(catalog: Engine) -> None:
    with writing(catalog) as connection:
        store_article(connection, replace(ARTICLE, article_id=ADDRESS_ID))
        assert withdraw_article(connection, "bulletin", ARTICLE.url)
        assert not withdraw_article(connection, "bulletin", "https://bulletin.example/2")
        assert not withdraw_article(connection, "another", ARTICLE.url)
    with reading(catalog) as connection:
        row = connection.execute(select(articles)).mappings().one()
        assert (row["status"], row["body"]) == ("withdrawn", ARTICLE.body)
    with writing(catalog) as connection:
        store_article(connection, replace(ARTICLE, article_id=ADDRESS_ID))
        assert connection.execute(select(articles.c.status)).scalar_one() == "published"


def test_a_rejection_is_kept_once(catalog: Engine) -> None:
    rejection = Rejection("bulletin", "https://bulletin.example/x", "extract", Reason.NO_BODY, "0 words", NOON)
    with writing(catalog) as connection:
        add_rejections(connection, [rejection, rejection])
        add_rejections(connection, [replace(rejection, rejected_at=NOON + timedelta(days=1))])
        assert connection.execute(select(rejections.c.reason)).scalars().all() == ["no_body"]


def test_every_reason_is_explained() -> None:
    assert set(EXPLANATIONS) == set(Reason)
    assert all(len(text) > 10 for text in EXPLANATIONS.values())


def test_the_run_ledger(catalog: Engine) -> None:
    with writing(catalog) as connection:
        start_run(connection, "r1", "run", "manual", "host:1:2", NOON)
        record_stage(connection, "r1", "crawl", "bulletin", "running", NOON, None, {}, None)
        assert running_runs(connection) == [("r1", "host:1:2")]
        mark_interrupted(connection, "r1", NOON)
        assert running_runs(connection) == []
        assert connection.execute(select(run_stages.c.state)).scalar_one() == "interrupted"
        finish_run(connection, "r1", "done", None, NOON)
        assert connection.execute(select(runs.c.state)).scalar_one() == "done"
