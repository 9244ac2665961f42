"""What the doctor found, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.show.frame import print_json

if TYPE_CHECKING:
    from rich.console import Console

    from flows.doctor import Finding


def show_findings(findings: Sequence[Finding], console: Console, *, as_json: bool) -> None:
    """A line per finding, severe ones first."""
    ordered = sorted(findings, key=lambda one: not one.severe)
    if as_json:
        print_json(console, ordered)
        return
    for one in ordered:
        mark = "[red]wrong[/red]" if one.severe else "[yellow]note[/yellow] "
        console.print(f"{mark}  {one.part:8}  ", end="")
        console.print(one.what, markup=False)
    wrong = sum(one.severe for one in ordered)
    console.print("everything is in order" if not ordered else f"{wrong} wrong, {len(ordered) - wrong} notes")
