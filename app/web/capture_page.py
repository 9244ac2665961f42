"""Archived bytes as source: escaped text in a page, never rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from app.web.params import Id
from app.web.site import html_answer, json_answer, site_of
from app.web.twins import answers
from pipeline.catalog.captures import capture_by_id
from pipeline.errors import WireError
from pipeline.records import Capture

router = APIRouter()
# What a person reads of a page's source; the whole is in the archive.
MAX_SHOWN = 400_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
HEAD_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class CaptureView:
    """One capture with its head and source as text; problem says why they are not there."""

    capture: Capture
    head: str = ""
    source: str = ""
    cut: bool = False  # only the beginning of the body is here
    problem: str | None = None


def capture_view(request: Request, id: Id) -> CaptureView:  # noqa: A002 - the parameter's name in the address
    """The capture of that id, read from the archive."""
    site = site_of(request)
    found = site.read(partial(capture_by_id, capture_id=id))
    if found is None:
        raise HTTPException(404, "There is no such capture here.")
    if site.read_capture is None:
        return CaptureView(found, problem="The archive cannot be read from here.")
    try:
        archived = site.read_capture(found)
    except WireError as error:
        return CaptureView(found, problem=str(error))
    shown = archived.body[:MAX_SHOWN]
    source = decode_source(shown, found.content_type)
    return CaptureView(found, archived.head, source, archived.cut or len(shown) < len(archived.body))


@router.get("/capture", include_in_schema=False)
def capture(request: Request, view: Annotated[CaptureView, Depends(capture_view)]) -> Response:
    """One capture with its head and source."""
    return html_answer(request, "capture.html", view=view)


@router.get(
    "/capture.json",
    summary="One archived answer: its record, head and source as text",
    operation_id="capture",
    response_class=Response,
    responses=answers(CaptureView, "One archived answer: its record, head and source as text"),
)
def capture_data(request: Request, view: Annotated[CaptureView, Depends(capture_view)]) -> Response:
    """The same for programs."""
    return json_answer(request, view)


def decode_source(body: bytes, content_type: str) -> str:
    """Text by the charset that the answer or the page names; what does not fit becomes a replacement character."""
    named = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(body[:HEAD_BYTES])
    try:
        return body.decode(named.group(1).decode("ascii") if named else "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")
