"""The time: stages ask for it here and pass it on, as the pipeline has no clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)
