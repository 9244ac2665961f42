"""Whether the catalog changed since somebody last looked: what a reader may keep results by."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from urllib.parse import unquote

from pipeline.catalog.engine import Engine


def catalog_state(engine: Engine) -> Hashable | None:
    """A value that differs once anybody has written; None where that cannot be told cheaply (PostgreSQL)."""
    if engine.dialect.name != "sqlite":
        return None
    name = unquote((engine.url.database or "").removeprefix("file:"))
    marks: list[tuple[int, int, int] | None] = []
    for path in (Path(name), Path(f"{name}-wal")):
        try:
            found = path.stat()
        except OSError:
            marks.append(None)
        else:
            marks.append((found.st_ino, found.st_size, found.st_mtime_ns))
    return tuple(marks)
