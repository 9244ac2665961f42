"""What must hold in a release before anybody may see it, checked on the written files, column by column.

Only ids and figures are read, so that millions of rows are checked in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.publish.schema import ARTICLES, COPIES, STORIES, TableShape
from pipeline.records import CreditStatus, Relation

SHOWN = 3  # ids named in a problem
NEEDED = {
    "articles": ["article_id", "story_id", "outlet_id", "body_sha256"],
    "stories": ["story_id", "origin_article_id", "article_count", "outlet_count"],
    "copies": [
        "story_id",
        "article_id",
        "origin_article_id",
        "relation",
        "jaccard",
        "origin_coverage",
        "copy_coverage",
        "credit_status",
    ],
}
WITHIN = [str(relation) for relation in Relation if relation.within_story]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the three tables that the checks read."""

    articles: pa.Table
    stories: pa.Table
    copies: pa.Table


def find_problems(open_table: Callable[[TableShape], IO[bytes]]) -> list[str]:
    """Everything wrong with the three tables, one line each; empty when all is well."""
    loaded: dict[str, pa.Table] = {}
    problems: list[str] = []
    for table in (ARTICLES, STORIES, COPIES):
        with open_table(table) as source, pq.ParquetFile(source) as parquet:
            if not parquet.schema_arrow.equals(table.schema):
                problems.append(f"{table.file_name}: columns or types differ from the contract")
                continue
            loaded[table.name] = parquet.read(columns=NEEDED[table.name]).combine_chunks()
    if problems:
        return problems
    columns = Columns(loaded["articles"], loaded["stories"], loaded["copies"])
    return [*_key_problems(columns), *_story_problems(columns), *_link_problems(columns), *_figure_problems(columns)]


def _key_problems(columns: Columns) -> list[str]:
    problems = []
    for table, shape in ((columns.articles, ARTICLES), (columns.stories, STORIES), (columns.copies, COPIES)):
        if table.num_rows < 2:
            continue
        keys = [table.column(name).combine_chunks() for name in shape.order]
        same = _all(pc.equal(key.slice(1), key.slice(0, len(key) - 1)) for key in keys)
        problems += _problem(f"{shape.name}: the same {' and '.join(shape.order)} twice", keys[0].slice(1), same)
        if len(keys) == 1 and pc.any(pc.less(keys[0].slice(1), keys[0].slice(0, len(keys[0]) - 1))).as_py():
            problems.append(f"{shape.name}: rows are not in the order of {shape.order[0]}")
    return problems


def _story_problems(columns: Columns) -> list[str]:
    articles, stories = columns.articles, columns.stories
    article_id, story_of = articles.column("article_id"), articles.column("story_id")
    story_id, origin = stories.column("story_id"), stories.column("origin_article_id")
    problems = _problem("articles without their story", article_id, _absent(story_of, story_id))
    origin_at = pc.index_in(origin, value_set=_flat(article_id))
    problems += _problem("stories whose origin is not among the articles", story_id, pc.is_null(origin_at))
    strayed = pc.fill_null(pc.not_equal(_take(story_of, origin_at), _flat(story_id)), False)
    problems += _problem("stories whose origin belongs to another story", story_id, strayed)
    counted = articles.group_by("story_id").aggregate([("article_id", "count"), ("outlet_id", "count_distinct")])
    at = pc.index_in(story_id, value_set=_flat(counted.column("story_id")))
    for name, column in (("article_count", "article_id_count"), ("outlet_count", "outlet_id_count_distinct")):
        real = pc.fill_null(_take(counted.column(column), at), 0)
        wrong = pc.not_equal(pc.cast(_flat(stories.column(name)), pa.int64()), pc.cast(real, pa.int64()))
        problems += _problem(f"stories with a wrong {name}", story_id, wrong)
    return problems


def _link_problems(columns: Columns) -> list[str]:
    copies, article_ids = columns.copies, _flat(columns.articles.column("article_id"))
    story_of = columns.articles.column("story_id")
    copy, origin = copies.column("article_id"), copies.column("origin_article_id")
    copy_at, origin_at = pc.index_in(copy, value_set=article_ids), pc.index_in(origin, value_set=article_ids)
    problems = _problem("links from an unknown article", copy, pc.is_null(copy_at))
    problems += _problem("links to an unknown article", origin, pc.is_null(origin_at))
    problems += _problem("links from an article to itself", copy, pc.equal(copy, origin))
    origin_story, copy_story = _take(story_of, origin_at), _take(story_of, copy_at)
    wrong = pc.fill_null(pc.not_equal(origin_story, _flat(copies.column("story_id"))), False)
    problems += _problem("links whose story_id is not their origin's", copy, wrong)
    inside = pc.is_in(_flat(copies.column("relation")), value_set=pa.array(WITHIN))
    apart = pc.and_(inside, pc.fill_null(pc.not_equal(origin_story, copy_story), False))
    return problems + _problem("links inside a story whose articles are in two stories", copy, apart)


def _figure_problems(columns: Columns) -> list[str]:
    copies, copy = columns.copies, columns.copies.column("article_id")
    problems = []
    for name in ("jaccard", "origin_coverage", "copy_coverage"):
        share = _flat(copies.column(name))
        inside = pc.and_(pc.greater_equal(share, 0.0), pc.less_equal(share, 1.0))  # false for NaN too
        problems += _problem(f"links with {name} outside 0 to 1", copy, pc.invert(inside))
    for name, allowed in (("relation", Relation), ("credit_status", CreditStatus)):
        known = pc.is_in(_flat(copies.column(name)), value_set=pa.array([str(one) for one in allowed]))
        problems += _problem(f"links with an unknown {name}", copy, pc.invert(known))
    return problems


def _problem(what: str, ids: pa.ChunkedArray, wrong: pa.Array) -> list[str]:
    found = _flat(ids).filter(_flat(wrong))
    if not len(found):
        return []
    named = ", ".join(str(one) for one in found.slice(0, SHOWN).to_pylist())
    return [f"{what}: {len(found)} ({named}{', ...' if len(found) > SHOWN else ''})"]


def _absent(values: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.Array:
    return pc.invert(pc.is_in(_flat(values), value_set=_flat(among)))


def _take(values: pa.ChunkedArray, at: pa.Array) -> pa.Array:
    return pc.take(_flat(values), _flat(at))


def _flat(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _all(masks: object) -> pa.Array:
    result = None
    for mask in masks:  # type: ignore[attr-defined]
        result = mask if result is None else pc.and_(result, mask)
    return result
