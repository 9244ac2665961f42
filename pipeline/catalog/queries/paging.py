"""Which part of a long list is shown: numbers from the outside are clamped, never trusted."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SIZE = 40
MAX_SIZE = 200
# A terminal, or the program behind its pipe, may ask for more at once than a web page.
MAX_TERMINAL_SIZE = 1_000
# Deep pages cost time for nothing anybody reads; filters lead there faster.
MAX_NUMBER = 1_000


@dataclass(frozen=True, slots=True)
class Paging:
    """The number-th page (from 1) of size rows."""

    number: int = 1
    size: int = DEFAULT_SIZE

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.number - 1) * self.size

    def last_of(self, total: int) -> int:
        """The number of the last page that holds something of so many rows; 1 where there are none."""
        return min(max(-(-total // self.size), 1), MAX_NUMBER)


def page_of(number: int = 1, size: int = DEFAULT_SIZE, most: int = MAX_SIZE) -> Paging:
    """A page with both numbers brought inside their limits."""
    return Paging(min(max(number, 1), MAX_NUMBER), min(max(size, 1), most))
