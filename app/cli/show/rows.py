"""Tables of rows that fit the screen: what of a row is left out where it is narrow, and what never is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from app.cli.show.frame import Screen

LEAST_TEXT = 16  # cells; of less nobody can tell what it says


@dataclass(frozen=True, slots=True)
class Column:
    """A column of print_rows; right: it holds numbers.

    spare: where the rows do not fit it is left out, the highest of them first; 0 stays. A text with 0 leaves last.
    least: the cells that columns leave for, if this is the text and has so many.
    """

    title: str
    right: bool = False
    spare: int = 0
    least: int = LEAST_TEXT


def print_rows(
    screen: Screen, columns: Sequence[Column], rows: Sequence[Sequence[Text]], texts: Sequence[str] | None = None
) -> int:
    """A table; with texts its last column is the row's text, cut to the cells that the others leave.

    Nothing else is cut: an id is there to be copied. Returns how many columns were left out.
    """
    others = columns if texts is None else columns[:-1]
    cells = [max(cell_len(column.title), *(row[place].cell_len for row in rows)) for place, column in enumerate(others)]
    longest = max(map(cell_len, texts or ()), default=0)
    shown, gap = _fitting(columns, cells, longest, screen.console.width)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    room = screen.console.width
    for place in shown:
        justify: Literal["left", "right"] = "right" if columns[place].right else "left"
        least = cells[place] if place < len(cells) else None
        table.add_column(columns[place].title, justify=justify, no_wrap=True, min_width=least)
        room -= least + gap if least is not None else 0
    for row, text in zip(rows, texts or [""] * len(rows), strict=True):
        table.add_row(*(row[place] if place < len(cells) else screen.cell(text, room) for place in shown))
    screen.console.print(table)
    return len(columns) - len(shown)


def _fitting(columns: Sequence[Column], cells: Sequence[int], longest: int, width: int) -> tuple[list[int], int]:
    """The columns that the screen has room for, and the cells between two of them: one where two are too many.

    A column beyond cells is the text's, of which the longest has so many.
    """
    text = len(cells)
    places = range(len(columns))
    spare = [place for place in places if columns[place].spare or place == text]
    spare.sort(key=lambda place: columns[place].spare)
    for gap in (2, 1):
        for staying in range(len(spare), -1, -1):
            kept = [place for place in places if place not in spare[staying:]]
            least = LEAST_TEXT if spare[:staying][-1:] == [text] else columns[-1].least
            wanted = [*cells, max(LEAST_TEXT, min(longest, least))]
            needed = sum(wanted[place] for place in kept) + gap * (len(kept) - 1)
            if needed <= width:
                return kept, gap
    return kept, gap
