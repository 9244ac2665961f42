"""One outlet and one agency with everything their pages show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline.catalog.queries.latency import LatencyView, latencies
from pipeline.catalog.queries.matrix import MatrixCell, reuse_matrix
from pipeline.catalog.queries.names import OutletName
from pipeline.catalog.queries.overview import AgencyRow, OutletRow, agencies_overview, outlets_overview
from pipeline.catalog.queries.paging import Paging
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryList, StoryOrder, list_stories
from pipeline.catalog.queries.volumes import Volumes, volumes

SHOWN_STORIES = 12


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """What an outlet publishes, whom it runs, how fast, and its stories of late."""

    row: OutletRow
    agencies: tuple[MatrixCell, ...]  # those it ran, the most run first
    latency: LatencyView
    volumes: Volumes
    stories: StoryList


@dataclass(frozen=True, slots=True)
class AgencyOutlet:
    """An outlet with what it ran of the agency."""

    outlet: OutletName
    articles: int
    cell: MatrixCell


@dataclass(frozen=True, slots=True)
class AgencyProfile:
    """Who runs an agency's reports, how fast, with whose name on them, and the most widely run."""

    row: AgencyRow
    outlets: tuple[AgencyOutlet, ...]  # those that ran most first
    latency: LatencyView
    stories: StoryList


def outlet_profile(connection: Connection, outlet_id: str) -> OutletProfile | None:
    """The outlet of that id, or None."""
    rows = outlets_overview(connection, outlet_id).outlets
    if not rows:
        return None
    matrix = reuse_matrix(connection, outlet=outlet_id)
    cells = [cell for row in matrix.rows for cell in row.cells if cell.copies or cell.credit_only]
    cells.sort(key=lambda cell: (-cell.share, cell.agency_id or ""))
    wanted = StoryFilter(outlet=outlet_id, min_articles=2)
    return OutletProfile(
        rows[0],
        tuple(cells),
        latencies(connection, outlet=outlet_id),
        volumes(connection, outlet=outlet_id),
        list_stories(connection, wanted, StoryOrder.NEWEST, Paging(1, SHOWN_STORIES)),
    )


def agency_profile(connection: Connection, agency_id: str) -> AgencyProfile | None:
    """The agency of that id, or None."""
    rows = agencies_overview(connection, agency_id).agencies
    if not rows:
        return None
    matrix = reuse_matrix(connection, agency=agency_id)
    ran = [
        AgencyOutlet(row.outlet, row.articles, cell)
        for row in matrix.rows
        for cell in row.cells
        if cell.agency_id == agency_id and (cell.copies or cell.credit_only)
    ]
    ran.sort(key=lambda one: (-(one.cell.copies + one.cell.credit_only), one.outlet.outlet_id))
    wanted = StoryFilter(agency=agency_id, min_articles=2)
    return AgencyProfile(
        rows[0],
        tuple(ran),
        latencies(connection, agency=agency_id),
        list_stories(connection, wanted, StoryOrder.WIDEST, Paging(1, SHOWN_STORIES)),
    )
