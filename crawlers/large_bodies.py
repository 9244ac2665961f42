"""Large bodies one after the other: however many requests are under way, only a few may fill the memory at a time."""

from __future__ import annotations

from collections import deque
from typing import Protocol

LARGE = 1_000_000  # bytes; a hundredth of news pages are larger
MOST_AT_ONCE = 4


class Waiting(Protocol):
    """A body that can be held back."""

    def pause(self) -> None:
        """Read nothing more for now."""

    def resume(self) -> None:
        """Go on."""


class LargeBodies:
    """Gives out the places for large bodies, first come, first served."""

    def __init__(self, places: int = MOST_AT_ONCE) -> None:
        self._places = places
        self._inside: list[Waiting] = []
        self._queue: deque[Waiting] = deque()

    def enter(self, body: Waiting) -> None:
        """A body has become large: it goes on at once, or is paused until there is a place. Once for each body."""
        if body in self._inside or body in self._queue:
            return
        if len(self._inside) < self._places:
            self._inside.append(body)
        else:
            self._queue.append(body)
            body.pause()

    def leave(self, body: Waiting) -> None:
        """A body has ended, well or not, large or not."""
        if body in self._queue:
            self._queue.remove(body)
        if body in self._inside:
            self._inside.remove(body)
            if self._queue:
                following = self._queue.popleft()
                self._inside.append(following)
                following.resume()
