"""Progress bars on standard error while stages run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

LABELS = {
    "crawl": "crawling",
    "extract": "extracting",
    "dedupe": "folding",
    "publish": "publishing",
    "ingest": "reading",
    "copy": "copying",
}


class ProgressWatcher:
    """A bar per stage, and per outlet while crawling."""

    def __init__(self, progress: Progress) -> None:
        self.stopping = threading.Event()
        self._progress = progress
        self._tasks: dict[tuple[str, str], TaskID] = {}
        self._lock = threading.Lock()

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        """Move the bar of this stage."""
        with self._lock:
            key = (stage, outlet_id)
            if key not in self._tasks:
                label = f"{LABELS.get(stage, stage)} {outlet_id}".strip()
                self._tasks[key] = self._progress.add_task(label, total=total)
            self._progress.update(self._tasks[key], completed=done, total=total)

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        """A line above the bars, where it matters; the course of things is what the bars are for."""
        if level < logging.WARNING:
            return
        where = f"{stage} {outlet_id}".strip()
        self._progress.console.print(f"{where}: {message}", markup=False, soft_wrap=True)

    def stop(self) -> None:
        """Ask the work to end."""
        self.stopping.set()


@contextmanager
def watch(console: Console) -> Iterator[ProgressWatcher]:
    """Bars while the body runs; plain silence where standard error is no terminal."""
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield ProgressWatcher(progress)
