"""The Dask cluster of a large fold: one on this machine that ends with the fold, or one that is there."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from flows.interruption import holding
from pipeline.errors import UsageError

WORKER_MEMORY = "3.5GB"  # a local worker that comes close to it is started again, and its partition done again
LOCAL = "local"
# No dashboard, and its port a free one: two clusters on one machine do not meet.
QUIET = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
# Steps take seconds to minutes: what looks at workers many times a second costs more than it tells.
CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.worker.memory.target": False,  # workers keep no data between steps: there is none to spill
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.disk": False,
    # By default workers hand memory back at every turn, and the arrays of each step fault it in again page by page.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 128 << 20,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 << 20,
}


@contextmanager
def cluster(scheduler: str, workers: int | None, folder: Path) -> Iterator[Any]:
    """A client of the cluster at an address, or of one on this machine that ends with the body.

    Raises UsageError where the processes of a cluster do not know this code.
    """
    import dask
    from distributed import Client, LocalCluster

    if scheduler != LOCAL:
        with Client(scheduler) as client:
            _refuse_strangers(client, scheduler)
            yield client
        return
    options = {"threads_per_worker": 1, "memory_limit": WORKER_MEMORY, "host": "127.0.0.1", "scheduler_kwargs": QUIET}
    local = str(folder / "spill")
    stack = ExitStack()
    stack.enter_context(dask.config.set(CALM))
    stack.callback(logging.disable, logging.root.manager.disable)
    callbacks = logging.getLogger("tornado.application")
    callbacks.addFilter(_is_news)
    stack.callback(callbacks.removeFilter, _is_news)
    try:
        resource_tracker.ensure_running()  # started later, it would let Ctrl-C through to the workers
        with holding():
            some = stack.enter_context(LocalCluster(n_workers=workers, local_directory=local, **options))
            client = stack.enter_context(Client(some))
        try:
            yield client
        except KeyboardInterrupt:
            logging.disable(logging.CRITICAL)  # what a cluster says of its end in the middle of things is no news
            _kill_workers(some)
            raise
    finally:
        with holding():  # half closed, it would be waited for until patience ends
            stack.close()


def _refuse_strangers(client: Any, scheduler: str) -> None:
    """Raise UsageError where the scheduler or a worker cannot import this module, and so do no step."""
    try:
        client.run_on_scheduler(_here)
        strangers = [where for where, told in client.run(_here, on_error="return").items() if told is not True]
    except ImportError:
        strangers = [scheduler]
    if strangers:
        raise UsageError(
            f"{strangers[0]} does not know wirecopy: start the scheduler and the workers of a cluster "
            "in wirecopy's environment, with its folder in PYTHONPATH"
        )


def _here() -> bool:
    return True


def _is_news(record: logging.LogRecord) -> bool:
    """False for what distributed says of a Ctrl-C that comes before its call has begun: it then looks for a call to
    cancel under a name that was never given (distributed.utils.sync, seen with 2026.8)."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, NameError) and "sync.<locals>.cancel" in record.getMessage())


def _kill_workers(some: Any) -> None:
    """What they are at is done again by the next fold; in order they would first come to the end of it."""
    from distributed.core import Status

    for one in some.workers.values():
        one.status = Status.closing_gracefully  # it is not to start another
        if one.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
