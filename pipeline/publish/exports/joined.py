"""Articles of a release, each with its links, in one pass: both tables are ordered by article_id."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.publish.reading import Release
from pipeline.publish.rows import Row
from pipeline.publish.schema import ARTICLES
from pipeline.records import Relation

WITHIN = {str(relation) for relation in Relation if relation.within_story}


def article_rows(release: Release, with_text: bool) -> Iterator[Row]:
    """Every article; without text its body is null, and not even read."""
    if with_text:
        return release.rows(ARTICLES.name)
    names = [one.name for one in ARTICLES.columns]
    rows = release.rows(ARTICLES.name, [name for name in names if name != "body"])
    return ({**dict.fromkeys(names), **row} for row in rows)


def articles_with_links(release: Release, with_text: bool) -> Iterator[tuple[Row, list[Row]]]:
    """Every article with the links in which it is the copy, those inside its story first."""
    grouped = groupby(release.rows("copies"), key=lambda row: str(row["article_id"]))
    pending = next(grouped, None)
    for article in article_rows(release, with_text):
        links: list[Row] = []
        if pending is not None and pending[0] == article["article_id"]:
            links = sorted(pending[1], key=lambda row: row["relation"] not in WITHIN)
            pending = next(grouped, None)
        yield article, links
