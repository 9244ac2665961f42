"""Archived bytes as source: escaped text in a page, never rendered."""

from __future__ import annotations

import re
from functools import partial

from fastapi import APIRouter, HTTPException, Request, Response

from app.web.params import Id
from app.web.site import html_answer, site_of
from app.web.text import clean
from pipeline.catalog.captures import capture_by_id
from pipeline.errors import WireError

router = APIRouter()
# What a person reads of a page's source; the whole is in the archive.
MAX_SHOWN = 400_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
HEAD_BYTES = 4_096


@router.get("/capture", include_in_schema=False)
def capture(request: Request, id: Id) -> Response:  # noqa: A002 - the parameter's name in the address
    """One capture with its head and source."""
    site = site_of(request)
    found = site.read(partial(capture_by_id, capture_id=id))
    if found is None:
        raise HTTPException(404, "There is no such capture here.")
    head, source, cut, problem = "", "", False, None
    if site.read_capture is None:
        problem = "The archive cannot be read from here."
    else:
        try:
            archived = site.read_capture(found)
        except WireError as error:
            problem = str(error)
        else:
            shown = archived.body[:MAX_SHOWN]
            head, source = clean(archived.head), clean(decode_source(shown, found.content_type))
            cut = archived.cut or len(shown) < len(archived.body)
    return html_answer(request, "capture.html", view=found, head=head, source=source, cut=cut, problem=problem)


def decode_source(body: bytes, content_type: str) -> str:
    """Text by the charset that the answer or the page names; what does not fit becomes a replacement character."""
    named = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(body[:HEAD_BYTES])
    try:
        return body.decode(named.group(1).decode("ascii") if named else "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")
