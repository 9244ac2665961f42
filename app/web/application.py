"""The application: pages, their twins, the wall around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException

from app.web import api_page, capture_page, number_pages, run_pages, static_files, story_pages
from app.web.guard import Guard, allowed_hosts, check_exposure
from app.web.site import ReadCapture, Site, html_answer, json_answer
from app.web.templating import make_templates
from pipeline.catalog.engine import open_readonly
from pipeline.errors import CatalogError
from pipeline.storage import Storage

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# More threads would only wait for each other: Python runs one at a time, SQLite answers in milliseconds.
THREADS = 6
TITLE = "wirecopy"


def create_app(
    catalog_url: str,
    data_dir: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    token: str | None = None,
    hosts: Iterable[str] = (),
    storage: Storage | None = None,
    agency_names: Mapping[str, str] | None = None,
    read_capture: ReadCapture | None = None,
    prefect_url: str | None = None,
) -> ASGIApp:
    """The ASGI application. hosts: further values of the Host header. Raises UsageError, CatalogError."""
    check_exposure(host, token)
    names = agency_names or {}
    site = Site(
        open_readonly(catalog_url),
        make_templates(names, prefect_url),
        storage or Storage(data_dir),
        names,
        read_capture,
    )
    app = FastAPI(
        title=TITLE,
        summary="Who copied which wire report.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.site = site
    for one in (story_pages, number_pages, run_pages, capture_page, static_files, api_page):
        app.include_router(one.router)
    app.add_exception_handler(AnyHTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_bad_parameter)
    app.add_exception_handler(CatalogError, _on_catalog_error)
    app.add_exception_handler(Exception, _on_failure)
    return Guard(app, allowed_hosts(host, port, hosts), token)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    templates = app.state.site.templates
    for name in templates.list_templates():
        templates.get_template(name)  # compiled now, not while the first reader waits
    app.openapi()  # the same
    yield
    app.state.site.engine.dispose()


def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException | AnyHTTPException) else 400
    detail = str(getattr(error, "detail", "")) or "That did not work."
    if status == 404 and detail == "Not Found":
        detail = "There is no such page."
    return _problem(request, status, detail)


def _on_bad_parameter(request: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    said = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in problems[:5]) or "a parameter does not fit"
    return _problem(request, 400, said)


def _on_catalog_error(request: Request, error: Exception) -> Response:
    # The message may name the catalog's path; whoever reads pages need not know it.
    slow = "took longer" in str(error)
    said = "That question takes too long; narrow it down." if slow else "The catalog cannot be read now."
    return _problem(request, 503, said)


def _on_failure(request: Request, _error: Exception) -> Response:
    # The server logs it with its traceback after this answer.
    return _problem(request, 500, "Something went wrong here; it was logged.")


def _problem(request: Request, status: int, said: str) -> Response:
    if request.url.path.endswith(".json"):
        return json_answer(request, {"error": said}, status)
    return html_answer(request, "problem.html", status, said=said, code=status)
