"""Records to rows and back: the one place that knows how a record lies in its table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from pipeline.records import (
    Article,
    Capture,
    Credit,
    CreditKind,
    CreditPosition,
    CreditStatus,
    DatePrecision,
    Link,
    PageKind,
    Rejection,
    Relation,
    Span,
    Story,
)

SURROGATE = re.compile("[\ud800-\udfff]")
REPLACED = "\ufffd"
# Columns of the tables article and article_versions that are plain fields of the record.
_PLAIN = [
    one.name
    for one in fields(Article)
    if one.name not in ("authors", "captions", "credits", "flags", "published_precision")
]


def storable(value: Any) -> Any:
    """The value with U+FFFD for every character that no database holds: NUL, and halves of UTF-16 surrogate pairs.

    One for one, so that offsets into a text stay true. Lists are gone through; anything but text is left as it is.
    """
    if isinstance(value, list):
        return [storable(one) for one in value]
    if not isinstance(value, str):
        return value
    if "\0" in value:
        value = value.replace("\0", REPLACED)
    try:
        value.encode()
    except UnicodeEncodeError:
        return SURROGATE.sub(REPLACED, value)
    return value


def storable_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with storable values."""
    return {name: storable(value) for name, value in row.items()}


def sha256(text: str) -> str:
    """Hex digest of the text in UTF-8; lone surrogates count as question marks."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def seal(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the digest of its content under row_sha256."""
    row["row_sha256"] = row_digest(row)
    return row


def row_digest(row: Mapping[Any, Any]) -> str:
    """Hex digest of a row's columns but its digest itself, the same before it is written and after it is read."""
    content = {str(key): value for key, value in row.items() if key != "row_sha256"}
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def article_row(article: Article) -> dict[str, Any]:
    """The columns that articles and article_versions share."""
    row: dict[str, Any] = {name: storable(getattr(article, name)) for name in _PLAIN}
    row["authors"] = storable(list(article.authors))
    row["captions"] = storable(list(article.captions))
    row["flags"] = list(article.flags)
    row["credits"] = [
        {"agency_id": c.agency_id, "kind": c.kind.value, "position": c.position.value, "text": storable(c.text)}
        for c in article.credits
    ]
    row["published_precision"] = article.published_precision.value if article.published_precision else None
    row["word_count"] = len(row["body"].split())
    row["body_sha256"] = sha256(row["body"])
    return seal(row)


def article_of(row: Mapping[Any, Any]) -> Article:
    """The record of a row of articles or article_versions."""
    values = {name: row[name] for name in _PLAIN}
    precision = row["published_precision"]
    return Article(
        **values,
        authors=tuple(row["authors"]),
        captions=tuple(row["captions"]),
        flags=tuple(row["flags"]),
        credits=tuple(
            Credit(c["agency_id"], CreditKind(c["kind"]), CreditPosition(c["position"]), c["text"])
            for c in row["credits"]
        ),
        published_precision=DatePrecision(precision) if precision else None,
    )


def capture_row(capture: Capture) -> dict[str, Any]:
    """The columns of captures, but for its extraction state."""
    return storable_row(
        {one.name: getattr(capture, one.name) for one in fields(Capture)} | {"kind": capture.kind.value}
    )


def capture_of(row: Mapping[Any, Any]) -> Capture:
    """The record of a row of captures."""
    values = {one.name: row[one.name] for one in fields(Capture)}
    values["kind"] = PageKind(values["kind"])
    return Capture(**values)


def rejection_row(rejection: Rejection) -> dict[str, Any]:
    """The columns of rejections; the id is a hash of what makes two rejections the same."""
    identity = "\n".join(
        (rejection.outlet_id, rejection.url, rejection.stage, rejection.reason.value, rejection.capture_id or "")
    )
    row = storable_row({one.name: getattr(rejection, one.name) for one in fields(Rejection)})
    return row | {"reason": rejection.reason.value, "rejection_id": sha256(identity)}


def link_row(link: Link) -> dict[str, Any]:
    """The columns of links."""
    row = {one.name: getattr(link, one.name) for one in fields(Link)}
    row["relation"], row["credit_status"] = link.relation.value, link.credit_status.value
    row["spans"] = [[s.copy_start, s.copy_end, s.origin_start, s.origin_end] for s in link.spans]
    return seal(row)


def link_of(row: Mapping[Any, Any]) -> Link:
    """The record of a row of links."""
    values = {one.name: row[one.name] for one in fields(Link)}
    values["relation"] = Relation(values["relation"])
    values["credit_status"] = CreditStatus(values["credit_status"])
    values["spans"] = tuple(Span(*span) for span in values["spans"])
    return Link(**values)


def story_row(story: Story) -> dict[str, Any]:
    """The columns of stories."""
    row = {one.name: getattr(story, one.name) for one in fields(Story) if one.name != "member_ids"}
    row["article_count"] = len(story.member_ids)
    return seal(row)


def story_of(row: Mapping[Any, Any], member_ids: tuple[str, ...]) -> Story:
    """The record of a row of stories with the ids of its articles."""
    values = {one.name: row[one.name] for one in fields(Story) if one.name != "member_ids"}
    return Story(**values, member_ids=member_ids)
