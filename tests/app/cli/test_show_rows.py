"""What of a table a narrow screen leaves out."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console
from rich.text import Text

from app.cli.show.frame import Screen
from app.cli.show.rows import Column, print_rows

ROW = [Text("fe17c0de"), Text("100%"), Text("a side")]


def row_at(width: int, columns: Sequence[Column], text: str = "words of the headline") -> tuple[str, int]:
    file = io.StringIO()
    screen = Screen.of(Console(file=file, width=width, force_terminal=True, color_system=None, highlight=False))
    left_out = print_rows(screen, columns, [ROW], [text])
    [row] = [line.rstrip() for line in file.getvalue().splitlines()][1:]
    return row, left_out


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (50, "fe17c0de  100%  a side  words of the headline"),
        (30, "fe17c0de  100%  a side"),
        (20, "fe17c0de  100%"),
        (14, "fe17c0de  100%"),
        (13, "fe17c0de 100%"),
    ],
)
def test_a_text_that_is_most_spare_goes_first_then_what_is_less_then_the_gaps(width: int, row: str) -> None:
    columns = [Column("id"), Column("part", right=True), Column("side", spare=1), Column("text", spare=2)]
    assert row_at(width, columns)[0] == row


@pytest.mark.parametrize(
    ("width", "row", "left_out"),
    [
        (45, "fe17c0de  100%  a side  words of the headline", 0),
        (44, "fe17c0de  100%  a side  words of the headli…", 0),
        (43, "fe17c0de  100%  words of the headline", 1),
        (32, "fe17c0de  100%  words of the he…", 1),
        (31, "fe17c0de  100%", 2),
    ],
)
def test_a_text_that_stays_has_columns_leave_for_it_and_is_no_stump(width: int, row: str, left_out: int) -> None:
    columns = [Column("id"), Column("part", right=True), Column("side", spare=1), Column("text", least=20)]
    assert row_at(width, columns) == (row, left_out)


def test_no_column_leaves_for_cells_that_a_short_text_does_not_fill() -> None:
    columns = [Column("id"), Column("part", right=True), Column("side", spare=1), Column("text", least=30)]
    assert row_at(45, columns) == ("fe17c0de  100%  a side  words of the headline", 0)


def test_columns_leave_in_the_order_of_what_they_are_spare() -> None:
    columns = [Column("id", spare=1), Column("part", right=True, spare=2), Column("side"), Column("text")]
    rows = [row_at(width, columns)[0] for width in (40, 34, 24)]
    assert rows == [
        "fe17c0de  100%  a side  words of the he…",
        "fe17c0de  a side  words of the he…",
        "a side  words of the he…",
    ]
