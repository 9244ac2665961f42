"""Seconds that count: a time limit runs while the event loop has time for its work, not while it is held up.

A machine under load, or a long stretch of work in this process, would else make whole pages too slow.
"""

from __future__ import annotations

from typing import Any

TICK = 0.25
MOST_STRETCH = 4.0  # a limit is never stretched beyond so many times itself


class Patience:
    """Counts the seconds in which the event loop could work, from the start of the crawl."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._last: float = reactor.seconds()
        self.seconds = 0.0
        reactor.callLater(TICK, self._tick)

    def _tick(self) -> None:
        now: float = self._reactor.seconds()
        self.seconds += min(now - self._last, 2 * TICK)
        self._last = now
        self._reactor.callLater(TICK, self._tick)


class TimeLimit:
    """So many seconds from now; then calls back, once."""

    def __init__(self, reactor: Any, patience: Patience, seconds: float, call_back: Any) -> None:
        self._reactor, self._patience, self._call_back = reactor, patience, call_back
        self._counts_to = patience.seconds + seconds
        self._latest = reactor.seconds() + seconds * MOST_STRETCH
        self._timer = reactor.callLater(seconds, self._over)

    def end(self) -> None:
        """It does not matter any more."""
        if self._timer.active():
            self._timer.cancel()

    def _over(self) -> None:
        left = self._counts_to - self._patience.seconds
        if left > TICK and self._reactor.seconds() < self._latest:
            self._timer = self._reactor.callLater(left, self._over)
        else:
            self._call_back()
