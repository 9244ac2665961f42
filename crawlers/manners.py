"""How long to wait: before another try, before a later crawl asks again, before a page is looked at anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.catalog.ledger import LedgerEntry

MAX_TRIES = 3  # of one URL in one crawl
# A server that asks for more is left alone until a later run.
LONGEST_WAIT = 60.0
FIRST_WAIT = 2.0
# Corrections come soon after publication or not at all: looked at again this long after the first sight.
RECHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
# An article this young, seen for the first time, is looked at again in the very next run too.
FRESH = timedelta(days=7)
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
GIVE_UP_AFTER = 6  # failures in a row, over about three days


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, in either of its forms; None where it says nothing readable."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=now.tzinfo)
    return max(0.0, (at - now).total_seconds())


def wait_before_retry(tries: int, asked: float | None) -> float | None:
    """Seconds until the next try in this crawl; None: not in this crawl. tries: how often it was asked for already."""
    if tries >= MAX_TRIES:
        return None
    wait: float = max(asked or 0.0, FIRST_WAIT * 2 ** (tries - 1))
    return wait if wait <= LONGEST_WAIT else None


def next_try(entry: LedgerEntry | None, now: datetime, asked: float | None = None) -> datetime | None:
    """When a later run may ask again for a URL that failed; None: never."""
    attempts = entry.attempts if entry else 0
    if attempts + 1 >= GIVE_UP_AFTER:
        return None
    pause: timedelta = min(FIRST_PAUSE * float(4**attempts), LONGEST_PAUSE)
    if asked is not None:
        pause = max(pause, min(timedelta(seconds=asked), LONGEST_PAUSE))
    return now + pause


def next_recheck(first_seen: datetime, now: datetime) -> datetime | None:
    """When an article is looked at again; None: it is old enough to be left alone."""
    for step in RECHECKS:
        if first_seen + step > now:
            return first_seen + step
    return None
