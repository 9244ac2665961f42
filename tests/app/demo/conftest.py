from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.demo.server import DemoWorld

NOW = datetime(2026, 3, 11, 14, 30, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def served() -> Iterator[DemoWorld]:
    with DemoWorld(NOW).serve() as world:
        yield world
