"""What an answer's head says beside its body: that the server is busy, how long to wait, which version this is."""

from __future__ import annotations

from datetime import datetime

from scrapy.http import Response

from crawlers.manners import retry_after

BUSY = (429, 503)
LONGEST_KEPT = 500  # letters of a header


def header(response: Response | None, name: str) -> str | None:
    """A header's value, short enough to be kept."""
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1")[:LONGEST_KEPT] if value else None


def wait_asked(response: Response, now: datetime) -> float | None:
    """Seconds that the answer asks to wait."""
    return retry_after(header(response, "Retry-After"), now)
