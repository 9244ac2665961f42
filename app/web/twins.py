"""A page and its .json twin from one query: registered together, so that neither can lack what the other has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from app.web.site import Site, html_answer, json_answer, site_of
from pipeline.catalog.queries.choices import story_choices
from pipeline.catalog.queries.paging import MAX_NUMBER, Paging

Extra = Callable[[Site], dict[str, Any]]

_MISSING = {"description": "Nothing of that id."}
_BAD = {"description": "A parameter that does not fit."}


def offered_choices(site: Site) -> dict[str, Any]:
    """What the filters of a form offer."""
    return {"choices": site.recall(partial(story_choices))}


def answers(model: Any, summary: str) -> dict[int | str, dict[str, Any]]:
    """What a twin may answer, for its description."""
    return {
        200: {"model": model, "description": summary},
        304: {"description": "The reader has it already (If-None-Match)."},
        400: _BAD,
        404: _MISSING,
    }


def add_twins(
    router: APIRouter,
    path: str,
    template: str,
    read: Callable[..., partial[Any]],
    model: Any,
    summary: str,
    *,
    also: str | None = None,
    extra: Extra | None = None,
    keep: bool = False,
) -> None:
    """read takes the query parameters and gives the query; its result fills the template and the JSON of that model.

    also: a second address of the page. extra: what the page offers beside the result, such as a form's choices.
    keep: the result is dear to count and kept until the catalog changes.
    """

    def result(request: Request, query: partial[Any] = Depends(read)) -> Any:  # noqa: B008 - how a dependency is declared
        site = site_of(request)
        found = site.recall(query) if keep else site.read(query)
        if found is None:
            raise HTTPException(404, "There is nothing of that id here.")
        return found

    def page(request: Request, view: Any = Depends(result)) -> Response:  # noqa: B008 - how a dependency is declared
        more = extra(site_of(request)) if extra else {}
        return html_answer(request, template, view=view, **more)

    def data(request: Request, view: Any = Depends(result)) -> Response:  # noqa: B008 - how a dependency is declared
        answer = json_answer(request, view)
        if links := _neighbours(request, view):
            answer.headers["link"] = links
        return answer

    for address in (path, also):
        if address:
            router.add_api_route(address, page, methods=["GET"], include_in_schema=False)
    router.add_api_route(
        f"{path}.json",
        data,
        methods=["GET"],
        summary=summary,
        operation_id=path.strip("/").replace("/", "_"),
        response_class=Response,
        responses=answers(model, summary),
    )


def _neighbours(request: Request, view: Any) -> str:
    """The pages before and after one of a list, as RFC 8288 links; "" for what is no list."""
    page, total = getattr(view, "page", None), getattr(view, "total", None)
    if not isinstance(page, Paging) or not isinstance(total, int):
        return ""
    numbers = {"prev": page.number - 1, "next": page.number + 1}
    there = {"prev": page.number > 1, "next": page.offset + page.size < total and page.number < MAX_NUMBER}
    asked = dict(request.query_params)
    return ", ".join(
        f'<{request.url.path}?{urlencode({**asked, "page": number})}>; rel="{rel}"'
        for rel, number in numbers.items()
        if there[rel]
    )
