"""One page to be read, as the stages and the pool hand it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.outlets import Outlet
from pipeline.records import Discovery


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page's decoded entity with what is known of it. `key` is the caller's own, for instance a capture_id."""

    key: str
    payload: bytes
    url: str
    content_type: str
    fetched_at: datetime
    outlet: Outlet | None = None
    hints: Discovery | None = None
    truncated: str | None = None
