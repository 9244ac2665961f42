"""What a trial crawl would keep, and learned boilerplate lines, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.cli.show.bidi import bidi_mode, set_text
from app.cli.show.frame import moment, new_table
from pipeline.reasons import EXPLANATIONS

if TYPE_CHECKING:
    from rich.console import Console

    from flows.outlet_stage import Trial

HEADLINE_CELLS = 60


def show_check(trial: Trial, console: Console) -> None:
    """Articles with the fields that matter, then every refusal with its reason."""
    mode = bidi_mode(console)
    report = trial.report
    console.print(f"{trial.outlet_id}: {report.found} announced, {report.fetched} fetched, {len(trial.kept)} kept")
    if trial.kept:
        table = new_table("headline", "byline", "published", "language", "agency", "words", right=("words",))
        for one in trial.kept:
            table.add_row(
                set_text(one.headline, mode, HEADLINE_CELLS),
                set_text(one.byline, mode, 24),
                moment(one.published_at),
                one.language or "–",
                one.agency_id or "–",
                f"{len(one.body.split()):,}",
            )
        console.print(table)
    for refusal in trial.refused:
        console.print(f"not kept: {refusal.url}", markup=False, style="yellow")
        console.print(f"    {refusal.reason}: {EXPLANATIONS[refusal.reason]} ({refusal.detail})", markup=False)
    if not trial.kept:
        console.print("nothing would be kept: look at the feeds, article_urls and extract selectors", style="red")


def show_boilerplate(lines: Sequence[dict[str, Any]], console: Console) -> None:
    """Lines by outlet with the share of pages they stand on."""
    mode = bidi_mode(console)
    table = new_table("key", "outlet", "pages", "state", "line", right=("pages",))
    for one in lines:
        share = f"{one['pages']}/{one['of_pages']}"
        table.add_row(one["line_key"][:12], one["outlet_id"], share, one["state"], set_text(one["line"], mode, 80))
    console.print(table)
    console.print(f"{len(lines)} lines; outlet boilerplate --ignore KEY switches one off")
