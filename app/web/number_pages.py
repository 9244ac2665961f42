"""Who lives on whom: outlets, agencies, the reuse matrix, latencies, volumes."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter

from app.web.params import Id, Since, Text, Until
from app.web.twins import add_twins, offered_choices
from pipeline.catalog.queries.latency import LatencyView, latencies
from pipeline.catalog.queries.matrix import ReuseMatrix, reuse_matrix
from pipeline.catalog.queries.overview import AgenciesView, OutletsView, agencies_overview, outlets_overview
from pipeline.catalog.queries.profiles import AgencyProfile, OutletProfile, agency_profile, outlet_profile
from pipeline.catalog.queries.volumes import Volumes, volumes

router = APIRouter()
Found = partial[Any]


def outlets() -> Found:
    """Every outlet."""
    return partial(outlets_overview)


def outlet(id: Id) -> Found:  # noqa: A002 - the parameter's name in the address
    """One outlet."""
    return partial(outlet_profile, outlet_id=id)


def agencies() -> Found:
    """Every agency."""
    return partial(agencies_overview)


def agency(id: Id) -> Found:  # noqa: A002
    """One agency."""
    return partial(agency_profile, agency_id=id)


def matrix(since: Since = None, until: Until = None) -> Found:
    """Outlet x agency."""
    return partial(reuse_matrix, since=since, until=until)


def latency(outlet: Text = None, agency: Text = None) -> Found:
    """How long after the origin."""
    return partial(latencies, outlet=outlet, agency=agency)


def volume(outlet: Text = None, since: Since = None, until: Until = None) -> Found:
    """Articles per day."""
    return partial(volumes, outlet=outlet, since=since, until=until)


add_twins(
    router,
    "/outlets",
    "outlets.html",
    outlets,
    OutletsView,
    "Outlets: how much of what they publish is theirs",
    keep=True,
)
add_twins(
    router, "/outlet", "outlet.html", outlet, OutletProfile, "One outlet: whom it runs, how fast, per day", keep=True
)
add_twins(
    router,
    "/agencies",
    "agencies.html",
    agencies,
    AgenciesView,
    "Agencies: what others ran of their reports",
    keep=True,
)
add_twins(
    router,
    "/agency",
    "agency.html",
    agency,
    AgencyProfile,
    "One agency: who runs it, how fast, with what credit",
    keep=True,
)
add_twins(router, "/matrix", "matrix.html", matrix, ReuseMatrix, "The reuse matrix: outlet by agency", keep=True)
add_twins(
    router,
    "/latency",
    "latency.html",
    latency,
    LatencyView,
    "How long after the origin copies appear",
    extra=offered_choices,
    keep=True,
)
add_twins(
    router, "/volumes", "volumes.html", volume, Volumes, "Articles and copies per day", extra=offered_choices, keep=True
)
