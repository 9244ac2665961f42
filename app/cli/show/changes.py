"""What changed from one version of an article to the next, in the terminal: old passage above new, word by word."""

from __future__ import annotations

from itertools import pairwise

from rich.text import Text

from app.cli.show.comparison import set_passage
from app.cli.show.frame import Screen, moment
from pipeline.catalog.queries.article import VersionRow
from pipeline.compare import Piece

LABEL = 14  # cells


def print_changes(screen: Screen, versions: tuple[VersionRow, ...]) -> None:
    """Every change that was kept, the newest first."""
    for new, old in pairwise(versions):
        screen.console.print(f"\nwhat changed from version {old.version} to {new.version}", style="bold")
        if old.modified_at != new.modified_at:
            screen.line("modified", f"{moment(old.modified_at)} → {moment(new.modified_at)}")
        for change in new.changes:
            for row in change.rows:
                _print_side(screen, change.field, "-", row.left)
                _print_side(screen, "" if row.left else change.field, "+", row.right)
        if not new.changes:
            screen.line("text", "the same words, spaced or punctuated otherwise")


def _print_side(screen: Screen, label: str, sign: str, pieces: tuple[Piece, ...]) -> None:
    if not pieces:
        return
    passage = set_passage(screen, pieces, max(20, screen.console.width - LABEL - 2))
    for at, line in enumerate(passage.split("\n")):
        begin = f"{label:<{LABEL - 1}}{sign} " if at == 0 else " " * (LABEL + 1)
        screen.console.print(Text.assemble((begin, "dim"), line), soft_wrap=True)
