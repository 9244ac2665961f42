"""Dates of rows: of many kinds, impossible ones, those of Parquet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pipeline.inputs.rows import GOOD, read, read_rows


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        ("2026-02-01", "2026-02-01T00:00:00+00:00", "day"),
        ("20260201", "2026-02-01T00:00:00+00:00", "day"),
        ("2026-02-01T10:05", "2026-02-01T10:05:00+00:00", "minute"),
        ("2026-02-01 10:05Z", "2026-02-01T10:05:00+00:00", "minute"),
        ("2026-02-01T10:05:07.25-05:00", "2026-02-01T15:05:07.250000+00:00", "second"),
        (1_769_904_000, "2026-02-01T00:00:00+00:00", "second"),
        (1_769_904_000.5, "2026-02-01T00:00:00.500000+00:00", "second"),
        (1_769_904_000_000, "2026-02-01T00:00:00+00:00", "second"),
        ("1769904000", "2026-02-01T00:00:00+00:00", "second"),
        ("1969-07-20T20:17:00", "1969-07-20T20:17:00+00:00", "second"),
    ],
)
def test_dates_of_many_kinds_become_utc(value: Any, at: str, precision: str, tmp_path: Path) -> None:
    (article,), _ = read_rows(tmp_path, {**GOOD, "published_at": value})
    assert article.published_at == datetime.fromisoformat(at)
    assert article.published_at.utcoffset() == timedelta(0)
    assert article.published_precision == precision


@pytest.mark.parametrize(
    "value",
    [
        "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 10**30, -(10**30), 1e308,
        "9" * 500, "2026-03-09", True, [2026], {"$date": 1}, "0000-00-00",
    ],
)  # fmt: skip
def test_an_impossible_date_is_dropped_and_flagged_and_the_article_kept(value: Any, tmp_path: Path) -> None:
    (article,), rejected = read_rows(tmp_path, {**GOOD, "published_at": value})
    assert article.published_at is None
    assert article.flags == ("bad_date",)
    assert rejected == []


def test_a_date_is_judged_by_the_fetch_where_that_is_known(tmp_path: Path) -> None:
    rows = [{**GOOD, "published_at": "2015-08-05", "fetched_at": "2015-08-01"}, {**GOOD, "article_id": "b"}]
    articles, _ = read_rows(tmp_path, *rows)
    assert articles[0].published_at is None


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Istanbul"])
def test_parquet_timestamps_of_any_unit_become_utc(unit: str, zone: str | None, tmp_path: Path) -> None:
    at = pa.array([1_769_904_000], pa.int64()).cast(pa.timestamp("s")).cast(pa.timestamp(unit, zone), safe=False)
    file = tmp_path / "x.parquet"
    pq.write_table(pa.table({"article_id": ["a"], "body": ["x"], "published_at": at}), file)
    (article,), _ = read(file)
    assert article.published_at == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_parquet_time_that_python_cannot_hold_loses_only_that_row(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    far = pa.array([0, 10**13, 60], pa.timestamp("s"))
    pq.write_table(pa.table({"article_id": ["a", "b", "c"], "body": ["x", "y", "z"], "published_at": far}), file)
    articles, rejected = read(file)
    assert [one.article_id for one in articles] == ["a", "c"]
    assert rejected[0].detail.startswith(f"{file}:2: ")


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "+25:00", "UTC+3", "Asia/Riyadh", "+03:00"])
def test_a_moment_is_one_whatever_zone_its_column_names(tmp_path: Path, zone: str) -> None:
    file = tmp_path / "x.parquet"
    moments = pa.array([1_772_000_000] * 2, pa.timestamp("s", zone))
    pq.write_table(pa.table({"article_id": ["a", "b"], "body": [GOOD["body"]] * 2, "published_at": moments}), file)
    articles, rejections = read(file)
    assert [one.published_at for one in articles] == [datetime(2026, 2, 25, 6, 13, 20, tzinfo=UTC)] * 2
    assert rejections == []
    inside = pa.StructArray.from_arrays([moments], ["at"])
    pq.write_table(pa.table({"article_id": ["a", "b"], "body": [GOOD["body"]] * 2, "published_at": inside}), file)
    assert len(read(file)[0]) + len(read(file)[1]) == 2
