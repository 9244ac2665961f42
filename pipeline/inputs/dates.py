"""Dates as people write them into articles files: ISO 8601 with or without a zone, or seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import isfinite

from pipeline.records import DatePrecision

EPOCH_TEXT = re.compile(r"^-?\d{9,16}(?:\.\d{1,9})?$")
DAY_TEXT = re.compile(r"^\d{4}-?\d{2}-?\d{2}$")
MINUTE_TEXT = re.compile(r"^\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?\d{2}(?:Z|[+-]\d{2}:?\d{2})?$")
MILLISECONDS_FROM = 1e11  # as seconds that is the year 5138
EARLIEST, LATEST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MAX_DATE_TEXT = 40
Dated = tuple[datetime, DatePrecision]


def read_date(value: object) -> Dated | None:
    """An aware UTC time and how exactly it was stated; one without a zone is UTC. None for no credible date."""
    if isinstance(value, str):
        return _from_text(value.strip()) if len(value) <= MAX_DATE_TEXT else None
    if isinstance(value, datetime):
        return _credible(value, DatePrecision.SECOND)
    if isinstance(value, date):
        return _credible(datetime(value.year, value.month, value.day, tzinfo=UTC), DatePrecision.DAY)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(float(value)) if abs(value) < 1e18 else None
    return None


def not_after(stated: Dated | None, fetched: datetime) -> Dated | None:
    """The date, unless it lies more than a day after the fetch."""
    return None if stated is not None and stated[0] > fetched + timedelta(days=1) else stated


@lru_cache(maxsize=4096)  # articles follow each other, and many state but the day
def _from_text(text: str) -> Dated | None:
    if EPOCH_TEXT.match(text):
        return _from_epoch(float(text))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    precision = DatePrecision.SECOND
    if DAY_TEXT.match(text):
        precision = DatePrecision.DAY
    elif MINUTE_TEXT.match(text):
        precision = DatePrecision.MINUTE
    return _credible(at, precision)


def _from_epoch(seconds: float) -> Dated | None:
    if not isfinite(seconds):
        return None
    if abs(seconds) >= MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return _credible(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), DatePrecision.SECOND)
    except OverflowError:
        return None


def _credible(at: datetime, precision: DatePrecision) -> Dated | None:
    try:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return (at, precision) if EARLIEST <= at <= LATEST else None
