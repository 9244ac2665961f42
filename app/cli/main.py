"""The program: what interrupts it is answered from its first import to its last word."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from app.cli.numpy_settings import numpy_settings
from flows.interruption import answering, ignore_signals, was_told

INTERRUPTED = "interrupted; the next run goes on from here"


def main(*, is_process: bool = False) -> None:
    """Run the command line. Exit 0 done, 1 the run failed, 2 wrong usage or configuration."""
    code, message = 1, INTERRUPTED
    with answering():
        with suppress(KeyboardInterrupt):
            code, message = _outcome()
        if is_process:
            ignore_signals()
    sys.stdout.flush()
    if message:
        print(f"wirecopy: {message}", file=sys.stderr)  # noqa: T201  the command line's own last word
    sys.exit(code)


def start() -> None:
    """Be the process."""
    main(is_process=True)


def _outcome() -> tuple[int, str]:
    """Exit code and what is said last."""
    for name, value in numpy_settings().items():
        os.environ.setdefault(name, value)
    try:
        from app.cli.commands import call  # all imports follow from this one

        code, message = call()
    except Exception:
        if not was_told():
            raise
        code = 1
    return (code, message) if code == 0 or not was_told() else (1, INTERRUPTED)


if __name__ == "__main__":
    start()
