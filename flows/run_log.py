"""What Prefect writes into a run's log by itself, made short: a failure that is explained needs no traceback."""

from __future__ import annotations

import logging

from prefect.exceptions import FailedRun

from flows.attempts import StageFailed

# Who logs a task's failure, and who logs that a flow came to its end with one.
LOGGERS = ("prefect.task_runs", "prefect.flow_runs", "prefect.engine")


class OneLine(logging.Filter):
    """Takes the traceback off failures that the run ledger has and the message explains."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; of an expected failure only what it says."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StageFailed | FailedRun):
            record.exc_info = None
        return True


_ONE_LINE = OneLine()


def say_failures_in_one_line() -> None:
    """From now on in this process. An unexpected error keeps its traceback."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_ONE_LINE)
