"""Query parameters: empty means not asked for, numbers are clamped, anything else that does not fit is a 400."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator

from pipeline.catalog.queries.paging import DEFAULT_SIZE, MAX_NUMBER, MAX_SIZE, Paging
from pipeline.catalog.queries.story_list import StoryOrder
from pipeline.records import CreditStatus, Relation

MAX_TEXT = 300
# int() of a long string of digits is slow, and no number asked for here is long.
MAX_DIGITS = 18
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _text(value: Any) -> str | None:
    """Printable characters, at most MAX_TEXT of them; None for nothing."""
    kept = "".join(one for one in str(value or "")[:MAX_TEXT] if one.isprintable()).strip()
    return kept or None


def _id(value: Any) -> str:
    """An id as given; only what no database can hold is taken out."""
    return str(value)[:MAX_TEXT].replace("\0", "")


def _number(value: Any) -> int:
    text = str(value).strip()
    if not text:
        return 1
    if len(text) > MAX_DIGITS:
        text = text[:MAX_DIGITS]
    return max(1, min(int(text), 10**9))


def _day(value: Any) -> datetime | None:
    text = str(value or "").strip()
    if not text:
        return None
    moment = datetime.fromisoformat(text[:40])
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("a day between 1900 and 2200")
    return moment


def _last_day(value: Any) -> datetime | None:
    """A day counts whole: until 2026-11-23 means before the 24th."""
    moment = _day(value)
    return moment + timedelta(days=1) if moment and len(str(value).strip()) <= 10 else moment


def _or_none(value: Any) -> Any:
    return value if str(value or "").strip() else None


Text = Annotated[str | None, BeforeValidator(_text), Query(description="Empty: everything.")]
Id = Annotated[str, BeforeValidator(_id), Query(min_length=1, description="As lists give it.")]
Number = Annotated[int, BeforeValidator(_number), Query(description="Brought inside its limits.")]
Version = Annotated[
    int | None,
    BeforeValidator(lambda value: _number(value) if _or_none(value) else None),
    Query(description="Empty: now."),
]
Since = Annotated[
    datetime | None, BeforeValidator(_day), Query(description="Day or time in ISO 8601; UTC where no zone is given.")
]
Until = Annotated[datetime | None, BeforeValidator(_last_day), Query(description="As since; a day counts whole.")]
OneRelation = Annotated[Relation | None, BeforeValidator(_or_none), Query(description="Only with such a link.")]
OneCredit = Annotated[
    CreditStatus | None, BeforeValidator(_or_none), Query(description="Only with a copy credited so.")
]
Order = Annotated[
    StoryOrder,
    BeforeValidator(lambda value: _or_none(value) or StoryOrder.NEWEST),
    Query(description="What comes first."),
]


def _paging(page: Number = 1, size: Number = DEFAULT_SIZE) -> Paging:
    """page and size of a list, brought inside their limits."""
    return Paging(min(page, MAX_NUMBER), min(size, MAX_SIZE))


OnePage = Annotated[Paging, Depends(_paging)]
