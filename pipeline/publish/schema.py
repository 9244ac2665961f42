"""The three tables of a release: exact columns, types and what each one means. Cards, docs and exports read it here."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

FORMAT = "wirecopy-release/1"
TIME = pa.timestamp("us", tz="UTC")
CREDIT = pa.struct(
    [("agency_id", pa.string()), ("kind", pa.string()), ("position", pa.string()), ("text", pa.string())]
)
SPAN = pa.struct([(name, pa.int32()) for name in ("copy_start", "copy_end", "origin_start", "origin_end")])
CREDITS = pa.list_(pa.field("element", CREDIT))
SPANS = pa.list_(pa.field("element", SPAN))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, Arrow type, what it means, and whether null is allowed."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table: its columns, the columns that order its rows, and what a row is."""

    name: str
    row: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The explicit Arrow schema."""
        return pa.schema([pa.field(one.name, one.type, nullable=one.nullable) for one in self.columns])

    @property
    def file_name(self) -> str:
        """The table's file in a release."""
        return f"{self.name}.parquet"


def _id(name: str, meaning: str, nullable: bool = False) -> Column:
    return Column(name, pa.string(), meaning, nullable)


def _text(name: str, meaning: str) -> Column:
    return Column(name, pa.string(), meaning)


ARTICLES = TableShape(
    "articles",
    "the current version of one page",
    ("article_id",),
    (
        _id("article_id", "stable id of the article, as given in an articles file or made from outlet and URL"),
        _text("url", "the address it was fetched from; null where an articles file gave none"),
        _text("canonical_url", "the address the page itself declares"),
        _id("outlet_id", "the outlet: its configured id, else the registrable domain of the URL, else `unknown`"),
        _text("headline", "the headline as published"),
        _text("byline", "the byline as printed; most credits stand here"),
        _text("dateline", "place and source before the first sentence, as printed"),
        _text("language", "BCP 47 tag"),
        Column("published_at", TIME, "when it was published; null where nobody stated a credible date"),
        Column("modified_at", TIME, "when the outlet says it was last changed"),
        Column("fetched_at", TIME, "when the bytes were fetched"),
        _text(
            "body",
            "the plain text, one paragraph per line, without the outlet's boilerplate; null in a release without text",
        ),
        Column("word_count", pa.int32(), "words of the body, split at white space", False),
        Column("body_sha256", pa.string(), "SHA-256 of the body in UTF-8, hexadecimal", False),
        _text("agency_id", "the credited agency; on an agency's own site that agency; null without a credit"),
        Column("credits", CREDITS, "every place that names an agency, with kind, position and the text as printed"),
        _id("story_id", "the one story the article belongs to"),
        Column("version", pa.int32(), "1 for the first text of the page, one more for each later text", False),
    ),
)

STORIES = TableShape(
    "stories",
    "one report with all its copies",
    ("story_id",),
    (
        _id("story_id", "stable id of the story"),
        _id("origin_article_id", "the article the others derive from"),
        Column("origin_known", pa.bool_(), "false where the agency's own page was not crawled", False),
        _text("agency_id", "the agency whose report it is; null where none is named"),
        _text("headline", "the origin's headline"),
        _text("language", "BCP 47 tag of the origin"),
        Column("first_published_at", TIME, "the earliest publication time among its articles"),
        Column("last_published_at", TIME, "the latest publication time among its articles"),
        Column("article_count", pa.int32(), "articles in the story, the origin included", False),
        Column("outlet_count", pa.int32(), "different outlets that ran it", False),
    ),
)

COPIES = TableShape(
    "copies",
    "one link from an article to the one it derives from",
    ("article_id", "origin_article_id"),
    (
        _id("story_id", "the origin's story"),
        _id("article_id", "the article that copies"),
        _id("origin_article_id", "the article it derives from"),
        _id(
            "relation",
            "`exact_copy`, `near_copy`, `abridged_copy`, `extended_copy`, `update_of` inside a story; "
            "`partial_reuse`, `digest_member`, `follow_up` across stories",
        ),
        Column("jaccard", pa.float64(), "shared shingles over all shingles of both, 0 to 1", False),
        Column("origin_coverage", pa.float64(), "share of the origin's words found in the copy, 0 to 1", False),
        Column("copy_coverage", pa.float64(), "share of the copy's words found in the origin, 0 to 1", False),
        Column("latency_seconds", pa.int64(), "copy's time minus origin's; negative where the copy is dated earlier"),
        _id(
            "credit_status",
            '`credited`, `credited_generic` ("agencies"), `credited_other` (another agency), `uncredited` or `unknown`',
        ),
        Column("matched_spans", SPANS, "passages both share: half-open ranges of characters in both bodies"),
        _text("reason", "the rule that decided, with its figures"),
        _text("method_version", "version of the method that made the link"),
    ),
)

TABLES = (ARTICLES, STORIES, COPIES)
BY_NAME = {table.name: table for table in TABLES}
