"""Servers that say they are busy: after the second 429 or 503 in a row all requests to one wait, and come slower."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from crawlers.manners import FIRST_WAIT, LONGEST_WAIT
from pipeline.urls import Origin, origin_of

PATIENCE = 2  # busy answers in a row from which on the server, not the page, is taken to be busy
LONGEST_HOLD = 30.0
HOLDS_OF_A_CRAWL = 120.0  # seconds in all that one server may hold up a crawl
FIRST_DELAY, LONGEST_DELAY = 0.5, 1.0  # between two requests, after a hold; an outlet's own delay may be longer
RECOVERED = 25  # good answers in a row after which a server is asked at its usual pace again
# Answers in a row that ask to come back another time, from which on a server is left alone until another run.
SENT_AWAY = 8


class Backoff:
    """Counts busy answers in a row, server by server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._in_a_row: Counter[Origin] = Counter()
        self._sent_away: Counter[Origin] = Counter()
        self._until: dict[Origin, float] = {}
        self._held: dict[Origin, float] = {}
        self._delay: dict[Origin, float] = {}
        self._good: Counter[Origin] = Counter()  # answers in a row

    def answered(self, url: str) -> None:
        """The server gave an answer that is not `busy`."""
        origin = origin_of(url)
        self._in_a_row.pop(origin, None)
        self._sent_away.pop(origin, None)
        self._good[origin] += 1
        if self._good[origin] >= RECOVERED:
            self._delay.pop(origin, None)

    def busy(self, url: str, asked: float | None) -> bool:
        """The server said that it is busy, and what wait it wants. True where it is to be left alone from now on."""
        origin = origin_of(url)
        if asked is not None and asked > LONGEST_WAIT:  # that page is not asked for again in this crawl
            self._sent_away[origin] += 1
            return self._sent_away[origin] >= SENT_AWAY
        self._in_a_row[origin] += 1
        self._good.pop(origin, None)
        steps = self._in_a_row[origin] - PATIENCE
        if steps >= 0 and self.seconds_left(url) == 0:
            wished = max(asked or 0.0, FIRST_WAIT * 2.0 ** min(steps, 8))
            held = self._held.get(origin, 0.0)
            hold = min(wished, LONGEST_HOLD, HOLDS_OF_A_CRAWL - held)
            self._held[origin] = held + hold
            self._until[origin] = self._clock() + hold
            self._delay[origin] = min(2 * self._delay.get(origin, FIRST_DELAY / 2), LONGEST_DELAY)
        return False

    def seconds_left(self, url: str) -> float:
        """How long a request to this address has to wait."""
        return max(0.0, self._until.get(origin_of(url), 0.0) - self._clock())

    def delay(self, url: str) -> float:
        """Seconds between two requests to this server, for the time being."""
        return self._delay.get(origin_of(url), 0.0)
