"""One row of an articles file into an Article, or into the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pipeline.inputs.dates import Dated, not_after, read_date
from pipeline.inputs.sites import UNKNOWN_OUTLET, registrable_domain
from pipeline.records import Article

REQUIRED = ("article_id", "body")
OPTIONAL = (
    "outlet_id",
    "url",
    "headline",
    "byline",
    "published_at",
    "language",
    "fetched_at",
    "authors",
    "canonical_url",
    "dateline",
    "modified_at",
)
COLUMNS = REQUIRED + OPTIONAL
MAX_ID = 2_000  # characters of an article_id or outlet_id
MAX_FIELD = 20_000  # characters of a headline, byline, dateline or URL; more is cut, and flagged
MAX_AUTHORS = 100
HomeOf = Callable[[str], str | None]
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}$")


class BadRow(ValueError):
    """A row that is no article; the message says why."""


def nowhere(_url: str) -> str | None:
    """No outlet is configured."""
    return None


def to_article(row: Mapping[str, Any], read_at: datetime, home_of: HomeOf = nowhere) -> Article:
    """An article from a row; home_of: the configured outlet of a URL.

    Raises BadRow where article_id or body is missing or a field has the wrong type.
    """
    article_id = _identifier(row, "article_id")
    if article_id is None:
        raise BadRow("no article_id")
    body = _text(row, "body")
    if body is None or not body.strip():
        raise BadRow("no body")
    flags: list[str] = []
    url = _line(row, "url", flags) or ""
    fetched = not_after(read_date(row.get("fetched_at")), read_at)
    published = _date(row, "published_at", fetched[0] if fetched else read_at, flags)
    modified = _date(row, "modified_at", fetched[0] if fetched else read_at, flags)
    return Article(
        article_id=article_id,
        outlet_id=_identifier(row, "outlet_id") or home_of(url) or registrable_domain(url) or UNKNOWN_OUTLET,
        url=url,
        body=body,
        fetched_at=fetched[0] if fetched else None,
        canonical_url=_line(row, "canonical_url", flags),
        headline=_line(row, "headline", flags),
        byline="" if row.get("byline") == "" else _line(row, "byline", flags),  # stated as empty: it credits nobody
        dateline=_line(row, "dateline", flags),
        authors=_authors(row.get("authors")),
        language=_language(row),
        published_at=published[0] if published else None,
        published_source="input" if published else None,
        published_precision=published[1] if published else None,
        modified_at=modified[0] if modified else None,
        modified_source="input" if modified else None,
        flags=tuple(dict.fromkeys(flags)),
    )


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRow(f"{name} is {type(value).__name__}, not text")
    # No database holds a NUL. One character for one: offsets into the text stay true.
    return value.replace("\0", "\ufffd") if "\0" in value else value


def _identifier(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadRow(f"{name} is {type(value).__name__}, not text")
    if len(value) > MAX_ID or CONTROL.search(value) or not value.strip():
        raise BadRow(f"{name} is blank, longer than {MAX_ID} characters or holds control characters")
    return value


def _line(row: Mapping[str, Any], name: str, flags: list[str]) -> str | None:
    value = _text(row, name)
    if value is None:
        return None
    if len(value) > MAX_FIELD:
        flags.append(f"long_{name}")
        value = value[:MAX_FIELD]
    return value.strip() or None


def _date(row: Mapping[str, Any], name: str, fetched: datetime, flags: list[str]) -> Dated | None:
    value = row.get(name)
    if value is None:
        return None
    stated = not_after(read_date(value), fetched)
    if stated is None and value != "":
        flags.append("bad_date")
    return stated


def _authors(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadRow("authors is no list of texts")
    return tuple(one[:MAX_FIELD].replace("\0", "\ufffd") for one in value[:MAX_AUTHORS])


def _language(row: Mapping[str, Any]) -> str | None:
    value = _text(row, "language")
    if value is None or not LANGUAGE.match(value.strip()):
        return None
    return value.strip().replace("_", "-")
