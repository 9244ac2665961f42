"""Days as people type them on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.errors import UsageError

YEARS = range(1900, 2200)


def parse_day(option: str, value: str | None, *, end: bool = False) -> datetime | None:
    """A day (2026-11-23) or time in ISO 8601 as an aware UTC time; end: the end of that day. Raises UsageError."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{option}: {value!r} is no date; write it as 2026-11-23") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment.year not in YEARS:
        raise UsageError(f"{option}: {value!r} is no date of news; a year from {YEARS[0]} to {YEARS[-1]}")
    return moment + timedelta(days=1) if end and len(value) <= 10 else moment
