from __future__ import annotations

from twisted.internet.task import Clock

from crawlers.patience import MOST_STRETCH, TICK, Patience, TimeLimit


def run(clock: Clock, seconds: float) -> None:
    """Time passes while the loop works."""
    clock.pump([TICK / 2] * round(seconds * 2 / TICK))


def held_up(clock: Clock, seconds: float) -> None:
    """Time passes while the loop is busy with one thing."""
    clock.advance(seconds)


def started(seconds: float) -> tuple[Clock, list[float]]:
    clock, over = Clock(), list[float]()
    TimeLimit(clock, Patience(clock), seconds, lambda: over.append(clock.seconds()))
    return clock, over


def test_a_limit_is_over_in_time_where_nothing_holds_the_loop_up() -> None:
    clock, over = started(5)
    run(clock, 4.5)
    assert over == []
    run(clock, 1)
    assert len(over) == 1


def test_a_loop_that_is_held_up_costs_no_page() -> None:
    clock, over = started(5)
    run(clock, 1)
    held_up(clock, 8)
    assert over == []
    run(clock, 3)
    assert over == []
    run(clock, 2)
    assert len(over) == 1


def test_no_limit_is_stretched_for_ever() -> None:
    clock, over = started(5)
    for _ in range(3):
        held_up(clock, 5 * MOST_STRETCH / 2)
    run(clock, 5)
    assert len(over) == 1


def test_a_limit_that_was_ended_calls_nobody() -> None:
    clock = Clock()
    over: list[None] = []
    limit = TimeLimit(clock, Patience(clock), 5, lambda: over.append(None))
    limit.end()
    limit.end()
    run(clock, 30)
    assert over == []
