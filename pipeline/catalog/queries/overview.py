"""Outlets and agencies: how much they publish, how much of it is theirs, who runs their reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.relations import is_copy
from pipeline.catalog.queries.reuse import (
    between_outlets,
    copy_article,
    credits_an_agency,
    linked_articles,
    origin_article,
    reusing_articles,
)
from pipeline.catalog.queries.tally import tally
from pipeline.catalog.tables import articles, links, rejections, stories


@dataclass(frozen=True, slots=True)
class OutletRow:
    """One outlet. original + copies + credit_only = articles."""

    outlet: OutletName
    articles: int
    copies: int  # found by text to be a copy of another outlet's or agency's article
    uncredited: int  # of these, those that credit nobody
    unjudged: int  # of these, those whose credit cannot be judged
    credit_only: int  # no copy by text, but they credit an agency
    original: int  # neither
    partial: int  # original or credit_only articles that reuse a part of another story
    copied_by_others: int  # its articles that others have copied
    rejected: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def originality(self) -> float | None:
        """Share of articles that are neither a copy nor credited to an agency."""
        return self.original / self.articles if self.articles else None

    @property
    def uncredited_share(self) -> float | None:
        """Share of the copies whose credit can be judged that credit nobody."""
        judged = self.copies - self.unjudged
        return self.uncredited / judged if judged else None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency. What others ran of its reports."""

    agency_id: str
    stories: int  # reports known to be the agency's
    origin_known: int  # of these, with the agency's own page
    picked_up: int  # of these, run by another outlet
    copies: int
    credited: int
    uncredited: int
    outlets: int  # that ran a copy
    own_outlets: tuple[OutletName, ...]  # its own sites
    crediting_articles: int  # articles that credit it, copies found by text or not


@dataclass(frozen=True, slots=True)
class OutletsView:
    """Every outlet, those with most articles first."""

    outlets: tuple[OutletRow, ...]


@dataclass(frozen=True, slots=True)
class AgenciesView:
    """Every agency that is credited or has reports, the most copied first."""

    agencies: tuple[AgencyRow, ...]


def outlets_overview(connection: Connection, outlet: str | None = None) -> OutletsView:
    """The outlets that are configured or have articles, or one of them."""
    names = outlet_names(connection)
    totals = _totals(connection, outlet)
    sources = _copied_by_others(connection, outlet)
    rejected = tally(connection, select(rejections.c.outlet_id, func.count()).group_by(rejections.c.outlet_id))
    rows = []
    for outlet_id in sorted({one for one in (*names, *totals) if outlet in (None, one)}):
        total = totals.get(outlet_id)
        count, copies, credited, partial, uncredited, unjudged = total[:6] if total else (0,) * 6
        rows.append(
            OutletRow(
                outlet=names[outlet_id],
                articles=count,
                copies=copies,
                uncredited=uncredited,
                unjudged=unjudged,
                credit_only=credited,
                original=count - copies - credited,
                partial=partial,
                copied_by_others=sources.get(outlet_id, 0),
                rejected=rejected.get(outlet_id, 0),
                first_at=total[6] if total else None,
                last_at=total[7] if total else None,
            )
        )
    rows.sort(key=lambda row: (-row.articles, row.outlet.outlet_id))
    return OutletsView(tuple(rows))


def _totals(connection: Connection, outlet: str | None) -> dict[str, Any]:
    """outlet -> (articles, copies, credit only, partial, uncredited, unjudged, first, last)."""
    columns, reusing = articles.c, reusing_articles(outlet)
    copied = func.coalesce(reusing.c.copied, 0)
    counted = [
        func.count(),
        func.sum(copied),
        func.sum(case((credits_an_agency() & (copied == 0), 1), else_=0)),
        func.sum(case((copied == 0, func.coalesce(reusing.c.crossed, 0)), else_=0)),
        func.sum(func.coalesce(reusing.c.uncredited, 0)),
        func.sum(func.coalesce(reusing.c.unjudged, 0)),
        func.min(columns.window_at),
        func.max(columns.window_at),
    ]
    query = (
        select(columns.outlet_id, *counted)
        .select_from(articles.outerjoin(reusing, reusing.c.article_id == columns.article_id))
        .group_by(columns.outlet_id)
    )
    if outlet:
        query = query.where(columns.outlet_id == outlet)
    return {outlet_id: tuple(figures) for outlet_id, *figures in connection.execute(query)}


def _copied_by_others(connection: Connection, outlet: str | None) -> dict[str, int]:
    """outlet -> its articles that another outlet has copied."""
    query = (
        select(origin_article.c.outlet_id, func.count(links.c.origin_article_id.distinct()))
        .select_from(linked_articles())
        .where(is_copy(), between_outlets())
        .group_by(origin_article.c.outlet_id)
    )
    if outlet:
        query = query.where(origin_article.c.outlet_id == outlet)
    return tally(connection, query)


def agencies_overview(connection: Connection, agency: str | None = None) -> AgenciesView:
    """The agencies with what others ran of their reports, or one of them."""
    reports = _reports(connection)
    copies = _agency_copies(connection, agency)
    crediting = _crediting(connection)
    sites: dict[str, list[OutletName]] = defaultdict(list)
    for one in outlet_names(connection).values():
        if one.agency_id:
            sites[one.agency_id].append(one)
    rows = []
    for agency_id in sorted(one for one in {*reports, *crediting, *sites} if agency in (None, one)):
        report, made = reports.get(agency_id), copies.get(agency_id, (0, 0, 0, 0))
        rows.append(
            AgencyRow(
                agency_id,
                report.stories if report else 0,
                report.origin_known if report else 0,
                report.picked_up if report else 0,
                *made,
                tuple(sites.get(agency_id, ())),
                crediting.get(agency_id, 0),
            )
        )
    rows.sort(key=lambda row: (-row.copies, -row.crediting_articles, row.agency_id))
    return AgenciesView(tuple(rows))


def _reports(connection: Connection) -> dict[str, Any]:
    """agency -> its stories, those with its own page, those that others ran."""
    of_story = stories.c
    query = (
        select(
            of_story.agency_id,
            func.count().label("stories"),
            func.count().filter(of_story.origin_known.is_(True)).label("origin_known"),
            func.count().filter(of_story.outlet_count > 1).label("picked_up"),
        )
        .where(of_story.agency_id.is_not(None))
        .group_by(of_story.agency_id)
    )
    return {row.agency_id: row for row in connection.execute(query)}


def _crediting(connection: Connection) -> dict[str, int]:
    """agency -> articles of others that credit it."""
    query = select(articles.c.agency_id, func.count()).where(
        articles.c.agency_id.is_not(None), articles.c.own_agency_id.is_(None)
    )
    return tally(connection, query.group_by(articles.c.agency_id))


def _agency_copies(connection: Connection, agency: str | None) -> dict[str, tuple[int, int, int, int]]:
    """agency -> (copies, credited, uncredited, outlets)."""
    copies = func.count()
    query = (
        select(
            stories.c.agency_id,
            copies,
            copies.filter(links.c.credit_status == "credited"),
            copies.filter(links.c.credit_status == "uncredited"),
            func.count(copy_article.c.outlet_id.distinct()),
        )
        .select_from(linked_articles().join(stories, stories.c.story_id == links.c.story_id))
        .where(is_copy(), between_outlets(), stories.c.agency_id.is_not(None))
        .group_by(stories.c.agency_id)
    )
    if agency:
        query = query.where(stories.c.agency_id == agency)
    return {one: (total, yes, no, places) for one, total, yes, no, places in connection.execute(query)}
