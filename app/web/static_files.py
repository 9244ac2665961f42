"""The pages' own styles and fonts: read once, served from memory under names that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from app.web.site import answer

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
router = APIRouter()


@cache
def static_files() -> dict[str, bytes]:
    """Path below the folder -> content."""
    found = (one for one in sorted(FOLDER.rglob("*")) if one.suffix in TYPES)
    return {one.relative_to(FOLDER).as_posix(): one.read_bytes() for one in found}


@cache
def static_url(name: str) -> str:
    """The address of a file, with a mark of its content."""
    return f"/static/{name}?v={hashlib.sha256(static_files()[name]).hexdigest()[:12]}"


@router.get("/static/{name:path}", include_in_schema=False)
def static_file(request: Request, name: str) -> Response:
    """One of the files."""
    content = static_files().get(name)
    if content is None:
        raise HTTPException(404, "There is no such file here.")
    suffix = "." + name.rsplit(".", 1)[-1]
    return answer(request, content, TYPES[suffix], cache="public, max-age=86400")
