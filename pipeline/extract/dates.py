"""Reading dates: machine forms (ISO 8601, RFC 2822, epoch) and dates as people print them in four scripts of digits.

Nothing is guessed: a date without a day is no date, a time nobody printed is not invented (precision day), a Hijri date
counts only through the Gregorian one beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from pipeline.extract.months import MONTH_NAMES, fold, month_number
from pipeline.records import DatePrecision

ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:(?:T|\s+|\s*-\s*)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\s*$",
    re.IGNORECASE,
)
# As programs print a date without being asked for a form: Tue Nov 04 10:00:00 TRT 2025
CTIME = re.compile(r"^[a-z]{3} ([a-z]{3})\s+(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:([a-z]{2,5}|[+-]\d{4}) )?(\d{4})$")
EPOCH = re.compile(r"^\s*(\d{10})(?:\d{3})?\s*$")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
LONGEST = 4_000  # characters of visible text searched

YEAR = r"(?P<year>(?:19|20|21)\d{2})"
DAY = r"(?P<day>\d{1,2})"
OTHER_NAME = rf"(?:\s*[/(\-–]\s*(?:{MONTH_NAMES})\.?\s*\)?)?"
NAMED = re.compile(
    rf"(?<![\d/.])(?:{DAY}(?:st|nd|rd|th|er)?\.?\s*(?:de\s+|of\s+|من\s+)?[\s\-/.]*"
    rf"(?P<month>{MONTH_NAMES})\b\.?{OTHER_NAME}\s*(?:de\s+)?[,،\-/]?\s*(?:عام\s+|سنه\s+)?{YEAR}"
    rf"|(?P<month2>{MONTH_NAMES})\b\.?{OTHER_NAME}\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*[,،]?\s*(?P<year2>(?:19|20|21)\d{{2}}))"
    r"(?!\d)"
)
NUMERIC = re.compile(
    rf"(?<![\d/.:\-])(?:{YEAR}\s?([/.\-])\s?(?P<m>\d{{1,2}})\s?\2\s?(?P<d>\d{{1,2}})"
    rf"|(?P<a>\d{{1,2}})\s?([/.\-])\s?(?P<b>\d{{1,2}})\s?\6\s?(?P<year2>(?:19|20|21)\d{{2}})"
    r"|(?P<d3>\d{2})\.(?P<m3>\d{2})\.(?P<year3>\d{2}))(?![\d/]|[.:]\d)"
)
# Words behind the hour of a clock of twelve, with the hours that they move past noon. Noon and night lie on both sides.
MORNING, AFTERNOON = range(0), range(1, 12)
HALVES = {
    "صباحا": MORNING, "قبل الظهر": MORNING, "فجرا": MORNING, "بعد منتصف الليل": MORNING, "ظهرا": range(1, 6),
    "عصرا": AFTERNOON, "بعد الظهر": AFTERNOON, "مساء": AFTERNOON, "ليلا": range(6, 12),
}  # fmt: skip
BEFORE_NOON, AFTER_NOON = ("a", "ص"), ("p", "م")
FROM_MIDNIGHT = frozenset({"صباحا", "فجرا", "بعد منتصف الليل", "ليلا"})  # where twelve o'clock is the day's first hour
CLOCK = re.compile(
    r"(?<![\d.,:/\-])(?P<hour>[0-2]?\d)\s?(?P<sep>[:.h])\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d/]|[.:]\d)"
    rf"\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|{'|'.join(HALVES)}|ص(?!\w)|م(?!\w))?"
    r"\s*[(\[]?\s*(?P<zone>(?:utc|gmt|بتوقيت غرينتش|بتوقيت جرينتش|غرينتش|جرينتش|بتوقيت مكه|ت\s?م(?!\w)|tsi\b)"
    r"(?:\s*[+-]\s*\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:\d{2})?"
)
MECCA_AND_TURKEY = timezone(timedelta(hours=3))
NEAR = 48  # characters between a date and its time of day


@dataclass(frozen=True, slots=True)
class Reading:
    """A date that was read, in UTC, with what is known of its time of day, and where in the folded text it stood."""

    at: datetime
    precision: DatePrecision
    start: int = 0
    end: int = 0


def read_machine_date(text: str, zone: tzinfo, day_first: bool) -> Reading | None:
    """A date from JSON-LD, a meta or a time element. zone is for dates that carry none."""
    text = fold(text.strip()[:80])
    if match := ISO.match(text):
        return _from_iso(match, zone)
    if match := EPOCH.match(text):
        return _reading(datetime.fromtimestamp(int(match.group(1)), UTC), DatePrecision.SECOND)
    if match := CTIME.match(text):
        month, day, clock, where, year = match.groups()
        text = f"{day} {month} {year} {clock} {where or ''}"
    if re.match(r"^(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d", text):
        try:
            stated = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
        return _reading(stated if stated.tzinfo else stated.replace(tzinfo=zone), DatePrecision.SECOND)
    return next(read_visible_dates(text, zone, day_first), None)


def read_visible_dates(text: str, zone: tzinfo, day_first: bool) -> Iterator[Reading]:
    """Every whole date printed in a text, in order, with the time of day that stands beside it."""
    text = fold(text[:LONGEST])
    spots = sorted((*NAMED.finditer(text), *NUMERIC.finditer(text)), key=lambda match: match.start())
    past = 0
    for at, match in enumerate(spots):
        if match.start() < past:
            continue
        day = _named_day(match) if match.re is NAMED else _numeric_day(match, day_first)
        if day is None:
            continue
        before = text[max(past, match.start() - NEAR) : match.start()]
        stop = spots[at + 1].start() if at + 1 < len(spots) else len(text)
        after = text[match.end() : min(stop, match.end() + NEAR)]
        past = match.end()
        clock = _clock_after(after) or _clock_before(before)
        yield _with_clock(day, clock, zone, match.start(), match.end())


def day_in(day: date, zone: tzinfo) -> datetime:
    """A day without a time of day: the first instant that is that day both in zone and in UTC."""
    midnight = datetime.combine(day, time(), UTC)
    return max(midnight, datetime.combine(day, time(), zone).astimezone(UTC))


def _reading(at: datetime, precision: DatePrecision, start: int = 0, end: int = 0) -> Reading | None:
    try:
        utc = at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Reading(utc, precision, start, end) if EARLIEST_YEAR <= utc.year <= LATEST_YEAR else None


def _from_iso(match: re.Match[str], zone: tzinfo) -> Reading | None:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        stated = date(int(year), int(month), int(day))
        clock = time(int(hour), int(minute), int(second or 0)) if hour else None
    except ValueError:
        return None
    if not EARLIEST_YEAR <= stated.year <= LATEST_YEAR:
        return None
    # A midnight to the second is how systems write a day without a time.
    if clock is None or clock == time():
        where = _offset(offset) if offset else zone
        return Reading(day_in(stated, where), DatePrecision.DAY)
    at = datetime.combine(stated, clock, _offset(offset) if offset else zone)
    return _reading(at, DatePrecision.SECOND if second else DatePrecision.MINUTE)


def _offset(text: str) -> tzinfo:
    match = re.search(r"([+-])\s*(\d{1,2}):?(\d{2})?$", text)
    if not match:
        return UTC
    minutes = min(int(match.group(2)), 14) * 60 + int(match.group(3) or 0)
    return timezone(timedelta(minutes=minutes if match.group(1) == "+" else -minutes))


def _named_day(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    name, day, year = part["month"] or part["month2"], part["day"] or part["day2"], part["year"] or part["year2"]
    try:
        return date(int(year), month_number(name), int(day))
    except (ValueError, KeyError):
        return None


def _numeric_day(match: re.Match[str], day_first: bool) -> date | None:
    part = match.groupdict()
    if part["year"]:
        year, month, day = int(part["year"]), int(part["m"]), int(part["d"])
    elif part["year3"]:  # 25.04.24, as German and Turkish sites print it
        year, month, day = 2000 + int(part["year3"]), int(part["m3"]), int(part["d3"])
    else:
        first, second, year = int(part["a"]), int(part["b"]), int(part["year2"])
        month_first = not day_first and "." not in match.group() and first <= 12
        if second > 12:
            month_first = True
        day, month = (second, first) if month_first else (first, second)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_after(text: str) -> re.Match[str] | None:
    match = CLOCK.search(text)
    return match if match and len(re.findall(r"\w+", text[: match.start()])) <= 4 else None


def _clock_before(text: str) -> re.Match[str] | None:
    last = max(CLOCK.finditer(text), key=lambda match: match.start(), default=None)
    return last if last and len(re.findall(r"\w+", text[last.end() :])) <= 2 else None


def _with_clock(day: date, clock: re.Match[str] | None, zone: tzinfo, start: int, end: int) -> Reading:
    without = Reading(day_in(day, zone), DatePrecision.DAY, start, end)
    if clock is None:
        return without
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    hour = _hour_of_day(hour, clock["half"] or "")
    if hour > 23 or (clock["sep"] == "." and not _means_time(clock)):
        return without
    at = datetime.combine(day, time(hour, minute, second), _clock_zone(clock["zone"]) or zone)
    precision = DatePrecision.SECOND if clock["second"] else DatePrecision.MINUTE
    return _reading(at, precision, start, end) or without


def _hour_of_day(hour: int, half: str) -> int:
    """The hour on a clock of 24, said with the word for a part of the day behind it."""
    if hour == 12:
        return 0 if half in FROM_MIDNIGHT or half.startswith(BEFORE_NOON) else 12
    later = HALVES.get(half, AFTERNOON if half.startswith(AFTER_NOON) else MORNING)
    return hour + 12 if hour in later else hour


def _means_time(clock: re.Match[str]) -> bool:
    return len(clock["hour"]) == 2


def _clock_zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.startswith(("tsi", "ت", "بتوقيت مكه")):
        return MECCA_AND_TURKEY
    return _offset(text)
