"""Articles: which ones are asked for, and what the ledger notes of each answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy import Request
from scrapy.http import Response

from crawlers.answers import BUSY, header, wait_asked
from crawlers.archiving import GONE
from crawlers.context import CrawlContext
from crawlers.manners import FRESH, next_recheck, next_try, wait_before_retry
from crawlers.refusals import RefusedError
from crawlers.requests import entry_of, new_request
from pipeline.catalog.ledger import UrlState, Visit
from pipeline.reasons import Reason
from pipeline.records import PageKind
from pipeline.urls import url_key

TRY_AGAIN = (500, 502, 504, 520, 521, 522, 523, 524)
AT_ONCE = 64  # taken from the ledger at a time
# robots.txt and configuration change; a refused URL that is still announced is looked at again.
REFUSED_FOR = timedelta(days=1)
FOR_GOOD = (Reason.BAD_SCHEME, Reason.BAD_URL, Reason.TOO_LARGE, Reason.BAD_ENCODING)


class ArticleVisits:
    """Hands out article requests from the ledger and notes what came of them."""

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._asked: set[str] = set()  # ledger keys taken in this crawl
        self._left = context.job.max_pages

    async def next_requests(self) -> list[Request]:
        """The next articles to ask for; empty when none is due or the crawl has had its share."""
        wanted = min(self._left, AT_ONCE)
        if wanted <= 0 or self._context.budget_used:
            return []
        entries = await self._context.recorder.due(wanted, self._asked)
        self._left -= len(entries)
        self._asked.update(entry.url_key for entry in entries)
        self._context.counts["planned"] += len(entries)
        return [new_request(entry.url, PageKind.ARTICLE, entry) for entry in entries]

    def wait_for(self, request: Request, response: Response) -> float | None:
        """Seconds until another try in this crawl, where the answer calls for one."""
        asked = wait_asked(response, self._context.now())
        if response.status in (*BUSY, *TRY_AGAIN):
            return wait_before_retry(request.meta["tries"], asked)
        if request.meta.get("problem") is Reason.TRUNCATED and request.meta["tries"] == 1:
            return wait_before_retry(1, None)
        return None

    async def arrived(self, request: Request, response: Response) -> list[Request]:
        """Note an answer."""
        context, now = self._context, self._context.now()
        problem: Reason | None = request.meta.get("problem")
        if request.meta.get("unchanged"):
            context.counts["not_modified"] += 1
            self._note(request, UrlState.FETCHED, now, self._recheck(request, now), response, not_modified=True)
        elif response.status in GONE:
            known = entry_of(request)
            again = now + REFUSED_FOR if known is not None and known.state is UrlState.FETCHED else None
            self._reject(request, Reason.GONE, f"status {response.status}", now)
            self._note(request, UrlState.GONE, now, again, response, reason=Reason.GONE)
        elif response.status in (*BUSY, *TRY_AGAIN):
            reason = Reason.BUSY if response.status in BUSY else Reason.HTTP_ERROR
            self._later(request, reason, f"status {response.status}", now, wait_asked(response, now))
        elif response.status != 200:
            self._later(request, Reason.HTTP_ERROR, f"status {response.status}", now, None)
        elif problem not in (None, Reason.TRUNCATED):
            self.refused(request, RefusedError(problem, f"{request.meta['received']} bytes received"))
        else:
            self._fetched(request, response, now)
        self._progress()
        return []

    def refused(self, request: Request, why: RefusedError) -> None:
        """Note a request that was not made or not answered."""
        now = self._context.now()
        if why.reason is Reason.TOO_MANY_REQUESTS:  # stays as it is in the ledger: the next run goes on
            self._context.budget_used = True
            self._context.recorder.reject(self._context.outlet.id, why.reason, why.detail, now)
            return
        if why.reason in (
            Reason.UNREACHABLE,
            Reason.TOO_SLOW,
            Reason.BUSY,
            Reason.UNEXPECTED_ERROR,
            Reason.TLS_FAILED,
            Reason.ROBOTS_UNAVAILABLE,
        ):
            self._later(request, why.reason, why.detail, now, None)
        else:
            again = None if why.reason in FOR_GOOD else now + REFUSED_FOR
            self._reject(request, why.reason, why.detail, now)
            self._note(request, UrlState.REJECTED, now, again, None, reason=why.reason)
        self._progress()

    def _fetched(self, request: Request, response: Response, now: datetime) -> None:
        self._context.counts["fetched"] += 1
        asked, final = request.meta["asked"], response.url
        recheck = self._recheck(request, now)
        if url_key(asked) != url_key(final):
            # The article lives at its final address: that one is looked at again, not the one that led there.
            self._note(request, UrlState.FETCHED, now, recheck, response, url=final)
            recheck = None
            self._asked.add(url_key(final))
        self._note(request, UrlState.FETCHED, now, recheck, response)

    def _later(self, request: Request, reason: Reason, detail: str, now: datetime, asked: float | None) -> None:
        again = next_try(entry_of(request), now, asked)
        self._reject(request, reason, detail, now)
        state = UrlState.FAILED if again else UrlState.REJECTED
        self._note(request, state, now, again, None, reason=reason)

    def _recheck(self, request: Request, now: datetime) -> datetime | None:
        entry = entry_of(request)
        first_seen = min((entry.published_at or entry.discovered_at) if entry else now, now)
        if (entry is None or entry.fetched_at is None) and now - first_seen < FRESH:
            return now  # the next run asks at once, conditionally: most corrections come in the first hour
        return next_recheck(first_seen, now)

    def _note(
        self,
        request: Request,
        state: UrlState,
        now: datetime,
        again: datetime | None,
        response: Response | None,
        *,
        url: str | None = None,
        reason: Reason | None = None,
        not_modified: bool = False,
    ) -> None:
        whole = response is not None and request.meta.get("problem") is None and state is UrlState.FETCHED
        self._context.recorder.add_visit(
            Visit(
                outlet_id=self._context.outlet.id,
                url=url or request.meta["asked"],
                kind=PageKind.ARTICLE,
                state=state,
                at=now,
                next_fetch_at=again,
                status=response.status if response is not None else None,
                reason=reason,
                etag=header(response, "ETag") if whole else None,
                last_modified=header(response, "Last-Modified") if whole else None,
                payload_sha256=request.meta.get("payload_sha256") if whole else None,
                not_modified=not_modified,
            )
        )

    def _reject(self, request: Request, reason: Reason, detail: str, now: datetime) -> None:
        self._context.recorder.reject(request.meta["asked"], reason, detail, now)

    def _progress(self) -> None:
        self._context.counts["visited"] += 1
        self._context.tell_progress()
