"""Two articles in the terminal, side by side, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.show.bidi import FSI, PDI, plain, set_text
from app.cli.show.frame import CREDIT_NAMES, NOTHING, RELATION_NAMES, Screen, duration, moment, print_json, share
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.comparison import ComparedArticle, ComparedLink, ComparisonView, compare_articles
from pipeline.compare import Comparison, Piece
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine

STYLES = {"equal": "", "cut": "red strike", "added": "green", "changed": "yellow", "moved": "cyan"}
# Where there is no colour the marks of `git diff --word-diff` say the same.
MARKS = {"equal": ("", ""), "cut": ("[-", "-]"), "added": ("{+", "+}"), "changed": ("{~", "~}"), "moved": ("{>", "<}")}
GAP = 4


def show_compare(
    engine: Engine, console: Console, left_id: str, right_id: str, *, as_json: bool = False
) -> ComparisonView:
    """Print what became of the left article in the right one. Raises UsageError where one is not there."""
    with reading(engine) as connection:
        found = compare_articles(connection, left_id, right_id)
    if found is None:
        raise UsageError(f"no article {left_id!r} or no article {right_id!r}")
    if as_json:
        print_json(console, found)
    else:
        _print_comparison(Screen.of(console), found)
    return found


def _print_comparison(screen: Screen, view: ComparisonView) -> None:
    if view.link is None:
        screen.console.print("no link between the two", style="dim")
    else:
        _print_link(screen, view.link)
    screen.line("words", _tally(view.body))
    table = Table(box=None, show_header=True, header_style="bold", padding=(0, GAP, 0, 0), pad_edge=False)
    cells = max(20, (screen.console.width - GAP) // 2)
    for side in (view.left, view.right):
        table.add_column(screen.cell(side.outlet.name), width=cells)
    table.add_row(_facts(screen, view.left), _facts(screen, view.right))
    for comparison in (view.headline, view.byline, view.body):
        table.add_row("", "")
        for row in comparison.rows:
            table.add_row(set_passage(screen, row.left, cells), set_passage(screen, row.right, cells))
    screen.console.print(table)
    legend = (_piece(screen, Piece(kind, kind)) for kind in STYLES)
    screen.console.print(Text("\n") + Text("  ").join(legend))


def _print_link(screen: Screen, link: ComparedLink) -> None:
    screen.line("relation", f"{link.copy_id}: {RELATION_NAMES.get(link.relation, link.relation)} of {link.origin_id}")
    coverage = f"{share(link.origin_coverage)} of the origin, {share(link.copy_coverage)} of the copy"
    screen.line("coverage", f"{coverage}, Jaccard {link.jaccard:.2f}")
    screen.line("after", duration(link.latency_seconds))
    screen.line("credit", CREDIT_NAMES.get(link.credit_status, link.credit_status))


def _tally(one: Comparison) -> str:
    changed = max(one.changed_left_words, one.changed_right_words)
    return (
        f"{one.equal_words} equal, {one.cut_words} cut, {one.added_words} added, {changed} changed, "
        f"{one.moved_words} moved"
    )


def _facts(screen: Screen, side: ComparedArticle) -> Text:
    who = side.agency_id or NOTHING
    return Text(f"{set_text(side.article_id, screen.mode)}\n{moment(side.published_at)}, credits {who}", style="dim")


def set_passage(screen: Screen, pieces: tuple[Piece, ...], cells: int) -> Text:
    """The pieces wrapped to the column. Each line is isolated by itself: a terminal sees lines, not paragraphs."""
    text = Text(" ").join(_piece(screen, piece) for piece in pieces)
    lines = text.wrap(screen.console, cells)
    if screen.mode == "visual":
        return Text("\n").join(Text(set_text(line.plain, screen.mode)) for line in lines)
    if screen.mode == "isolate":
        return Text("\n").join(Text.assemble(FSI, line, PDI) for line in lines)
    return Text("\n").join(lines)


def _piece(screen: Screen, piece: Piece) -> Text:
    shown = plain(piece.text)
    if screen.console.no_color or not screen.console.is_terminal or screen.mode == "visual":
        before, after = MARKS[piece.kind]
        return Text(f"{before}{shown}{after}")
    return Text(shown, style=STYLES[piece.kind])
