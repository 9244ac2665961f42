"""What a crawl left behind: rows of its catalog after each run, and what the site's listeners saw."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.site.hostile.server import Visit

Row = dict[str, Any]
TABLES = ("articles", "article_versions", "rejections", "urls")


@dataclass(frozen=True)
class Snapshot:
    """The rows of TABLES at one moment."""

    tables: dict[str, list[Row]]

    def holds(self, text: str) -> str:
        """Where text stands in any column, or an empty string."""
        for table, rows in self.tables.items():
            for row in rows:
                for column, value in row.items():
                    if isinstance(value, str) and text in value:
                        return f"{table}.{column}"
        return ""


def read_snapshot(catalog: Path) -> Snapshot:
    """Read a SQLite catalog. Raises sqlite3.Error where it is none."""
    with sqlite3.connect(f"file:{catalog}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        tables = {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in TABLES}
    connection.close()
    return Snapshot(tables)


def as_time(value: str | None) -> datetime | None:
    """A time column of SQLite as an aware time."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def names(mark: str, text: str) -> bool:
    """Whether text (a URL, or a rejection's detail) names mark as a whole word; hyphens belong to words."""
    return re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", unquote(text)) is not None


def token_f1(expected: str, found: str) -> float:
    """Bag-of-words F1 over words, zero-width non-joiners kept inside them."""
    left, right = (Counter(re.findall(r"[\w\u200c]+", text)) for text in (expected, found))
    shared = sum((left & right).values())
    return 2 * shared / (left.total() + right.total()) if shared else 0.0


@dataclass(frozen=True)
class Evidence:
    """Snapshots by run, and the site's whole log."""

    snapshots: dict[int, Snapshot]
    visits: list[Visit]
    canaries: frozenset[str]  # names of listeners that nothing may connect to
    egress: tuple[str, ...] = ()  # remote addresses seen on the crawl's sockets that are not the site's
    sent: list[Visit] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sent", [visit for visit in self.visits if visit.listener not in self.canaries])

    def articles(self, outlet: str, marks: Iterable[str], run: int = 2) -> list[Row]:
        """The published articles of outlet whose URL names one of marks."""
        rows = self.snapshots[run].tables["articles"]
        return [row for row in rows if row["outlet_id"] == outlet and any(names(mark, row["url"]) for mark in marks)]

    def reasons(self, outlet: str, marks: Iterable[str]) -> set[str]:
        """Every reason the catalog gives for a URL that names one of marks."""
        tables = self.snapshots[max(self.snapshots)].tables
        rows = [row for row in tables["rejections"] + tables["urls"] if row["outlet_id"] == outlet and row["reason"]]
        about = [(row, f"{row['url']} {row.get('detail', '')}") for row in rows]
        return {row["reason"] for row, text in about if any(names(mark, text) for mark in marks)}

    def asked(self, marks: Iterable[str], run: int | None = None) -> list[Visit]:
        """Visits whose target names one of marks, canaries included."""
        fitting = [visit for visit in self.visits if any(names(mark, visit.target) for mark in marks)]
        return [visit for visit in fitting if run in (None, visit.phase)]
