"""Redirects, one hop at a time: each becomes a request of its own and passes every check again."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawlers.guard import ContextMiddleware
from crawlers.refusals import RefusedError
from pipeline.reasons import Reason
from pipeline.urls import clean_url

REDIRECTS = (301, 302, 303, 307, 308)
MAX_HOPS = 10  # RFC 9309 asks for five at least for robots.txt; Googlebot follows ten, browsers twenty
MAX_LOCATION = 4_000


class RedirectMiddleware(ContextMiddleware):
    """Turns a redirect into the next request."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The next request, or the response where it is no redirect. Raises RefusedError."""
        location = response.headers.get("Location")
        if response.status not in REDIRECTS or location is None:
            return response
        hops = request.meta.get("hops", 0) + 1
        if hops > MAX_HOPS:
            raise RefusedError(Reason.TOO_MANY_REDIRECTS, f"more than {MAX_HOPS} redirects")
        target, reason = clean_url(_text(location), response.url)
        if reason is not None:
            raise RefusedError(reason, f"redirect to {target[:200]}")
        refused = self.context.scope.refusal(target)
        if refused is not None:
            raise RefusedError(refused[0], f"redirect to {target[:200]}")
        if target in request.meta.get("visited", ()) or target == request.url:
            raise RefusedError(Reason.TOO_MANY_REDIRECTS, "the redirects go in a circle")
        visited = (*request.meta.get("visited", ()), request.url)
        return request.replace(url=target, meta={**request.meta, "hops": hops, "visited": visited})


def _text(location: bytes) -> str:
    try:
        return location[:MAX_LOCATION].decode("utf-8")
    except UnicodeDecodeError:
        return location[:MAX_LOCATION].decode("latin-1")
