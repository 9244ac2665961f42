"""Feeds, sitemaps, section pages: what they announce goes into the ledger, what they lead to is followed in bounds."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from crawlers.answers import BUSY, header
from crawlers.archiving import GONE
from crawlers.context import CrawlContext
from crawlers.manners import LONGEST_PAUSE, next_try
from crawlers.refusals import RefusedError
from crawlers.requests import entry_of, new_request
from pipeline.archive.payload import decode_payload
from pipeline.catalog.ledger import LedgerEntry, UrlState, Visit
from pipeline.discover.feeds import parse_feed
from pipeline.discover.found import Found, Source
from pipeline.discover.sections import parse_section
from pipeline.discover.sitemaps import parse_sitemap
from pipeline.reasons import Reason
from pipeline.records import Discovery, PageKind

log = logging.getLogger("wirecopy")
MAX_SITEMAP_DEPTH = 3  # the protocol knows one level of indexes; some sites have two
# A source that failed so often is left alone until its next_fetch_at.
PATIENT_FAILURES = 3
NO_HOPE = (Reason.UNREACHABLE, Reason.TLS_FAILED, Reason.BLOCKED_ADDRESS, Reason.ROBOTS_UNAVAILABLE)


class SourceVisits:
    """Asks for an outlet's sources and reads them."""

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._asked: set[str] = set()
        self._trees: Counter[str] = Counter()  # requests per sitemap or listing that was configured
        self.read = 0  # sources that could be read
        self._reasons: list[Reason] = []
        self._reading = asyncio.Lock()  # one at a time: each may unfold to limits.feed_bytes

    @property
    def reachable(self) -> bool:
        """False when no source could be reached, so that articles need not be tried."""
        return self.read > 0 or not self._reasons or any(reason not in NO_HOPE for reason in self._reasons)

    async def first_requests(self) -> list[Request]:
        """Every configured source whose pause is over."""
        discover = self._context.outlet.discover
        requests = []
        for kind, urls in (
            (PageKind.FEED, discover.feeds),
            (PageKind.SITEMAP, discover.sitemaps),
            (PageKind.SECTION, discover.sections),
        ):
            entries = await self._context.recorder.entries(kind, urls)
            for url in dict.fromkeys(urls):
                entry = entries.get(url)
                if entry is not None and self._is_paused(entry):
                    continue
                self._asked.add(url)
                requests.append(new_request(url, kind, entry, tree=url, depth=0))
        return requests

    async def arrived(self, request: Request, response: Response) -> list[Request]:
        """Read a source; returns requests for what it leads to."""
        now = self._context.now()
        if request.meta.get("unchanged"):
            self.read += 1
            self._context.counts["not_modified"] += 1
            log.info("%s %s has not changed", request.meta["kind"].value, response.url)
            self._note(request, UrlState.FETCHED, now, response=response, not_modified=True)
            return []
        if response.status != 200:
            self.refused(request, RefusedError(_reason_of(response.status), f"status {response.status}"))
            return []
        async with self._reading:
            found = await asyncio.to_thread(self._parse, request, response, now)
        wrong: Reason | None = request.meta.get("problem")
        if wrong is not None:
            self._context.recorder.reject(request.meta["asked"], wrong, "what is whole of it is taken", now)
        log.info("%s %s announces %d articles", request.meta["kind"].value, response.url, len(found.discoveries))
        usable = bool(found.discoveries or found.children or not _is_unusable(found))
        if usable:
            self.read += 1
        elif found.problems:
            self._fail(request, found.problems[-1].reason, found.problems[-1].detail)
        for problem in found.problems:
            self._context.recorder.reject(problem.url, problem.reason, problem.detail, now)
        if (silence := self._silence(request, response, found)) is not None:
            self._context.recorder.reject(request.meta["asked"], *silence, now)
        self._context.recorder.add_discoveries(self._in_scope(found.discoveries, request.meta["tree"], now))
        follow = self._children(request, found, now) + self._next_page(request, found, now)
        self._note(request, UrlState.FETCHED, now, response=response if not follow and usable else None)
        return follow

    def refused(self, request: Request, why: RefusedError) -> None:
        """Note a source that could not be read."""
        now = self._context.now()
        self._context.recorder.reject(request.meta["asked"], why.reason, why.detail, now)
        self._fail(request, why.reason, why.detail)
        self._note(request, UrlState.FAILED, now, reason=why.reason)

    def _fail(self, request: Request, reason: Reason, detail: str) -> None:
        if request.meta.get("depth") == 0:
            self._reasons.append(reason)
            if not self._context.message:
                self._context.message = f"{request.meta['asked']}: {detail}"

    def _parse(self, request: Request, response: Response, now: datetime) -> Found:
        kind: PageKind = request.meta["kind"]
        limits = self._context.settings.limits
        encoding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        payload = decode_payload(response.body, encoding, limits.feed_bytes)
        source = Source(
            outlet_id=self._context.outlet.id,
            url=response.url,
            kind=kind,
            read_at=now,
            zone=self._context.outlet.zone,
            content_type=header(response, "Content-Type") or "",
            max_items=limits.feed_items,
            max_bytes=limits.feed_bytes,
        )
        if kind is PageKind.FEED:
            found = parse_feed(payload.data, source)
        elif kind is PageKind.SITEMAP:
            found = parse_sitemap(payload.data, source)
        else:
            found = parse_section(payload.data, source, self._context.outlet.discover.article_urls)
        return found

    @staticmethod
    def _silence(request: Request, response: Response, found: Found) -> tuple[Reason, str] | None:
        """Why a configured source announces nothing although nothing in it is wrong; None where it does not matter."""
        if request.meta["depth"] or found.discoveries:
            return None
        if request.meta["kind"] is PageKind.SECTION:
            return Reason.BAD_SECTION, "no link to an article"
        if found.children and {request.meta["asked"], response.url}.issuperset(found.children):
            return Reason.BAD_SITEMAP, "the sitemap lists itself alone"
        return None

    def _in_scope(self, discoveries: tuple[Discovery, ...], tree: str, now: datetime) -> list[Discovery]:
        """Those that may be asked for; found in the source that is configured, whatever page of it names them."""
        kept = []
        for one in discoveries:
            url = self._context.scope.inside(one.url)
            refused = self._context.scope.refusal(url)
            if refused is not None:
                self._context.recorder.reject(one.url, refused[0], refused[1], now)
            elif url not in self._asked:
                kept.append(replace(one, url=url, found_in=tree))
        return kept

    def _children(self, request: Request, found: Found, now: datetime) -> list[Request]:
        """The sitemaps of an index, within the tree's share."""
        tree, depth = request.meta["tree"], request.meta["depth"] + 1
        requests = []
        for address in found.children:
            url = self._context.scope.inside(address)
            if url in self._asked:
                continue
            refused = self._context.scope.refusal(url)
            if refused is None and depth > MAX_SITEMAP_DEPTH:
                refused = Reason.TOO_DEEP, f"sitemaps nested deeper than {MAX_SITEMAP_DEPTH}"
            if refused is None and self._trees[tree] + 1 >= self._context.settings.limits.sitemap_requests:
                detail = f"more than {self._context.settings.limits.sitemap_requests} sitemaps under {tree}"
                self._context.recorder.reject(tree, Reason.TOO_MANY_REQUESTS, detail, now)
                break
            if refused is not None:
                self._context.recorder.reject(url, refused[0], refused[1], now)
                continue
            self._trees[tree] += 1
            self._asked.add(url)
            requests.append(new_request(url, PageKind.SITEMAP, tree=tree, depth=depth))
        return requests

    def _next_page(self, request: Request, found: Found, now: datetime) -> list[Request]:
        """The next page of a listing, within its share; a page that announces nothing leads nowhere."""
        if found.next_page is None or not found.discoveries:
            return []
        url, tree = self._context.scope.inside(found.next_page), request.meta["tree"]
        refused = self._context.scope.refusal(url)
        if refused is not None:
            self._context.recorder.reject(url, refused[0], refused[1], now)
            return []
        if url in self._asked:
            return []
        if self._trees[tree] + 1 >= self._context.settings.limits.listing_pages:
            detail = f"more than {self._context.settings.limits.listing_pages} pages of one listing"
            self._context.recorder.reject(tree, Reason.TOO_DEEP, detail, now)
            return []
        self._trees[tree] += 1
        self._asked.add(url)
        return [new_request(url, PageKind.SECTION, tree=tree, depth=request.meta["depth"] + 1)]

    def _is_paused(self, entry: LedgerEntry) -> bool:
        paused = (
            entry.state is UrlState.FAILED
            and entry.attempts >= PATIENT_FAILURES
            and entry.next_fetch_at is not None
            and entry.next_fetch_at > self._context.now()
        )
        if paused and not self._context.message:
            until = f"{entry.next_fetch_at:%Y-%m-%d %H:%M} UTC"
            self._context.message = f"{entry.url}: left alone until {until} after {entry.attempts} failures"
        return paused

    def _note(
        self,
        request: Request,
        state: UrlState,
        now: datetime,
        *,
        response: Response | None = None,
        reason: Reason | None = None,
        not_modified: bool = False,
    ) -> None:
        """Note a visit. Validators are kept only of what leads nowhere: a 304 would hide what an index leads to."""
        whole = response is not None and request.meta.get("problem") is None
        failed = state is UrlState.FAILED
        again = (next_try(entry_of(request), now) or now + LONGEST_PAUSE) if failed else None
        self._context.recorder.add_visit(
            Visit(
                outlet_id=self._context.outlet.id,
                url=request.meta["asked"],
                kind=request.meta["kind"],
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


def _reason_of(status: int) -> Reason:
    if status in BUSY:
        return Reason.BUSY
    return Reason.GONE if status in GONE else Reason.HTTP_ERROR


def _is_unusable(found: Found) -> bool:
    """True where the bytes are not what the source should be; a feed that is merely empty is."""
    return any(
        one.reason in (Reason.BAD_FEED, Reason.BAD_SITEMAP) and "no entry" not in one.detail for one in found.problems
    )
