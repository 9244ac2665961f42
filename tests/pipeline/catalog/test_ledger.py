from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.catalog.engine import Engine, open_catalog, reading, writing
from pipeline.catalog.ledger import (
    LedgerEntry,
    UrlState,
    Visit,
    count_due,
    count_states,
    discoveries_of,
    discovery_of,
    due_articles,
    entries_of,
    record_discoveries,
    record_visits,
)
from pipeline.reasons import Reason
from pipeline.records import Discovery, PageKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://news.example/rss.xml"


@pytest.fixture
def engine(catalog_url: str) -> Iterator[Engine]:
    engine = open_catalog(catalog_url)
    yield engine
    engine.dispose()


def seen(number: int, at: datetime = NOW, **more: object) -> Discovery:
    found = Discovery("news", f"https://news.example/{number}", FEED, PageKind.FEED, at)
    return replace(found, **more)  # type: ignore[arg-type]


def visited(number: int, state: UrlState = UrlState.FETCHED, at: datetime = NOW, **more: object) -> Visit:
    visit = Visit("news", f"https://news.example/{number}", PageKind.ARTICLE, state, at)
    return replace(visit, **more)  # type: ignore[arg-type]


def due(engine: Engine, at: datetime = NOW, limit: int = 100) -> list[str]:
    with reading(engine) as connection:
        entries = due_articles(connection, "news", at, limit)
        assert count_due(connection, "news", at) >= len(entries)
    return [entry.url.rpartition("/")[2] for entry in entries]


def entry(engine: Engine, number: int) -> LedgerEntry:
    url = f"https://news.example/{number}"
    with reading(engine) as connection:
        return entries_of(connection, "news", PageKind.ARTICLE, [url])[url]


def test_discoveries_are_new_once_whatever_their_spelling(engine: Engine) -> None:
    variant = replace(seen(1), url="http://www.news.example/1?utm_source=rss")
    with writing(engine) as connection:
        assert record_discoveries(connection, [seen(1), seen(2), variant]) == 2
        assert record_discoveries(connection, [variant, seen(3)]) == 1
    assert due(engine) == ["1", "2", "3"]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_several_sources_say_of_an_article_is_put_together(engine: Engine, at_once: bool) -> None:
    told = [seen(1, headline="A wall"), seen(1, headline="Another", published_at=NOW), seen(1, modified_at=NOW + HOUR)]
    with writing(engine) as connection:
        for batch in [told] if at_once else [[one] for one in told]:
            record_discoveries(connection, batch)
    with reading(engine) as connection:
        found = discovery_of(connection, "news", "https://news.example/1")
    assert found == replace(told[0], kind=PageKind.ARTICLE, published_at=NOW, modified_at=NOW + HOUR)


