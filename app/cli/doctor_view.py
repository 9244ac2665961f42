"""What the doctor found, for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from flows.doctor import Finding


def show_findings(findings: Sequence[Finding], console: Console, *, as_json: bool) -> None:
    """A line per finding, severe ones first."""
    ordered = sorted(findings, key=lambda one: not one.severe)
    if as_json:
        console.file.write(json.dumps([asdict(one) for one in ordered], ensure_ascii=False, indent=1) + "\n")
        return
    for one in ordered:
        mark = "[red]wrong[/red]" if one.severe else "[yellow]note[/yellow] "
        console.print(f"{mark}  {one.part:8}  ", end="")
        console.print(one.what, markup=False)
    wrong = sum(one.severe for one in ordered)
    console.print("everything is in order" if not ordered else f"{wrong} wrong, {len(ordered) - wrong} notes")
