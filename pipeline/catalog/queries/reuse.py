"""Links between two outlets: what counts as reuse. An outlet that runs its own text again copies nobody."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Subquery, case, exists, func, or_, select

from pipeline.catalog.queries.relations import is_across, is_copy
from pipeline.catalog.tables import articles, links
from pipeline.records import CreditStatus, DatePrecision

copy_article = articles.alias("copy_article")
origin_article = articles.alias("origin_article")


def linked_articles() -> FromClause:
    """links with the article at either end, as copy_article and origin_article."""
    return links.join(copy_article, copy_article.c.article_id == links.c.article_id).join(
        origin_article, origin_article.c.article_id == links.c.origin_article_id
    )


def known_latency() -> ColumnElement[int | None]:
    """Of linked_articles(): null also where either time is known to the day only, as that says no hours.

    Its first moment stands for such a day, so that a copy often seems hours before the report. A release keeps it.
    """
    day = DatePrecision.DAY.value
    precisions = (copy_article.c.published_precision, origin_article.c.published_precision)
    return case((or_(*(one == day for one in precisions)), None), else_=links.c.latency_seconds)


def between_outlets() -> ColumnElement[bool]:
    """The two ends are of different outlets."""
    return copy_article.c.outlet_id != origin_article.c.outlet_id


def reusing_articles(outlet: str | None = None) -> Subquery:
    """Articles that reuse another outlet's, with copied (1: a copy) and crossed (1: reuses a part, across stories).

    Of copies also uncredited (1: credits nobody) and unjudged (1: its credit cannot be judged).
    """
    of_outlet = [copy_article.c.outlet_id == outlet] if outlet else []
    return (
        select(
            links.c.article_id,
            func.max(case((is_copy(), 1), else_=0)).label("copied"),
            func.max(case((is_across(), 1), else_=0)).label("crossed"),
            _copies_with(CreditStatus.UNCREDITED).label("uncredited"),
            _copies_with(CreditStatus.UNKNOWN).label("unjudged"),
        )
        .select_from(linked_articles())
        .where(between_outlets(), *of_outlet)
        .group_by(links.c.article_id)
        .subquery("reusing")
    )


def _copies_with(status: CreditStatus) -> ColumnElement[int]:
    return func.max(case((is_copy() & (links.c.credit_status == status.value), 1), else_=0))


def is_a_copy() -> ColumnElement[bool]:
    """The article in the table articles copies another outlet's. For few articles; reusing_articles is for all."""
    return exists().where(
        links.c.article_id == articles.c.article_id,
        is_copy(),
        origin_article.c.article_id == links.c.origin_article_id,
        origin_article.c.outlet_id != articles.c.outlet_id,
    )


def credits_an_agency() -> ColumnElement[bool]:
    """The article credits an agency that is not its own outlet's."""
    own = articles.c.own_agency_id
    return articles.c.agency_id.is_not(None) & (own.is_(None) | (own != articles.c.agency_id))
