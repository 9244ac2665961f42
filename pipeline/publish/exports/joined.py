"""Articles of a release, each with its links, in one pass: both tables are ordered by article_id."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.publish.reading import Release
from pipeline.publish.rows import Row
from pipeline.records import Relation

WITHIN = {str(relation) for relation in Relation if relation.within_story}


def articles_with_links(release: Release) -> Iterator[tuple[Row, list[Row]]]:
    """Every article with the links in which it is the copy, those inside its story first."""
    grouped = groupby(release.rows("copies"), key=lambda row: str(row["article_id"]))
    pending = next(grouped, None)
    for article in release.rows("articles"):
        links: list[Row] = []
        if pending is not None and pending[0] == article["article_id"]:
            links = sorted(pending[1], key=lambda row: row["relation"] not in WITHIN)
            pending = next(grouped, None)
        yield article, links
