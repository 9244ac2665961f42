"""Links between two outlets: what counts as reuse. An outlet that runs its own text again copies nobody."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from pipeline.catalog.queries.relations import is_copy
from pipeline.catalog.tables import articles, links

copy_article = articles.alias("copy_article")
origin_article = articles.alias("origin_article")


def linked_articles() -> FromClause:
    """links with the article at either end, as copy_article and origin_article."""
    return links.join(copy_article, copy_article.c.article_id == links.c.article_id).join(
        origin_article, origin_article.c.article_id == links.c.origin_article_id
    )


def between_outlets() -> ColumnElement[bool]:
    """The two ends are of different outlets."""
    return copy_article.c.outlet_id != origin_article.c.outlet_id


def copying_ids(relation: ColumnElement[bool] | None = None) -> Select[Any]:
    """Ids of the articles that copy another outlet's, or stand in another relation to it."""
    wanted = is_copy() if relation is None else relation
    return select(links.c.article_id).select_from(linked_articles()).where(wanted, between_outlets())


def copied_ids() -> Select[Any]:
    """Ids of the articles that another outlet has copied."""
    return select(links.c.origin_article_id).select_from(linked_articles()).where(is_copy(), between_outlets())


def credits_an_agency() -> ColumnElement[bool]:
    """The article credits an agency that is not its own outlet's."""
    own = articles.c.own_agency_id
    return articles.c.agency_id.is_not(None) & (own.is_(None) | (own != articles.c.agency_id))
