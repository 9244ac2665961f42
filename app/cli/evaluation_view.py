"""An evaluation as a terminal table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.show.frame import new_table

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.evaluate import Evaluation


def show_evaluation(result: Evaluation, console: Console) -> None:
    """What was measured, by which measure, with its 95% interval or counts."""
    table = new_table("labels", "measure", "value", "95% interval or counts", right=("value",))
    for row in result.rows():
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
