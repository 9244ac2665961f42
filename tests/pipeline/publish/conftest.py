"""A published sample release."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "data")


@pytest.fixture
def published(storage: Storage) -> Storage:
    publish_release(storage, content(), version="v1", published_at=NOON)
    return storage