def test_newest_first_then_what_is_due_again(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(connection, [seen(n, published_at=NOW - n * HOUR) for n in (3, 1, 2)])
        record_discoveries(connection, [seen(4), seen(5)])
        record_visits(connection, [visited(4, next_fetch_at=NOW + HOUR), visited(5)])
    assert due(engine) == ["1", "2", "3"]
    assert due(engine, NOW + 2 * HOUR) == ["1", "2", "3", "4"]
    assert due(engine, limit=2) == ["1", "2"]


def test_an_archive_does_not_hide_what_is_new(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(
            connection, [seen(1, published_at=NOW - 900 * 24 * HOUR), seen(2), seen(3, published_at=NOW - HOUR)]
        )
    assert due(engine) == ["3", "2", "1"]


def test_sources_take_turns(engine: Engine) -> None:
    flood = [
        replace(seen(n, published_at=NOW - n * HOUR / 60), found_in="https://news.example/flood") for n in (1, 2, 3)
    ]
    quiet = [replace(seen(n), found_in="https://news.example/quiet") for n in (7, 8)]
    old = [replace(seen(9, published_at=NOW - 900 * 24 * HOUR), found_in="https://news.example/archive")]
    with writing(engine) as connection:
        record_discoveries(connection, [*flood, *quiet, *old, seen(4)])
        record_visits(connection, [visited(4, next_fetch_at=NOW)])
    assert due(engine, limit=3) == ["1", "7", "9"]
    assert due(engine) == ["1", "7", "9", "2", "8", "3", "4"]


def test_a_later_date_in_the_feed_makes_an_article_due_once(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(connection, [seen(1, modified_at=NOW - HOUR)])
        record_visits(connection, [visited(1)])
        record_discoveries(connection, [seen(1, NOW + HOUR, modified_at=NOW - HOUR)])
    assert due(engine, NOW + 2 * HOUR) == []
    with writing(engine) as connection:
        record_discoveries(connection, [seen(1, NOW + 2 * HOUR, modified_at=NOW + HOUR)])
    assert due(engine, NOW + 2 * HOUR) == ["1"]
    with writing(engine) as connection:
        record_visits(connection, [visited(1, at=NOW + 2 * HOUR)])
        record_discoveries(connection, [seen(1, NOW + 3 * HOUR, modified_at=NOW + HOUR)])
    assert due(engine, NOW + 4 * HOUR) == []


def test_failures_are_counted_until_one_works(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(connection, [seen(1)])
        for _ in range(3):
            record_visits(
                connection, [visited(1, UrlState.FAILED, reason=Reason.UNREACHABLE, next_fetch_at=NOW + HOUR)]
            )
    assert (entry(engine, 1).attempts, entry(engine, 1).reason) == (3, "unreachable")
    assert due(engine) == []
    with writing(engine) as connection:
        record_visits(connection, [visited(1, etag='"a"')])
    assert (entry(engine, 1).attempts, entry(engine, 1).reason, entry(engine, 1).etag) == (0, None, '"a"')


def test_validators_stay_when_nothing_changed_and_go_with_a_new_answer(engine: Engine) -> None:
    with writing(engine) as connection:
        record_visits(connection, [visited(1, etag='"a"', last_modified="Mon", payload_sha256="0" * 64)])
        record_visits(connection, [visited(1, not_modified=True, at=NOW + HOUR)])
        record_visits(connection, [visited(1, UrlState.FAILED)])
    kept = entry(engine, 1)
    assert (kept.etag, kept.last_modified, kept.payload_sha256) == ('"a"', "Mon", "0" * 64)
    assert kept.fetched_at == NOW + HOUR
    with writing(engine) as connection:
        record_visits(connection, [visited(1, payload_sha256="1" * 64)])
    assert (entry(engine, 1).etag, entry(engine, 1).payload_sha256) == (None, "1" * 64)


def test_the_last_visit_of_a_batch_counts(engine: Engine) -> None:
    with writing(engine) as connection:
        record_visits(connection, [visited(1, UrlState.FAILED), visited(1)])
        assert count_states(connection, "news") == {"fetched": 1}


def test_sources_and_articles_with_one_address_stay_apart(engine: Engine) -> None:
    source = Visit("news", "https://news.example/1", PageKind.SECTION, UrlState.FETCHED, NOW, etag='"s"')
    with writing(engine) as connection:
        record_visits(connection, [source])
        assert record_discoveries(connection, [seen(1)]) == 1
        found = entries_of(connection, "news", PageKind.SECTION, ["https://news.example/1"])
    assert found["https://news.example/1"].etag == '"s"'
    assert due(engine) == ["1"]


def test_outlets_stay_apart(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(connection, [seen(1), replace(seen(1), outlet_id="other")])
        record_visits(connection, [visited(1)])
        assert count_due(connection, "other", NOW) == 1
    assert due(engine) == []


def test_what_was_announced_is_kept_with_the_first_words(engine: Engine) -> None:
    with writing(engine) as connection:
        record_discoveries(connection, [seen(1)])
        record_discoveries(connection, [seen(1, headline="Wall mended", published_at=NOW - HOUR)])
        record_discoveries(connection, [seen(1, headline="Something else")])
        found = discovery_of(connection, "news", "https://www.news.example/1#c")
        assert discovery_of(connection, "news", "https://news.example/2") is None
    assert found is not None
    assert (found.headline, found.published_at, found.found_in) == ("Wall mended", NOW - HOUR, FEED)


def test_many_at_once(engine: Engine) -> None:
    with writing(engine) as connection:
        assert record_discoveries(connection, [seen(n) for n in range(2_500)]) == 2_500
        record_visits(connection, [visited(n) for n in range(1_200)])
        assert count_states(connection, "news") == {"fetched": 1_200, "found": 1_300}


def test_what_was_announced_of_many_is_told_together(engine: Engine) -> None:
    wanted = [f"http://www.news.example/{number}#c" for number in range(1, 1_203)]
    with writing(engine) as connection:
        record_discoveries(connection, [seen(number, headline=f"Wall {number}") for number in range(1, 1_202)])
        record_discoveries(connection, [replace(seen(1_202), outlet_id="other")])
        found = discoveries_of(connection, "news", wanted)
    assert list(found) == wanted[:-1]
    assert found[wanted[700]] == seen(701, headline="Wall 701", kind=PageKind.ARTICLE)
