"""Runs, rejections, releases and their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.web.params import Id, OnePage, Text
from app.web.site import has_already, site_of
from app.web.twins import add_twins
from flows.run_history import history, one_run
from pipeline.catalog.queries.rejections import RejectionList, list_rejections
from pipeline.catalog.queries.releases import ReleaseList, list_releases, read_release
from pipeline.catalog.queries.runs import RunList, RunView
from pipeline.errors import StorageError

router = APIRouter()
Found = partial[Any]
# What a release holds; nothing else of the data folder can be asked for.
FILES = {
    "articles.parquet": "application/vnd.apache.parquet",
    "stories.parquet": "application/vnd.apache.parquet",
    "copies.parquet": "application/vnd.apache.parquet",
    "manifest.json": "application/json",
    "README.md": "text/markdown; charset=utf-8",
}
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
BLOCK = 1 << 18


def runs(page: OnePage, state: Text = None) -> Found:
    """The history of runs."""
    return partial(history, state=state, page=page)


def run(id: Id) -> Found:  # noqa: A002 - the parameter's name in the address
    """One run; `latest` is the one that began last."""
    return partial(one_run, run_id=id)


def rejected(
    page: OnePage,
    outlet: Text = None,
    reason: Text = None,
    run: Text = None,
    quarantined: Annotated[bool, Query(description="Only unexpected errors.")] = False,
) -> Found:
    """What became no article."""
    return partial(list_rejections, outlet=outlet, reason=reason, run_id=run, quarantined=quarantined, page=page)


def releases(page: OnePage) -> Found:
    """The dataset's versions."""
    return partial(list_releases, page=page)


add_twins(router, "/runs", "runs.html", runs, RunList, "Runs: their history and state")
add_twins(router, "/run", "run.html", run, RunView, "One run: its stages, counts and rejections")
add_twins(router, "/rejected", "rejected.html", rejected, RejectionList, "What became no article, by outlet and reason")
add_twins(
    router, "/releases", "releases.html", releases, ReleaseList, "Releases: versions of the dataset",
    extra=lambda _site: {"files": tuple(FILES)},
)  # fmt: skip


@router.get(
    "/releases/{version}/{file}",
    summary="A file of a release",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        304: {"description": "The reader has it already (If-None-Match)."},
        404: {"description": "No such release or file."},
    },
)
def release_file(
    request: Request,
    version: Annotated[str, Path(max_length=100)],
    file: Annotated[str, Path(max_length=40, description=", ".join(FILES))],
) -> Response:
    """Stream one of the files that every release has."""
    site = site_of(request)
    known = _VERSION.fullmatch(version) and ".." not in version and file in FILES
    if not known or site.read(partial(read_release, version=version)) is None:
        raise HTTPException(404, "There is no such file of a release here.")
    path = f"releases/{version}/{file}"
    # A release never changes, so its name says what is in it.
    headers = {"etag": f'"{version}/{file}"', "cache-control": "private, max-age=86400, immutable"}
    if has_already(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    try:
        headers["content-length"] = str(site.storage.size(path))
        source = site.storage.open(path)
    except StorageError as error:
        raise HTTPException(404, "The release is known, but its file is not where it was.") from error
    headers["content-disposition"] = f'attachment; filename="{version}-{file}"'
    return StreamingResponse(_blocks(source), media_type=FILES[file], headers=headers)


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    with source:
        while block := source.read(BLOCK):
            yield block
