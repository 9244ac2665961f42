from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

from app.web.memory import MAX_RESULTS, Memory


def test_a_result_is_counted_once_per_state() -> None:
    memory, calls = Memory(), count(1)
    assert [memory.recall("q", 1, lambda: next(calls)) for _ in range(3)] == [1, 1, 1]
    assert memory.recall("q", 2, lambda: next(calls)) == 2
    assert memory.recall("other", 2, lambda: next(calls)) == 3


def test_without_a_state_nothing_is_kept() -> None:
    memory, calls = Memory(), count(1)
    assert [memory.recall("q", None, lambda: next(calls)) for _ in range(2)] == [1, 2]


def test_many_who_ask_at_once_wait_for_one() -> None:
    memory, calls, go = Memory(), count(1), Event()

    def slow() -> int:
        assert go.wait(10)
        return next(calls)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(memory.recall, "q", 1, slow) for _ in range(4)]
        go.set()
        assert [one.result(10) for one in asked] == [1, 1, 1, 1]


def test_old_results_give_way() -> None:
    memory, calls = Memory(), count(1)
    for question in range(MAX_RESULTS + 1):
        memory.recall(question, 1, lambda: next(calls))
    before = next(calls)
    memory.recall(MAX_RESULTS, 1, lambda: next(calls))  # kept
    assert next(calls) == before + 1
    memory.recall(0, 1, lambda: next(calls))  # the oldest is counted anew
    assert next(calls) == before + 3
