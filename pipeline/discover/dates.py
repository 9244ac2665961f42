"""Dates as feeds and sitemaps write them: RFC 822, ISO 8601 and their common slips."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

# News on the web is younger; what says otherwise is an unset clock (1970) or another calendar (1447).
EARLIEST_YEAR = 1994
MAX_AHEAD = timedelta(days=1)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)


class ImpossibleDateError(ValueError):
    """A date that cannot be, or cannot be read."""


def parse_date(text: str | None, zone: tzinfo, now: datetime) -> datetime | None:
    """The moment in UTC; None where nothing is stated. Raises ImpossibleDateError: before the web, or in the future."""
    if text is None or not text.strip():
        return None
    text = text.strip()[:80].translate(DIGITS)
    try:
        at = _iso(text, zone) or _rfc822(text, zone)
    except (ValueError, OverflowError, IndexError, TypeError) as error:
        raise ImpossibleDateError(text) from error
    if at is None or at.year < EARLIEST_YEAR or at > now + MAX_AHEAD:
        raise ImpossibleDateError(text)
    return at


def _iso(text: str, zone: tzinfo) -> datetime | None:
    match = ISO.match(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    return _in_utc(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(match[7], zone)))


def _zone(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)


def _rfc822(text: str, zone: tzinfo) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    where = zone if parts[9] is None else timezone(timedelta(seconds=parts[9]))
    return _in_utc(datetime(*parts[:5], min(parts[5], 59), tzinfo=where))


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
