"""What every terminal view shares: names, times, shares, and JSON instead of all that."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.show.bidi import bidi_mode, set_text
from pipeline.catalog.queries.plain import to_plain

RELATION_NAMES = {
    "exact_copy": "exact copy",
    "near_copy": "near copy",
    "abridged_copy": "abridged",
    "extended_copy": "extended",
    "update_of": "update",
    "partial_reuse": "partial reuse",
    "digest_member": "in a digest",
    "follow_up": "follow-up",
}
# For lists, where a row has little room.
SHORT_RELATIONS = RELATION_NAMES | {"exact_copy": "exact", "near_copy": "near", "partial_reuse": "reuse"}
CREDIT_NAMES = {
    "credited": "credited",
    "credited_generic": "“agencies”",
    "credited_other": "other agency",
    "uncredited": "uncredited",
    "unknown": "unknown",
}
CREDIT_STYLES = {"credited": "green", "uncredited": "yellow", "credited_other": "magenta"}
STATE_STYLES = {
    "done": "green",
    "failed": "red",
    "skipped": "yellow",
    "interrupted": "yellow",
    "running": "cyan",
    "alarm": "bold yellow",
}
NOTHING = "–"
# Where the output is no terminal nobody said how wide it is: a pipe takes whole lines.
WIDE = 200


@dataclass(frozen=True, slots=True)
class Screen:
    """A console with the way its right-to-left text is set."""

    console: Console
    mode: str

    @classmethod
    def of(cls, console: Console) -> Screen:
        """The console's screen, as WIRECOPY_BIDI and the terminal say."""
        if not console.is_terminal and not os.environ.get("COLUMNS"):
            console.width = WIDE
        return cls(console, bidi_mode(console))

    def cell(self, value: str | None, cells: int | None = None, style: str = "") -> Text:
        """Text from the outside: no markup, no controls, cut to so many cells."""
        return Text(set_text(value, self.mode, cells) or NOTHING, style=style, no_wrap=cells is not None)

    def line(self, label: str, value: str | None, style: str = "", after: str = "") -> None:
        """A labelled line; nothing where there is no value. after: words of ours behind it."""
        if value:
            shown = set_text(value, self.mode)
            self.console.print(Text.assemble((f"{label:<12} ", "dim"), (shown, style), after), soft_wrap=True)

    def room(self, taken: int, least: int = 20, most: int = 90) -> int:
        """Cells left for a headline beside columns that take so many."""
        return max(least, min(most, self.console.width - taken))


def print_json(console: Console, result: Any) -> None:
    """The result as one JSON document, unwrapped and unstyled."""
    console.file.write(json.dumps(to_json(result), ensure_ascii=False, indent=1) + "\n")


def to_json(result: Any) -> Any:
    """A query's result as dicts and lists; the web's .json twins hold the same."""
    return to_plain(result)


def new_table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """A light table; the columns named in right hold numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=True)
    return table


def moment(value: datetime | None) -> str:
    """A time in UTC to the minute."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if value else NOTHING


def duration(seconds: int | None) -> str:
    """Seconds in the largest unit that says it well: 40 s, 12 min, 3 h 05, 2 d 4 h."""
    if seconds is None:
        return NOTHING
    sign, left = ("−", -seconds) if seconds < 0 else ("", seconds)
    minutes, hours, days = left // 60, left // 3600, left // 86400
    if left < 60:
        return f"{sign}{left} s"
    if hours < 1:
        return f"{sign}{minutes} min"
    if days < 1:
        return f"{sign}{hours} h {minutes % 60:02}"
    return f"{sign}{days} d {hours % 24} h"


def share(value: float | None) -> str:
    """A share as a whole percentage."""
    if value is None:
        return NOTHING
    return "<1%" if 0 < value < 0.005 else f"{value:.0%}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """The number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def counts_line(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    """3 credited, 1 uncredited."""
    return ", ".join(f"{count} {names.get(key, key)}" for key, count in counts.items()) or NOTHING
