"""Who lives on whom, in the terminal: the reuse matrix, outlets, agencies, latencies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from app.cli.show.frame import (
    NOTHING,
    Screen,
    counted,
    duration,
    moment,
    new_table,
    print_json,
    share,
)
from app.cli.show.rows import Column, print_rows
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.latency import LatencyView, latencies
from pipeline.catalog.queries.matrix import MatrixCell, ReuseMatrix, reuse_matrix
from pipeline.catalog.queries.overview import AgenciesView, OutletsView, agencies_overview, outlets_overview

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine

BAR_CELLS = 40
OUTLET_COLUMNS = (
    Column("outlet"),
    Column("articles", right=True),
    Column("copies", right=True),
    Column("uncredited", right=True),
    Column("of judged", right=True),
    Column("credit only", right=True, spare=4),
    Column("original", right=True, spare=5),
    Column("originality", right=True),
    Column("copied by others", right=True, spare=3),
    Column("rejected", right=True, spare=2),
    Column("last article", spare=1),
    Column("name", spare=6),
)
AGENCY_COLUMNS = (
    Column("agency"),
    Column("reports", right=True),
    Column("own page", right=True, spare=2),
    Column("picked up", right=True, spare=1),
    Column("copies", right=True),
    Column("credited", right=True),
    Column("uncredited", right=True),
    Column("outlets", right=True),
    Column("crediting articles", right=True, spare=3),
)


def show_matrix(
    engine: Engine,
    console: Console,
    *,
    as_json: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ReuseMatrix:
    """Print outlet x agency: the share of an outlet's articles that are the agency's, and how many credit it."""
    with reading(engine) as connection:
        found = reuse_matrix(connection, since=since, until=until)
    if as_json:
        print_json(console, found)
    else:
        _print_matrix(Screen.of(console), found)
    return found


def show_outlets(engine: Engine, console: Console, *, as_json: bool = False) -> OutletsView:
    """Print every outlet with how much of what it publishes is its own."""
    with reading(engine) as connection:
        found = outlets_overview(connection)
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    told = [one for one in found.outlets if one.articles]
    rows = [
        [
            screen.cell(one.outlet.outlet_id),
            *(Text(f"{count:,}") for count in (one.articles, one.copies, one.uncredited)),
            Text(share(one.uncredited_share)),
            *(Text(f"{count:,}") for count in (one.credit_only, one.original)),
            Text(share(one.originality)),
            *(Text(f"{count:,}") for count in (one.copied_by_others, one.rejected)),
            Text(moment(one.last_at)),
        ]
        for one in told
    ]
    if rows:
        print_rows(screen, OUTLET_COLUMNS, rows, [one.outlet.name for one in told])
    elif not found.outlets:
        console.print("no outlets yet")
    if silent := [one.outlet.outlet_id for one in found.outlets if not one.articles]:
        console.print(f"no articles yet: {', '.join(silent)}", style="dim", markup=False, highlight=False)
    return found


def show_agencies(engine: Engine, console: Console, *, as_json: bool = False) -> AgenciesView:
    """Print every agency with what others ran of its reports."""
    with reading(engine) as connection:
        found = agencies_overview(connection)
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    rows = []
    for one in found.agencies:
        counts = (one.stories, one.origin_known, one.picked_up, one.copies, one.credited, one.uncredited, one.outlets)
        figures = (f"{count:,}" for count in (*counts, one.crediting_articles))
        rows.append([screen.cell(one.agency_id), *map(Text, figures)])
    if rows:
        print_rows(screen, AGENCY_COLUMNS, rows)
    else:
        console.print("no agencies yet")
    return found


def show_latency(
    engine: Engine,
    console: Console,
    *,
    as_json: bool = False,
    outlet: str | None = None,
    agency: str | None = None,
) -> LatencyView:
    """Print how long after the origin copies appear."""
    with reading(engine) as connection:
        found = latencies(connection, outlet=outlet, agency=agency)
    if as_json:
        print_json(console, found)
        return found
    most = max((step.copies for step in found.steps), default=0)
    table = new_table("after", "copies", "", right=("after", "copies"))
    for step in found.steps:
        bar = "█" * round(BAR_CELLS * step.copies / most) if most else ""
        table.add_row(step.label, f"{step.copies:,}", Text(bar, style="cyan"))
    console.print(table)
    if found.quartiles:
        first, median, third = map(duration, found.quartiles)
        console.print(f"half within {median}; a quarter within {first}, three quarters within {third}")
    console.print(f"{counted(found.copies, 'copy', 'copies')} with known times, {found.unknown:,} without", style="dim")
    return found


def _print_matrix(screen: Screen, found: ReuseMatrix) -> None:
    if not found.rows:
        screen.console.print("no articles yet")
        return
    # The first agency, which most copies are of, is shown in any case.
    agencies = [Column(one or "not known", right=True, spare=place) for place, one in enumerate(found.agencies)]
    rows = [
        [screen.cell(row.outlet.name, 24), Text(f"{row.articles:,}"), *(_cell(one) for one in row.cells)]
        for row in found.rows
    ]
    hidden = print_rows(screen, [Column("outlet"), Column("articles", right=True), *agencies], rows)
    more = f"; {counted(hidden, 'more agency', 'more agencies')} with --json" if hidden else ""
    screen.console.print(
        f"\nshare of the outlet's articles that are the agency's reports; ✓ credited ✗ uncredited "
        f"+ credits it, no copy found{more}",
        style="dim",
    )


def _cell(cell: MatrixCell) -> Text:
    if not cell.copies and not cell.credit_only:
        return Text(NOTHING, style="dim")
    text = Text(share(cell.share))
    for count, mark, style in (
        (cell.credited, "✓", "green"),
        (cell.uncredited, "✗", "yellow"),
        (cell.credit_only, "+", "dim"),
    ):
        if count:
            text.append(f" {count}{mark}", style=style)
    return text
