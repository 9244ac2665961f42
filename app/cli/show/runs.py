"""Runs, rejections and releases in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from app.cli.show.frame import NOTHING, STATE_STYLES, Screen, counted, duration, moment, new_table, print_json
from app.cli.show.rows import Column, print_rows
from flows.run_history import history, one_run
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.paging import MAX_TERMINAL_SIZE, page_of
from pipeline.catalog.queries.rejections import RejectionCount, RejectionList, list_rejections
from pipeline.catalog.queries.releases import ReleaseList, list_releases
from pipeline.catalog.queries.runs import RunList, RunView
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine

RUN_COLUMNS = (
    Column("run"),
    Column("began", spare=2),
    Column("took", right=True),
    Column("command"),
    Column("trigger", spare=3),
    Column("state"),
    Column("stages", right=True, spare=1),
    Column("message", least=24),
)
COUNT_COLUMNS = (
    Column("outlet"),
    Column("stage", spare=1),
    Column("reason"),
    Column("pages", right=True),
    Column("meaning", least=36),
)
REJECTED_COLUMNS = (
    Column("when", spare=1),
    Column("outlet"),
    Column("reason"),
    Column("detail", spare=2),
    Column("address", least=36),
)
MAX_REJECTED, MAX_REJECTED_JSON = 50, 100_000


def show_runs(engine: Engine, console: Console, *, as_json: bool = False, limit: int = 20) -> RunList:
    """Print the history of runs."""
    with reading(engine) as connection:
        found = history(connection, page=page_of(1, limit, MAX_TERMINAL_SIZE))
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    if not found.runs:
        console.print("no run yet; `wirecopy run` starts one")
        return found
    rows = [
        [
            screen.cell(one.run_id),
            Text(moment(one.started_at)),
            Text(duration(one.seconds)),
            screen.cell(one.command, 12),
            screen.cell(one.trigger, 10),
            Text(one.state, style=STATE_STYLES.get(one.state, "")),
            Text(f"{one.stages} ({one.failed_stages} failed)" if one.failed_stages else str(one.stages)),
        ]
        for one in found.runs
    ]
    print_rows(screen, RUN_COLUMNS, rows, [one.message or "" for one in found.runs])
    for one in found.health:
        if one.alarm:
            screen.line(
                "unusual", f"{one.outlet.name}: {one.message}", "yellow", after=f" ({moment(one.at)}, {one.run_id})"
            )
    return found


def show_run_report(engine: Engine, console: Console, run_id: str | None = None, *, as_json: bool = False) -> RunView:
    """Print one run's stages, counts and rejections. Raises UsageError where there is none of that id."""
    with reading(engine) as connection:
        found = one_run(connection, run_id or "latest")
    if found is None:
        raise UsageError(f"no run {run_id!r}; `wirecopy runs` lists them")
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    screen.line("run", found.run.run_id)
    screen.line("began", f"{moment(found.run.started_at)}, took {duration(found.run.seconds)}")
    screen.line("state", found.run.state, STATE_STYLES.get(found.run.state, ""))
    screen.line("message", found.run.message)
    table = new_table("stage", "outlet", "state", "counts", "message")
    for column in table.columns[3:]:
        column.no_wrap = False  # the long columns give way, not the short ones
    for one in found.told:
        table.add_row(
            one.stage,
            screen.cell(one.outlet_id or "all", 24),
            Text(one.state, style=STATE_STYLES.get(one.state, "")),
            screen.cell(counts_text(one.counts)),
            screen.cell(one.message, screen.room(90)),
        )
    console.print()
    console.print(table)
    if found.as_usual:
        console.print(f"health: {counted(found.as_usual, 'outlet')} as usual", style="dim", highlight=False)
    if found.rejected:
        console.print()
        _print_counts(screen, found.rejected)
    return found


def show_rejected(
    engine: Engine,
    console: Console,
    *,
    as_json: bool = False,
    outlet: str | None = None,
    reason: str | None = None,
    run_id: str | None = None,
    limit: int | None = None,
) -> RejectionList:
    """Print why pages became no article: counts by outlet and reason, and the latest ones; as JSON all of them."""
    size = limit or (MAX_REJECTED_JSON if as_json else MAX_REJECTED)
    with reading(engine) as connection:
        found = list_rejections(
            connection, outlet=outlet, reason=reason, run_id=run_id, page=page_of(1, size, MAX_REJECTED_JSON)
        )
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    if not found.total:
        console.print("nothing was rejected")
        return found
    _print_counts(screen, found.counts)
    console.print()
    rows = [
        [
            Text(moment(one.rejected_at)),
            screen.cell(one.outlet_id, 20),
            Text(one.reason, style="red" if one.quarantined else ""),
            screen.cell(one.detail, 40),
        ]
        for one in found.rejections
    ]
    print_rows(screen, REJECTED_COLUMNS, rows, [one.url for one in found.rejections])
    console.print(f"\n{len(found.rejections):,} of {found.total:,}", style="dim")
    return found


def show_releases(engine: Engine, console: Console, *, as_json: bool = False, limit: int = 20) -> ReleaseList:
    """Print the releases."""
    with reading(engine) as connection:
        found = list_releases(connection, page_of(1, limit, MAX_TERMINAL_SIZE))
    if as_json:
        print_json(console, found)
        return found
    screen = Screen.of(console)
    table = new_table("version", "published", "counts", "evaluation")
    for one in found.releases:
        evaluation = counts_text(one.evaluation) if one.evaluation else NOTHING
        table.add_row(
            one.version, moment(one.published_at), screen.cell(counts_text(one.counts)), screen.cell(evaluation, 60)
        )
    console.print(table if found.releases else "no release yet; `wirecopy publish` makes one")
    return found


def counts_text(counts: Mapping[str, Any]) -> str:
    """in 14, out 12, rejected 2: plain numbers of a stage; what lies deeper is left to --json."""
    shown = []
    for key, value in counts.items():
        if isinstance(value, float):
            shown.append(f"{key} {value:.3g}")
        elif isinstance(value, int | str):
            shown.append(f"{key} {value:,}" if isinstance(value, int) else f"{key} {value}")
    return ", ".join(shown)


def _print_counts(screen: Screen, counts: tuple[RejectionCount, ...]) -> None:
    screen.console.print(f"{counted(sum(one.pages for one in counts), 'page')} rejected", style="bold")
    rows = [
        [
            screen.cell(one.outlet.outlet_id, 24),
            Text(one.stage),
            Text(one.reason, style="red" if one.quarantined else ""),
            Text(f"{one.pages:,}"),
        ]
        for one in counts
    ]
    print_rows(screen, COUNT_COLUMNS, rows, [one.explanation for one in counts])
