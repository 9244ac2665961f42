"""Signals that end a run: Ctrl-C, SIGTERM, a closed terminal. One exception, which cannot be lost on its way.

Python raises what a signal means wherever the main thread is. In a destructor or a callback from C it is only printed,
and libraries turn it into errors of their own; the run would go on to its end. Signals that were ignored when the
process began (a job in the background, nohup) stay ignored.
"""

from __future__ import annotations

import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN_AFTER = 0.05  # seconds until an interruption that was lost is raised once more


class Interrupted(KeyboardInterrupt):
    """The process was told to end.

    Not KeyboardInterrupt itself: one that passes exec(), as in imports, has Python end with a signal, handled or not.
    """


class _Told:
    """Whether the process was told to end, and the exception that says so while it is on its way."""

    is_set = False
    depth = 0  # blocks that answer, one in the other
    holding = 0  # blocks that must not be interrupted
    on_its_way: Callable[[], Interrupted | None] = staticmethod(lambda: None)


_told = _Told()


def was_told() -> bool:
    """Whether the process was told to end."""
    return _told.is_set


def check() -> None:
    """Before a piece of work begins, or counts as done. Raises Interrupted where the process was told to end."""
    if _told.is_set:
        raise Interrupted


@contextmanager
def answering() -> Iterator[None]:
    """Raise Interrupted at a signal while the block lasts, where nobody else answers it; in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in SIGNALS}
    before = {one: known for one, known in before.items() if known in (signal.SIG_DFL, signal.default_int_handler)}
    hook = sys.unraisablehook
    sys.unraisablehook = lambda lost: _raise_again() if lost.exc_type is Interrupted else hook(lost)
    _told.depth += 1
    for one in before:
        signal.signal(one, _interrupt)
    try:
        yield
    finally:
        _told.depth -= 1
        for one, known in before.items():
            if signal.getsignal(one) is _interrupt:
                signal.signal(one, known)
        sys.unraisablehook = hook
        _told.is_set = _told.is_set and _told.depth > 0


@contextmanager
def holding() -> Iterator[None]:
    """What interrupts the block is raised at its end. Programs that it starts do not hear Ctrl-C at all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    _told.holding += 1
    was_set = _told.is_set
    try:
        yield
    finally:
        _told.holding -= 1
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
    if _told.is_set and not was_set:
        raise Interrupted


def ignore_signals() -> None:
    """From now on nothing interrupts: the outcome is settled, and what is left is Python's own end."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    if _told.holding or _told.on_its_way() is not None:
        _told.is_set = True
        return  # told while that must wait, or twice: what ends in order is left to do so
    error = Interrupted()
    _told.is_set, _told.on_its_way = True, weakref.ref(error)
    try:
        raise error
    finally:
        del error  # this frame is in its traceback, which would keep it alive


def _raise_again() -> None:
    """By a timer of the system's: here, in the middle of anything, no lock may be taken and no thread started."""
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER)
