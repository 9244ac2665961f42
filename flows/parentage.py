"""Processes that end with their parent: on Linux the kernel sees to it, also when the parent is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PARENT_VARIABLE = "WIRECOPY_SERVE_PID"


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent ends; ends at once where that is gone already."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)


def belong_to_server_command() -> None:
    """Tie a flow run's process to the `serve` that started it, if one did.

    A kill is safe here: what is archived is flushed, the catalog commits whole, and the crawl child ends by itself.
    Ctrl-C in the terminal of `serve` goes to all its processes; only `serve` answers it, and cancels its runs in order.
    """
    stated = os.environ.get(PARENT_VARIABLE, "")
    if stated.isdigit() and int(stated) == os.getppid():
        die_with_parent(int(stated), signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
