"""Watches stages for Prefect: notes go to the run's log, the course of long work into progress artifacts."""

from __future__ import annotations

import contextvars
import copy
import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.artifacts import create_progress_artifact, update_progress_artifact

Logger = logging.Logger | logging.LoggerAdapter[logging.Logger]

log = logging.getLogger("wirecopy")
# A person who looks at a page cannot follow more; each update is one request to the server.
SHOW_EVERY = 2.0
# Work that is over sooner needs no bar.
SHOW_AFTER = 4.0


class RunWatcher:
    """Is told by the stages; tells Prefect from a thread of its own, so that no stage waits for the server."""

    def __init__(self, logger: Logger) -> None:
        self.stopping = threading.Event()
        self._logger = logger
        self._lock = threading.Lock()
        self._course: dict[str, dict[str, tuple[int, int | None]]] = {}
        self._artifacts: dict[str, uuid.UUID] = {}
        self._shown: dict[str, float] = {}

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        """How far a stage has come."""
        with self._lock:
            self._course.setdefault(stage, {})[outlet_id] = (done, total)

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        """A line in the run's log."""
        self._logger.log(level, "%s: %s", f"{stage} {outlet_id}".strip(), message)

    def stop(self) -> None:
        """Ask the work to end."""
        self.stopping.set()

    def with_logger(self, logger: Logger) -> RunWatcher:
        """The same watcher, writing into the log of a task."""
        view = copy.copy(self)
        view._logger = logger
        return view

    def show(self) -> None:
        """Bring the progress artifacts up to date. One thread only."""
        with self._lock:
            course = {stage: dict(parts) for stage, parts in self._course.items()}
        for stage, parts in course.items():
            done = sum(one for one, _ in parts.values())
            total = sum(max(whole or 0, one) for one, whole in parts.values())
            share = round(100 * done / total, 1) if total else 0.0
            if self._shown.get(stage) == share:
                continue
            words = f"{stage}: {done:,} of {total:,}" if total else stage
            if stage in self._artifacts:
                update_progress_artifact(self._artifacts[stage], progress=share, description=words)
            else:
                made = create_progress_artifact(progress=share, key=f"progress-{stage}", description=words)
                self._artifacts[stage] = made if isinstance(made, uuid.UUID) else uuid.UUID(str(made))
            self._shown[stage] = share


@contextmanager
def watching(logger: Logger) -> Iterator[RunWatcher]:
    """A watcher for the run that the calling code is in; on an exception everything under way is asked to end."""
    watcher = RunWatcher(logger)
    done = threading.Event()
    here = contextvars.copy_context()

    def keep_showing() -> None:
        wait = SHOW_AFTER
        while not done.wait(wait):
            _try_to_show(watcher)
            wait = SHOW_EVERY
        if watcher._artifacts:
            _try_to_show(watcher)

    thread = threading.Thread(target=here.run, args=(keep_showing,), name="progress", daemon=True)
    thread.start()
    try:
        yield watcher
    except BaseException:
        watcher.stop()
        raise
    finally:
        done.set()
        thread.join(SHOW_EVERY)


def _try_to_show(watcher: RunWatcher) -> None:
    try:
        watcher.show()
    except Exception:  # a bar that cannot be drawn must not end the work
        log.debug("the progress artifact could not be updated", exc_info=True)
