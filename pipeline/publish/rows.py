"""From typed records to rows of the release tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pipeline.errors import ReleaseError
from pipeline.publish.word_counts import count_words
from pipeline.records import Article, Link, Story

Row = dict[str, Any]
_AT_ONCE = 200  # articles whose words are counted together


@dataclass(frozen=True, slots=True)
class ReleaseArticle:
    """An article with the story it belongs to."""

    article: Article
    story_id: str


def article_rows(articles: Iterable[ReleaseArticle], *, with_text: bool) -> Iterator[Row]:
    """Rows of the articles table; bodies are left out without text, their hashes stay."""
    remaining = iter(articles)
    while some := list(islice(remaining, _AT_ONCE)):
        for one, words in zip(some, count_words([one.article.body for one in some]), strict=True):
            yield _article_row(one, words, with_text=with_text)


def _article_row(one: ReleaseArticle, words: int, *, with_text: bool) -> Row:
    article = one.article
    body, encoded = _encodable(article.body)
    return {
        "article_id": _clean(article.article_id),
        "url": _clean(article.url) or None,
        "canonical_url": _clean(article.canonical_url) or None,
        "outlet_id": _clean(article.outlet_id),
        "headline": _clean(article.headline),
        "byline": _clean(article.byline),
        "dateline": _clean(article.dateline),
        "language": article.language,
        "published_at": _aware(article.published_at),
        "modified_at": _aware(article.modified_at),
        "fetched_at": _aware(article.fetched_at),
        "body": body if with_text else None,
        "word_count": words,
        "body_sha256": hashlib.sha256(encoded).hexdigest(),
        "agency_id": article.agency_id,
        "credits": [
            {
                "agency_id": credit.agency_id,
                "kind": str(credit.kind),
                "position": str(credit.position),
                "text": _clean(credit.text),
            }
            for credit in article.credits
        ],
        "story_id": one.story_id,
        "version": article.version,
    }


def story_rows(stories: Iterable[Story]) -> Iterator[Row]:
    """Rows of the stories table. member_ids must be filled: they are counted here and checked later."""
    for story in stories:
        yield {
            "story_id": story.story_id,
            "origin_article_id": _clean(story.origin_article_id),
            "origin_known": story.origin_known,
            "agency_id": story.agency_id,
            "headline": _clean(story.headline),
            "language": story.language,
            "first_published_at": _aware(story.first_published_at),
            "last_published_at": _aware(story.last_published_at),
            "article_count": len(story.member_ids),
            "outlet_count": story.outlet_count,
        }


def copy_rows(links: Iterable[Link]) -> Iterator[Row]:
    """Rows of the copies table."""
    for link in links:
        yield {
            "story_id": link.story_id,
            "article_id": _clean(link.article_id),
            "origin_article_id": _clean(link.origin_article_id),
            "relation": str(link.relation),
            "jaccard": link.jaccard,
            "origin_coverage": link.origin_coverage,
            "copy_coverage": link.copy_coverage,
            "latency_seconds": link.latency_seconds,
            "credit_status": str(link.credit_status),
            "matched_spans": [
                {
                    "copy_start": span.copy_start,
                    "copy_end": span.copy_end,
                    "origin_start": span.origin_start,
                    "origin_end": span.origin_end,
                }
                for span in link.spans
            ],
            "reason": link.reason,
            "method_version": link.method_version,
        }


def _encodable(text: str) -> tuple[str, bytes]:
    """Text without lone surrogates, and its UTF-8. One character for one, so that spans keep their places."""
    try:
        return text, text.encode()
    except UnicodeEncodeError:
        encoded = text.encode("utf-8", "replace")
        return encoded.decode(), encoded


def _clean(text: str | None) -> str:
    if text is None:
        return None  # type: ignore[return-value]  # a null stays one
    return text if text.isascii() else _encodable(text)[0]


def _aware(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise ReleaseError(f"a time without a zone: {at.isoformat()}; releases hold UTC times")
    return at
