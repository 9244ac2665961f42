"""What a child keeps from page to page."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pipeline.extract.child import forget_cycles


class _Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_a_page_leaves_in_cycles_is_freed() -> None:
    left = weakref.ref(_Cycle())
    forget_cycles()
    assert left() is None


def test_what_stays_is_looked_through_once() -> None:
    kept = [_Cycle() for _ in range(100)]
    forget_cycles()
    assert not any(one in kept for one in gc.get_objects() if isinstance(one, _Cycle))
    new = _Cycle()
    assert any(one is new for one in gc.get_objects() if isinstance(one, _Cycle))


def test_cycles_of_later_pages_are_freed_too() -> None:
    forget_cycles()
    left = weakref.ref(_Cycle())
    forget_cycles()
    assert left() is None
