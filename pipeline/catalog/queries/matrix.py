"""The reuse matrix: outlet x agency, how many of an outlet's articles are copies of an agency's reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.relations import is_copy
from pipeline.catalog.queries.reuse import (
    between_outlets,
    copy_article,
    credits_an_agency,
    is_a_copy,
    linked_articles,
)
from pipeline.catalog.queries.tally import tally
from pipeline.catalog.tables import articles, links, stories
from pipeline.records import CreditStatus

MAX_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What an outlet ran of an agency. agency_id None: copies of reports whose agency is not known."""

    agency_id: str | None
    copies: int  # articles that are a copy of a report of the agency, found by their text
    credited: int
    uncredited: int
    other_credit: int  # "agencies", another agency, unknown
    credit_only: int  # articles that credit the agency although no copy of the report was found by text
    share: float  # copies and credit_only of the outlet's articles, 0 to 1


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One outlet with its articles and a cell per agency in the order of ReuseMatrix.agencies."""

    outlet: OutletName
    articles: int
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class ReuseMatrix:
    """Outlets by how much they ran of agencies, agencies by how much was run of them."""

    agencies: tuple[str | None, ...]
    rows: tuple[MatrixRow, ...]


def in_window(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Articles of that time: since <= time < until."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(articles.c.window_at >= since)
    if until is not None:
        conditions.append(articles.c.window_at < until)
    return conditions


def reuse_matrix(
    connection: Connection,
    *,
    outlet: str | None = None,
    agency: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ReuseMatrix:
    """Every outlet that has articles in the window, or one, with what it ran of each agency, or of one.

    An agency's own site is no copier of its own reports.
    """
    window = in_window(since, until)
    if outlet:
        window.append(articles.c.outlet_id == outlet)
    per_outlet = select(articles.c.outlet_id, func.count()).where(*window).group_by(articles.c.outlet_id)
    totals = tally(connection, per_outlet)
    copies = _copies(connection, window, outlet, agency)
    alone = _credit_only(connection, window, agency)
    sums: dict[str | None, int] = defaultdict(int)
    for (_, agency_id), by_credit in copies.items():
        sums[agency_id] += sum(by_credit.values())
    for (_, agency_id), count in alone.items():
        sums[agency_id] += count
    agencies = tuple(sorted(sums, key=lambda one: (one is None, -sums[one], one or "")))
    names = outlet_names(connection)
    rows = [
        MatrixRow(
            names[outlet_id],
            total,
            tuple(
                _cell(agency, copies.get((outlet_id, agency), {}), alone.get((outlet_id, agency), 0), total)
                for agency in agencies
            ),
        )
        for outlet_id, total in totals.items()
    ]
    rows.sort(key=lambda row: (-sum(cell.share for cell in row.cells), row.outlet.outlet_id))
    return ReuseMatrix(agencies, tuple(rows))


def _cell(agency_id: str | None, by_credit: dict[str, int], alone: int, total: int) -> MatrixCell:
    copies = sum(by_credit.values())
    credited = by_credit.get(CreditStatus.CREDITED.value, 0)
    uncredited = by_credit.get(CreditStatus.UNCREDITED.value, 0)
    return MatrixCell(
        agency_id, copies, credited, uncredited, copies - credited - uncredited, alone, (copies + alone) / total
    )


def _copies(
    connection: Connection, window: list[ColumnElement[bool]], outlet: str | None, agency: str | None
) -> dict[tuple[str, str | None], dict[str, int]]:
    """(outlet, agency) -> credit_status -> copies. An outlet's later versions of its own text are no copies."""
    wanted = [is_copy(), between_outlets(), *window]
    if outlet:
        wanted.append(copy_article.c.outlet_id == outlet)
    if agency:
        wanted.append(stories.c.agency_id == agency)
    query = (
        select(
            articles.c.outlet_id,
            stories.c.agency_id,
            links.c.credit_status,
            func.count(links.c.article_id.distinct()),
        )
        .select_from(
            linked_articles()
            .join(articles, articles.c.article_id == links.c.article_id)
            .join(stories, stories.c.story_id == links.c.story_id)
        )
        .where(*wanted)
        .group_by(articles.c.outlet_id, stories.c.agency_id, links.c.credit_status)
        .limit(MAX_CELLS)
    )
    found: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    for outlet_id, agency_id, credit, count in connection.execute(query):
        found[outlet_id, agency_id][credit] = count
    return found


def _credit_only(
    connection: Connection, window: list[ColumnElement[bool]], agency: str | None
) -> dict[tuple[str, str | None], int]:
    """(outlet, agency) -> articles that credit the agency and are no copy by text."""
    query = (
        select(articles.c.outlet_id, articles.c.agency_id, func.count())
        .where(credits_an_agency(), ~is_a_copy(), *window)
        .group_by(articles.c.outlet_id, articles.c.agency_id)
        .limit(MAX_CELLS)
    )
    if agency:
        query = query.where(articles.c.agency_id == agency)
    return {(outlet_id, agency_id): count for outlet_id, agency_id, count in connection.execute(query)}
