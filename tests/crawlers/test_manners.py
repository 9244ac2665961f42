from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.manners import GIVE_UP_AFTER, LONGEST_PAUSE, next_recheck, next_try, retry_after, wait_before_retry
from pipeline.catalog.ledger import LedgerEntry, UrlState
from pipeline.records import PageKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ENTRY = LedgerEntry("k", "https://a.example/1", PageKind.ARTICLE, UrlState.FAILED, NOW)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("99999999999999999999999", 999999999999.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("١٢", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2026 99999999999999999999:00:00 GMT", None),
        ("Mon, 01 Jan 2026 00:00:00 +99999999999", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_waits_grow_and_end() -> None:
    assert [wait_before_retry(tries, None) for tries in (1, 2, 3)] == [2.0, 4.0, None]
    assert wait_before_retry(1, 7.0) == 7.0
    assert wait_before_retry(1, 86_400.0) is None


def test_pauses_between_runs_grow_up_to_a_day_and_then_it_is_given_up() -> None:
    pauses = [next_try(replace(ENTRY, attempts=n), NOW) for n in range(GIVE_UP_AFTER + 1)]
    waits = [at - NOW for at in pauses if at is not None]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=15)
    assert waits[-1] == LONGEST_PAUSE
    assert pauses[-1] is None
    assert next_try(None, NOW, 7_200.0) == NOW + timedelta(hours=2)


def test_rechecks_thin_out() -> None:
    seen, looks = NOW, []
    at: datetime | None = NOW
    while (at := next_recheck(seen, at or NOW)) is not None:
        looks.append(at - seen)
    assert looks == [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3)]


@given(st.text(max_size=60))
def test_retry_after_never_raises(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or found >= 0
