"""The tables as they were when migrations began. A catalog from before has them and gets only the mark."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.catalog.search import ensure_search

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, or take over those that are there."""
    if sa.inspect(op.get_bind()).has_table("schema_version"):
        op.drop_table("schema_version")
    else:
        for make in (make_outlets_and_their_urls, make_article_tables, make_fold_tables, make_run_tables):
            make()
    ensure_search(op.get_bind())


def downgrade() -> None:
    """There is nothing before this."""
    raise NotImplementedError


def code(length: int) -> sa.String:
    """Ids, codes and digests."""
    return sa.String(length).with_variant(sa.String(collation="C"), "postgresql")


def needed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that is never null."""
    return sa.Column(name, kind, nullable=False)


def maybe(name: str, kind: Any) -> sa.Column[Any]:
    """A column that may be null."""
    return sa.Column(name, kind)


# fmt: off
def make_outlets_and_their_urls() -> None:
    """Outlets, urls, captures, rejections, boilerplate."""
    op.create_table(
        "outlets",
        needed("outlet_id", code(200)), needed("name", sa.Text()), needed("role", code(10)),
        maybe("agency_id", code(200)), maybe("language", code(40)), needed("configured", sa.Boolean()),
        sa.PrimaryKeyConstraint("outlet_id"),
    )
    op.create_table(
        "urls",
        needed("outlet_id", code(200)), needed("url_key", code(2100)), needed("url", sa.Text()),
        needed("kind", code(10)), needed("state", code(12)), maybe("found_in", sa.Text()),
        maybe("headline", sa.Text()), maybe("byline", sa.Text()), maybe("published_at", TIME),
        maybe("modified_at", TIME), needed("discovered_at", TIME), maybe("fetched_at", TIME),
        maybe("changed_at", TIME), maybe("next_fetch_at", TIME), needed("attempts", sa.Integer()),
        maybe("status", sa.Integer()), maybe("reason", code(40)), maybe("etag", sa.Text()),
        maybe("last_modified", sa.Text()), maybe("payload_sha256", code(64)),
        sa.PrimaryKeyConstraint("outlet_id", "url_key"),
    )
    op.create_index("ix_urls_due", "urls", ["outlet_id", "state", "next_fetch_at"])
    op.create_table(
        "captures",
        needed("capture_id", code(200)), needed("outlet_id", code(200)), needed("kind", code(10)),
        needed("url", sa.Text()), needed("final_url", sa.Text()), needed("status", sa.Integer()),
        needed("content_type", sa.Text()), needed("fetched_at", TIME), needed("payload_sha256", code(64)),
        needed("warc_file", sa.Text()), needed("warc_offset", sa.BigInteger()), needed("warc_length", sa.BigInteger()),
        maybe("truncated", code(20)), maybe("etag", sa.Text()), maybe("last_modified", sa.Text()),
        maybe("run_id", code(200)), needed("extracted", code(12)), sa.PrimaryKeyConstraint("capture_id"),
    )
    op.create_index("ix_captures_outlet", "captures", ["outlet_id", "fetched_at"])
    op.create_index("ix_captures_pending", "captures", ["extracted", "fetched_at"])
    op.create_table(
        "rejections",
        needed("rejection_id", code(64)), needed("outlet_id", code(200)), needed("url", sa.Text()),
        needed("stage", code(12)), needed("reason", code(40)), needed("detail", sa.Text()),
        needed("rejected_at", TIME), maybe("capture_id", code(200)), needed("quarantined", sa.Boolean()),
        maybe("run_id", code(200)), sa.PrimaryKeyConstraint("rejection_id"),
    )
    op.create_index("ix_rejections_outlet_id", "rejections", ["outlet_id"])
    op.create_index("ix_rejections_reason", "rejections", ["reason"])
    op.create_index("ix_rejections_run_id", "rejections", ["run_id"])
    op.create_table(
        "boilerplate",
        needed("outlet_id", code(200)), needed("line_key", code(64)), needed("line", sa.Text()),
        needed("pages", sa.Integer()), needed("of_pages", sa.Integer()), needed("state", code(10)),
        needed("learned_at", TIME), sa.PrimaryKeyConstraint("outlet_id", "line_key"),
    )


def make_article_tables() -> None:
    """Articles, article versions."""
    op.create_table(
        "articles",
        needed("article_id", code(200)), needed("version", sa.Integer()), *article_columns(),
        needed("status", code(12)), maybe("folded_at", TIME), maybe("window_at", TIME), maybe("story_id", code(200)),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_index(
        "ix_articles_facts",
        "articles",
        [
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
        ],
    )
    op.create_index(
        "ix_articles_outlet",
        "articles",
        ["outlet_id", "window_at", "article_id", "story_id", "agency_id", "own_agency_id"],
    )
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.create_index("ix_articles_unfolded", "articles", ["folded_at"])
    op.create_index("ix_articles_window", "articles", ["window_at"])
    op.create_table(
        "article_versions",
        needed("article_id", code(200)), needed("version", sa.Integer()), *article_columns(),
        sa.PrimaryKeyConstraint("article_id", "version"),
    )


def make_fold_tables() -> None:
    """Signatures, pairs, stories, links, story changes."""
    op.create_table(
        "signatures",
        needed("article_id", code(200)), needed("scheme", code(60)), needed("permutations", sa.Integer()),
        needed("values", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "pairs",
        needed("left_id", code(200)), needed("right_id", code(200)), needed("evidence", sa.JSON()),
        sa.PrimaryKeyConstraint("left_id", "right_id"),
    )
    op.create_index("ix_pairs_right_id", "pairs", ["right_id"])
    op.create_table(
        "stories",
        needed("story_id", code(200)), needed("origin_article_id", code(200)), needed("origin_known", sa.Boolean()),
        needed("origin_reason", sa.Text()), maybe("agency_id", code(200)), maybe("headline", sa.Text()),
        maybe("language", code(40)), maybe("first_published_at", TIME), maybe("last_published_at", TIME),
        needed("article_count", sa.Integer()), needed("outlet_count", sa.Integer()), maybe("row_sha256", code(64)),
        sa.PrimaryKeyConstraint("story_id"),
    )
    op.create_index("ix_stories_agency_id", "stories", ["agency_id"])
    op.create_index("ix_stories_first_published_at", "stories", ["first_published_at"])
    op.create_table(
        "links",
        needed("article_id", code(200)), needed("origin_article_id", code(200)), needed("story_id", code(200)),
        needed("relation", code(20)), needed("jaccard", sa.Float()), needed("origin_coverage", sa.Float()),
        needed("copy_coverage", sa.Float()), maybe("latency_seconds", sa.BigInteger()),
        needed("credit_status", code(20)), needed("spans", sa.JSON()), needed("reason", sa.Text()),
        needed("method_version", code(60)), maybe("row_sha256", code(64)),
        sa.PrimaryKeyConstraint("article_id", "origin_article_id"),
    )
    op.create_index(
        "ix_links_facts",
        "links",
        ["article_id", "origin_article_id", "story_id", "relation", "credit_status", "latency_seconds"],
    )
    op.create_index("ix_links_origin_article_id", "links", ["origin_article_id"])
    op.create_index("ix_links_story_id", "links", ["story_id"])
    op.create_table(
        "story_changes",
        needed("story_id", code(200)), needed("into_story_id", code(200)), needed("kind", code(10)),
        needed("changed_at", TIME), sa.PrimaryKeyConstraint("story_id", "into_story_id"),
    )


def make_run_tables() -> None:
    """Runs, run stages, leases, releases."""
    op.create_table(
        "runs",
        needed("run_id", code(200)), needed("command", code(40)), needed("trigger", code(20)),
        needed("state", code(12)), needed("started_at", TIME), maybe("finished_at", TIME), needed("owner", sa.Text()),
        maybe("message", sa.Text()), sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_table(
        "run_stages",
        needed("run_id", code(200)), needed("stage", code(12)), needed("outlet_id", code(200)),
        needed("state", code(12)), needed("started_at", TIME), maybe("finished_at", TIME), needed("counts", sa.JSON()),
        maybe("message", sa.Text()), sa.PrimaryKeyConstraint("run_id", "stage", "outlet_id"),
    )
    op.create_table(
        "leases",
        needed("name", code(200)), needed("owner", sa.Text()), needed("expires_at", TIME),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "releases",
        needed("version", code(200)), needed("published_at", TIME), needed("counts", sa.JSON()),
        maybe("evaluation", sa.JSON()), maybe("run_id", code(200)), sa.PrimaryKeyConstraint("version"),
    )


def article_columns() -> list[sa.Column[Any]]:
    """What articles and their earlier versions share."""
    return [
        needed("outlet_id", code(200)), needed("url", sa.Text()), maybe("canonical_url", sa.Text()),
        maybe("capture_id", code(200)), maybe("headline", sa.Text()), maybe("byline", sa.Text()),
        maybe("dateline", sa.Text()), needed("authors", sa.JSON()), needed("captions", sa.JSON()),
        maybe("language", code(40)), maybe("published_at", TIME), maybe("published_source", code(40)),
        maybe("published_precision", code(10)), maybe("modified_at", TIME), maybe("modified_source", code(40)),
        maybe("fetched_at", TIME), needed("body", sa.Text()), needed("word_count", sa.Integer()),
        needed("body_sha256", code(64)), needed("credits", sa.JSON()), maybe("agency_id", code(200)),
        maybe("own_agency_id", code(200)), needed("flags", sa.JSON()), needed("extractor_version", code(60)),
        maybe("row_sha256", code(64)),
    ]
