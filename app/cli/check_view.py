"""What a trial crawl would keep, and learned boilerplate lines, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.cli.show.frame import Screen, moment
from app.cli.show.rows import Column, print_rows
from pipeline.reasons import EXPLANATIONS

if TYPE_CHECKING:
    from rich.console import Console

    from flows.outlet_stage import Trial

BYLINE_CELLS = 24
KEPT = (
    Column("published"),
    Column("lang"),
    Column("agency", spare=1),
    Column("words", right=True),
    Column("byline", spare=2),
    Column("headline", least=44),
)
LEARNED = (Column("key"), Column("outlet"), Column("pages", right=True), Column("state"), Column("line"))


def show_check(trial: Trial, console: Console) -> None:
    """Articles with the fields that matter, then every refusal with its reason."""
    screen = Screen.of(console)
    report = trial.report
    console.print(f"{trial.outlet_id}: {report.found} announced, {report.fetched} fetched, {len(trial.kept)} kept")
    if trial.kept:
        rows = [
            [
                screen.cell(moment(one.published_at)),
                screen.cell(one.language),
                screen.cell(one.agency_id),
                screen.cell(f"{len(one.body.split()):,}"),
                screen.cell(one.byline, BYLINE_CELLS),
            ]
            for one in trial.kept
        ]
        print_rows(screen, KEPT, rows, [one.headline or "" for one in trial.kept])
    for refusal in trial.refused:
        console.print(f"not kept: {refusal.url}", markup=False, style="yellow", soft_wrap=True)
        why = f"    {refusal.reason}: {EXPLANATIONS[refusal.reason]} ({refusal.detail})"
        console.print(why, markup=False, soft_wrap=True)
    if not trial.kept:
        console.print("nothing would be kept: look at the feeds, article_urls and extract selectors", style="red")


def show_boilerplate(lines: Sequence[dict[str, Any]], console: Console) -> None:
    """Lines by outlet with the share of pages they stand on."""
    screen = Screen.of(console)
    if lines:
        facts = [
            (one["line_key"][:12], one["outlet_id"], f"{one['pages']}/{one['of_pages']}", one["state"]) for one in lines
        ]
        print_rows(screen, LEARNED, [[*map(screen.cell, some)] for some in facts], [one["line"] for one in lines])
    console.print(f"{len(lines)} lines; outlet boilerplate --ignore KEY switches one off")
