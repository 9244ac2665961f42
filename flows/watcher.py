"""Who watches a stage: progress bars on a terminal, a progress artifact in Prefect, or nobody."""

from __future__ import annotations

import logging
import threading
from typing import Protocol


class Watcher(Protocol):
    """Is told how far a stage has come. Called from several threads."""

    stopping: threading.Event  # set when the work must end; crawls watch it

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        """done of total (None: not known) are through."""

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        """Something a person may want to read; level as in logging."""

    def stop(self) -> None:
        """Ask the work to end."""


class SilentWatcher:
    """Nobody watches."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        """Nothing to show."""

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        """Nothing to say."""

    def stop(self) -> None:
        """Ask the work to end."""
        self.stopping.set()


SILENT: Watcher = SilentWatcher()
