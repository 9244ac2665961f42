"""Which article of a story the others derive from where the agency's own page was not crawled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dedupe.origin import choose_origin
from pipeline.records import Article, DatePrecision

DAY = datetime(2026, 3, 2, tzinfo=UTC)
BODY = "افتتح المرفأ الجديد."


def page(name: str, hours: float, precision: DatePrecision = DatePrecision.SECOND, **facts: object) -> Article:
    at = DAY + timedelta(hours=hours)
    known = {"body": BODY, "fetched_at": None, **facts}
    return Article(name, name, "", published_at=at, published_precision=precision, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "origin"),
    [
        ([page("a", 0, DatePrecision.DAY), page("b", 5.5)], "b"),
        ([page("a", 0, DatePrecision.DAY), page("b", 30)], "a"),
        ([page("a", 0, DatePrecision.DAY, fetched_at=DAY + timedelta(hours=4)), page("b", 5.5)], "a"),
        ([page("a", 0, DatePrecision.DAY), page("b", 0, DatePrecision.DAY, body=BODY * 2)], "b"),
        ([page("a", 6), page("b", 5.5)], "b"),
    ],
    ids=["an hour of that day", "the next day", "fetched before", "two days alone: the longer", "two hours"],
)
def test_a_day_without_an_hour_does_not_come_first_in_that_day(members: list[Article], origin: str) -> None:
    assert choose_origin(members).article_id == origin
    assert choose_origin(members[::-1]).article_id == origin
