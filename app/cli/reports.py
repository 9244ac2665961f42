"""What a run came to, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from app.cli.show.frame import STATE_STYLES, Screen

if TYPE_CHECKING:
    from flows.ledger import RunReport


def show_run_result(report: RunReport, console: Console) -> None:
    """A line per stage: state, figures, and what went wrong."""
    Screen.of(console)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("stage", "outlet", "state"):
        table.add_column(heading, no_wrap=True)
    table.add_column("figures", overflow="fold")
    for one in report.stages:
        figures = _figures(one.counts)
        message = f"[red]{_plain(one.message)}[/red]" if one.state == "failed" else _plain(one.message)
        style = STATE_STYLES.get(one.state, "")
        shown = "  ".join(part for part in (figures, message) if part)
        table.add_row(one.stage, one.outlet_id, f"[{style}]{one.state}[/{style}]", shown)
    console.print(table)
    console.print(f"run {report.run_id}: {report.state}")


def _plain(text: str | None) -> str:
    return (text or "").replace("[", "\\[")


def _figures(counts: Mapping[str, Any]) -> str:
    parts: list[str] = []
    for name, value in counts.items():
        if isinstance(value, Mapping):
            parts.extend(f"{key} {number:,}" for key, number in sorted(value.items()))
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, int):
            parts.append(f"{name} {value:,}")
        elif isinstance(value, float):
            parts.append(f"{name} {value:.1f}")
        elif isinstance(value, str):
            parts.append(f"{name} {value}")
    return _plain(", ".join(parts))
