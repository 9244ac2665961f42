"""What the pages read from, and how a result becomes an answer: HTML, JSON, or 304 where the reader has it already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response

from app.web.memory import Memory
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.plain import to_plain
from pipeline.catalog.queries.state import catalog_state
from pipeline.records import Capture
from pipeline.storage import Storage

if TYPE_CHECKING:
    from jinja2 import Environment

    from pipeline.catalog.engine import Connection, Engine

CACHE = "private, no-cache"


@dataclass(frozen=True, slots=True)
class ArchivedBytes:
    """An archived answer: its head as text, its body as received, inflated where it was compressed."""

    head: str
    body: bytes
    cut: bool = False  # the body is longer than what is here


ReadCapture = Callable[[Capture], ArchivedBytes]


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a page needs; nothing in it can write to the catalog."""

    engine: Engine
    templates: Environment
    storage: Storage
    agency_names: Mapping[str, str]
    read_capture: ReadCapture | None = None
    memory: Memory = field(default_factory=Memory)

    def read(self, query: Callable[[Connection], Any]) -> Any:
        """The query's result, from one snapshot."""
        with reading(self.engine) as connection:
            return query(connection)

    def recall(self, query: partial[Any]) -> Any:
        """The query's result, counted once per state of the catalog."""
        question = (query.func, tuple(sorted(query.keywords.items(), key=str)))
        return self.memory.recall(question, catalog_state(self.engine), lambda: self.read(query))


def site_of(request: Request) -> Site:
    """The site a request is asked of."""
    site: Site = request.app.state.site
    return site


def html_answer(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A page."""
    site = site_of(request)
    text = site.templates.get_template(template).render(
        path=request.url.path, query=dict(request.query_params), **context
    )
    return answer(request, text.encode("utf-8", "replace"), "text/html; charset=utf-8", status)


def json_answer(request: Request, result: Any, status: int = 200) -> Response:
    """The same result for programs."""
    text = json.dumps(to_plain(result), ensure_ascii=False, separators=(",", ":"))
    return answer(request, text.encode("utf-8", "replace"), "application/json", status)


def answer(request: Request, body: bytes, media_type: str, status: int = 200, cache: str = CACHE) -> Response:
    """Bytes with an ETag; 304 where the reader names it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": cache}
    if status == 200 and has_already(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type)


def has_already(request: Request, tag: str) -> bool:
    """The reader names what it holds, and this is it."""
    wanted = request.headers.get("if-none-match", "")
    given = [one.strip().removeprefix("W/") for one in wanted[:2_000].split(",")]
    return tag in given or "*" in given
