"""The child process of the pool: reads tasks from its standard input and answers on its standard output.

Started as `python -c "from pipeline.extract.child import serve; serve()"`, so that no caller's __main__ runs again.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import resource
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.extract.page import extract_page
from pipeline.extract.task import PageTask
from pipeline.extract.wire import outcome_header, read_frame, read_task, write_frame
from pipeline.machine_errors import what_to_do, with_file

PR_SET_PDEATHSIG = 1
PAGE_SIZE = resource.getpagesize()
MEGABYTE = 1_048_576
PAGES_BETWEEN_LOOKS = 20  # for objects in cycles: a page leaves one in four times, and a look costs .6 ms


def serve() -> None:
    """Answer tasks until the input ends. argv: megabytes, seconds, the parent's process id."""
    megabytes, seconds, parent = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    end_with_parent(parent)
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write into the answers
    limit_memory(megabytes)
    gc.disable()  # in the middle of a page it would look through everything that the page is made of
    forget_cycles()
    write_frame(answers, {"kind": "ready", "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})
    for pages in count(1):
        if (frame := read_frame(source)) is None:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds * 2 + 5)  # SIGALRM ends this process if nobody else does
        if not answer(frame, answers):
            return
        if not pages % PAGES_BETWEEN_LOOKS:
            forget_cycles()
        signal.setitimer(signal.ITIMER_REAL, 0)


def answer(frame: tuple[dict[str, Any], bytes], answers: BinaryIO) -> bool:
    """Answer one task. False where this process is not fit for another."""
    try:
        reply = outcome_header(_extract(read_task(*frame)))
    except MemoryError:
        reply = {"kind": "memory"}
    except RecursionError:
        reply = {"kind": "error", "detail": "nested too deeply"}
    except Exception as error:  # noqa: BLE001 - whatever a page does to a parser stays with that page
        reply = _explain(error)
    write_frame(answers, reply)
    if reply["kind"] == "error":
        forget_cycles()  # its traceback may hold the page
    return bool(reply["kind"] != "memory")


def _explain(error: Exception) -> dict[str, Any]:
    if getattr(error, "errno", None) == errno.ENOMEM:  # what this process may have is the page's limit
        return {"kind": "memory"}
    if advice := what_to_do(error):
        return {"kind": "machine", "detail": with_file(error, advice)}
    return {"kind": "error", "detail": f"{type(error).__name__}: {error}"[:300]}


def forget_cycles() -> None:
    """Free what the last pages left in cycles. What is left then stays (modules, tables of words, caches): later looks
    pass it by, which would take a quarter of a page's time."""
    gc.collect()
    gc.freeze()


def _extract(task: PageTask) -> Any:
    return extract_page(
        task.payload,
        url=task.url,
        content_type=task.content_type,
        outlet=task.outlet,
        hints=task.hints,
        fetched_at=task.fetched_at,
        truncated=task.truncated,
    )


def end_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when its parent dies (Linux; elsewhere the end of the input does)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(0)


def limit_memory(megabytes: int) -> None:
    """Cap the address space so that resident memory stays under `megabytes`: what is mapped now plus what is left."""
    try:
        mapped, resident = (int(pages) * PAGE_SIZE for pages in Path("/proc/self/statm").read_text().split()[:2])
    except (OSError, ValueError):
        mapped, resident = 0, 0
    room = max(megabytes * MEGABYTE - resident, 16 * MEGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + room, mapped + room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
