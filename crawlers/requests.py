"""Requests, with everything in their meta that the middlewares look for."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from pipeline.catalog.ledger import LedgerEntry
from pipeline.records import PageKind


def new_request(url: str, kind: PageKind, entry: LedgerEntry | None = None, **meta: Any) -> Request:
    """A first request for a URL. tries: how often it is asked for, this time included."""
    return Request(url, meta={"kind": kind, "asked": url, "entry": entry, "tries": 1, **meta}, dont_filter=True)


def entry_of(request: Request) -> LedgerEntry | None:
    """What the ledger knew of the URL when it was asked for."""
    entry: LedgerEntry | None = request.meta.get("entry")
    return entry
