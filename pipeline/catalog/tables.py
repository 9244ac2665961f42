"""The catalog's tables, the same for SQLite and PostgreSQL. Times are aware UTC; JSON columns hold lists of records."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from pipeline.catalog.column_types import code, id_column, time_column

metadata = MetaData()

outlets = Table(
    "outlets",
    metadata,
    id_column("outlet_id", primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", code(10), nullable=False),
    id_column("agency_id"),
    Column("language", code(40)),
    Column("configured", Boolean, nullable=False),  # false: made by ingest from a registrable domain
)

# The ledger of URL states: what a crawl still has to do. A row per URL of an outlet, feeds and sitemaps included.
urls = Table(
    "urls",
    metadata,
    id_column("outlet_id", primary_key=True),
    Column("url_key", code(2100), primary_key=True),
    Column("url", Text, nullable=False),
    Column("kind", code(10), nullable=False),  # PageKind
    Column("state", code(12), nullable=False),  # found | fetched | rejected | failed | gone
    Column("found_in", Text),
    Column("headline", Text),
    Column("byline", Text),
    time_column("published_at"),
    time_column("modified_at"),
    time_column("discovered_at", nullable=False),
    time_column("fetched_at"),
    time_column("changed_at"),  # when the answer last differed
    time_column("next_fetch_at"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("status", Integer),
    Column("reason", code(40)),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("payload_sha256", code(64)),
    Index("ix_urls_due", "outlet_id", "state", "next_fetch_at"),
)

captures = Table(
    "captures",
    metadata,
    id_column("capture_id", primary_key=True),
    id_column("outlet_id", nullable=False),
    Column("kind", code(10), nullable=False),
    Column("url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    time_column("fetched_at", nullable=False),
    Column("payload_sha256", code(64), nullable=False),
    Column("warc_file", Text, nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Column("truncated", code(20)),
    Column("etag", Text),
    Column("last_modified", Text),
    id_column("run_id"),
    Column("extracted", code(12), nullable=False, default="pending"),  # pending | article | rejected | not_due
    Index("ix_captures_pending", "extracted", "fetched_at"),
    Index("ix_captures_outlet", "outlet_id", "fetched_at"),
)


def _article_columns() -> list[Column[Any]]:
    return [
        id_column("outlet_id", nullable=False),
        Column("url", Text, nullable=False),
        Column("canonical_url", Text),
        id_column("capture_id"),
        Column("headline", Text),
        Column("byline", Text),
        Column("dateline", Text),
        Column("authors", JSON, nullable=False),
        Column("captions", JSON, nullable=False),
        Column("language", code(40)),
        time_column("published_at"),
        Column("published_source", code(40)),
        Column("published_precision", code(10)),
        time_column("modified_at"),
        Column("modified_source", code(40)),
        time_column("fetched_at"),
        Column("body", Text, nullable=False),
        Column("word_count", Integer, nullable=False),
        Column("body_sha256", code(64), nullable=False),
        Column("credits", JSON, nullable=False),
        id_column("agency_id"),
        id_column("own_agency_id"),
        Column("flags", JSON, nullable=False),
        Column("extractor_version", code(60), nullable=False),
        Column("row_sha256", code(64)),  # of the columns above: the doctor finds a flipped byte by it
    ]


# The current version of each article.
articles = Table(
    "articles",
    metadata,
    id_column("article_id", primary_key=True),
    Column("version", Integer, nullable=False),
    *_article_columns(),
    Column("status", code(12), nullable=False, default="published"),  # published | withdrawn
    time_column("folded_at"),  # null: new or changed since the last fold
    time_column("window_at"),  # published_at, else fetched_at: what the publication window goes by
    id_column("story_id", index=True),
    Index("ix_articles_unfolded", "folded_at"),
    Index("ix_articles_window", "window_at"),
    # The next two cover what pages count over, so that no query over an outlet or over all articles reads bodies.
    Index("ix_articles_outlet", "outlet_id", "window_at", "article_id", "story_id", "agency_id", "own_agency_id"),
    Index(
        "ix_articles_facts",
        "article_id",
        "story_id",
        "outlet_id",
        "agency_id",
        "own_agency_id",
        "language",
        "window_at",
        "published_precision",
        "word_count",
        "status",
    ),
)

# Versions that a later one replaced.
article_versions = Table(
    "article_versions",
    metadata,
    id_column("article_id", primary_key=True),
    Column("version", Integer, primary_key=True),
    *_article_columns(),
)

rejections = Table(
    "rejections",
    metadata,
    Column("rejection_id", code(64), primary_key=True),  # hash of outlet, url, stage, reason, capture: no doubles
    id_column("outlet_id", nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("stage", code(12), nullable=False),
    Column("reason", code(40), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    time_column("rejected_at", nullable=False),
    id_column("capture_id"),
    Column("quarantined", Boolean, nullable=False, default=False),
    id_column("run_id", index=True),
)

signatures = Table(
    "signatures",
    metadata,
    Column("article_id", ForeignKey("articles.article_id", ondelete="CASCADE"), primary_key=True),
    Column("scheme", code(60), nullable=False),
    Column("permutations", Integer, nullable=False),
    Column("values", LargeBinary, nullable=False),
    # Those of another scheme are found without reading all.
    Index("ix_signatures_scheme", "scheme", "permutations"),
)

# Verified pairs, accepted or only related: what grouping works from, so that a component can be grouped again.
pairs = Table(
    "pairs",
    metadata,
    id_column("left_id", primary_key=True),
    id_column("right_id", primary_key=True, index=True),
    Column("evidence", JSON, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    id_column("story_id", primary_key=True),
    id_column("origin_article_id", nullable=False),
    Column("origin_known", Boolean, nullable=False),
    Column("origin_reason", Text, nullable=False),
    id_column("agency_id", index=True),
    Column("headline", Text),
    Column("language", code(40)),
    time_column("first_published_at", index=True),
    time_column("last_published_at"),
    Column("article_count", Integer, nullable=False),
    Column("outlet_count", Integer, nullable=False),
    Column("row_sha256", code(64)),
)

links = Table(
    "links",
    metadata,
    id_column("article_id", primary_key=True),
    id_column("origin_article_id", primary_key=True, index=True),
    id_column("story_id", nullable=False, index=True),
    Column("relation", code(20), nullable=False),
    Column("jaccard", Float, nullable=False),
    Column("origin_coverage", Float, nullable=False),
    Column("copy_coverage", Float, nullable=False),
    Column("latency_seconds", BigInteger),
    Column("credit_status", code(20), nullable=False),
    Column("spans", JSON, nullable=False),  # [[copy_start, copy_end, origin_start, origin_end], ...]
    Column("reason", Text, nullable=False),
    Column("method_version", code(60), nullable=False),
    Column("row_sha256", code(64)),
    # Covers what pages count over: rows of links are long by their spans.
    Index(
        "ix_links_facts",
        "article_id",
        "origin_article_id",
        "story_id",
        "relation",
        "credit_status",
        "latency_seconds",
    ),
)

story_changes = Table(
    "story_changes",
    metadata,
    id_column("story_id", primary_key=True),
    id_column("into_story_id", primary_key=True),
    Column("kind", code(10), nullable=False),
    time_column("changed_at", nullable=False),
)

# Lines that recur across an outlet's articles and take no part in folding or bodies.
boilerplate = Table(
    "boilerplate",
    metadata,
    id_column("outlet_id", primary_key=True),
    Column("line_key", code(64), primary_key=True),
    Column("line", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("of_pages", Integer, nullable=False),
    Column("state", code(10), nullable=False),  # learned | ignored (switched off by a person)
    time_column("learned_at", nullable=False),
)

runs = Table(
    "runs",
    metadata,
    id_column("run_id", primary_key=True),
    Column("command", code(40), nullable=False),
    Column("trigger", code(20), nullable=False),  # manual | schedule
    Column("state", code(12), nullable=False),  # running | done | failed | interrupted
    time_column("started_at", nullable=False),
    time_column("finished_at"),
    Column("owner", Text, nullable=False),  # host:pid
    Column("message", Text),
)

run_stages = Table(
    "run_stages",
    metadata,
    id_column("run_id", primary_key=True),
    Column("stage", code(12), primary_key=True),
    id_column("outlet_id", primary_key=True),  # "" for stages over all outlets
    Column("state", code(12), nullable=False),
    time_column("started_at", nullable=False),
    time_column("finished_at"),
    Column("counts", JSON, nullable=False),
    Column("message", Text),
)

leases = Table(
    "leases",
    metadata,
    id_column("name", primary_key=True),
    Column("owner", Text, nullable=False),
    time_column("expires_at", nullable=False),
)

releases = Table(
    "releases",
    metadata,
    id_column("version", primary_key=True),
    time_column("published_at", nullable=False),
    Column("counts", JSON, nullable=False),
    Column("evaluation", JSON),
    id_column("run_id"),
)
