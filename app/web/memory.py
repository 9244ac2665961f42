"""Results that are dear to count, kept until the catalog changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MAX_RESULTS = 200


class Memory:
    """Results by question, each with the catalog's state that it was counted from. Safe between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._counting: dict[Hashable, threading.Lock] = {}

    def recall(self, question: Hashable, state: Hashable | None, count: Callable[[], Any]) -> Any:
        """The result for that state; counted once, however many ask at the same time. state None: counted anew."""
        if state is None:
            return count()
        with self._lock:
            found = self._kept.get(question)
            if found and found[0] == state:
                self._kept.move_to_end(question)
                return found[1]
            alone = self._counting.setdefault(question, threading.Lock())
        with alone:
            with self._lock:
                found = self._kept.get(question)
            if found and found[0] == state:
                return found[1]
            result = count()
            self._keep(question, state, result)
            return result

    def _keep(self, question: Hashable, state: Hashable, result: Any) -> None:
        with self._lock:
            self._kept[question] = (state, result)
            self._kept.move_to_end(question)
            while len(self._kept) > MAX_RESULTS:
                self._kept.popitem(last=False)
            self._counting.pop(question, None)
