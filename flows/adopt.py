"""From the archive back into the catalog: captures without a row, what they announced, what the ledger says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from crawlers.manners import next_recheck
from flows.ingest_warc import FOLDER
from flows.workspace import Workspace
from pipeline.archive.answer import StoredAnswer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers
from pipeline.catalog.articles import add_rejections, register_named_outlets
from pipeline.catalog.captures import add_captures, known_captures, mark_extracted
from pipeline.catalog.engine import Connection, reading, writing
from pipeline.catalog.ledger import UrlState, Visit, discovery_of, record_discoveries, record_visits
from pipeline.discover.feeds import parse_feed
from pipeline.discover.found import Source
from pipeline.discover.sections import parse_section
from pipeline.discover.sitemaps import parse_sitemap
from pipeline.reasons import Reason
from pipeline.records import Capture, Discovery, PageKind, Rejection

ANSWERS_AT_ONCE = 200
GONE = (404, 410)


@dataclass(slots=True)
class Adopted:
    """What came out of WARC files into the catalog."""

    captures: int = 0
    discoveries: int = 0


def adopt_file(workspace: Workspace, files: ArchiveFiles, name: str) -> Adopted:
    """Add every capture of a WARC file that the catalog does not know. Damaged records are passed over."""
    adopted = Adopted()
    with files.open(name) as source:
        batch: list[StoredAnswer] = []
        for stored in iterate_answers(source):
            if stored.outlet_id is None or stored.fetched_at is None or stored.digest_holds is False:
                continue
            batch.append(stored)
            if len(batch) >= ANSWERS_AT_ONCE:
                _adopt(workspace, name, batch, adopted)
                batch = []
        _adopt(workspace, name, batch, adopted)
    return adopted


def _adopt(workspace: Workspace, name: str, answers: Sequence[StoredAnswer], adopted: Adopted) -> None:
    is_crawled = name.split("/")[1] != FOLDER  # pages of other crawlers' files are judged when they are extracted
    with reading(workspace.engine) as connection:
        known = known_captures(connection, [one.record_id for one in answers])
    captures: list[Capture] = []
    discoveries: list[Discovery] = []
    refusals: dict[str, Rejection] = {}  # of pages that the crawl could not read, by capture
    for stored in answers:
        if stored.record_id in known or stored.outlet_id is None or stored.fetched_at is None:
            continue
        capture = capture_from(stored, name, outlet_id=stored.outlet_id, fetched_at=stored.fetched_at)
        captures.append(capture)
        discoveries += _announced(workspace, stored)
        if is_crawled and (problem := _problem(workspace, stored)) is not None:
            refusals[capture.capture_id] = _refusal(capture, problem, f"{len(stored.body)} bytes received")
    if not captures:
        return
    with writing(workspace.engine) as connection:
        unconfigured = {one.outlet_id for one in captures} - workspace.outlets.keys()
        register_named_outlets(connection, sorted(unconfigured))
        adopted.captures += add_captures(connection, captures)
        for capture_id in refusals:
            mark_extracted(connection, capture_id, "not_due")
        adopted.discoveries += record_discoveries(connection, discoveries)
        gone = [_refusal(one, Reason.GONE, f"status {one.status}") for one in captures if _is_gone_page(one)]
        unread = [refusals[one.capture_id] for one in captures if one.capture_id in refusals and _is_page(one)]
        add_rejections(connection, gone + unread)
        _note_visits(connection, [one for one in captures if one.capture_id not in refusals])


def _announced(workspace: Workspace, stored: StoredAnswer) -> list[Discovery]:
    """What a feed, sitemap or section page of the archive announced."""
    outlet = workspace.outlets.get(stored.outlet_id or "")
    if outlet is None or stored.fetched_at is None or stored.head.status != 200:
        return []
    limits = workspace.settings.limits
    source = Source(
        outlet_id=outlet.id,
        url=stored.url,
        kind=stored.kind or PageKind.ARTICLE,
        read_at=stored.fetched_at.astimezone(UTC),
        zone=outlet.zone,
        content_type=stored.head.get("content-type") or "",
        max_items=limits.feed_items,
        max_bytes=limits.feed_bytes,
    )
    data = stored.payload(limits.feed_bytes).data
    if stored.kind is PageKind.FEED:
        return list(parse_feed(data, source).discoveries)
    if stored.kind is PageKind.SITEMAP:
        return list(parse_sitemap(data, source).discoveries)
    if stored.kind is PageKind.SECTION:
        return list(parse_section(data, source, outlet.discover.article_urls).discoveries)
    return []


def _note_visits(connection: Connection, captures: Sequence[Capture]) -> None:
    """Articles were visited. Sources are asked for afresh: what they led to may not have been followed."""
    visits: list[Visit] = []
    for one in captures:
        if one.kind is not PageKind.ARTICLE or one.status not in (200, *GONE):
            continue
        visits += [_visit(connection, one, url) for url in dict.fromkeys((one.url, one.final_url))]
    record_visits(connection, visits)


def _problem(workspace: Workspace, stored: StoredAnswer) -> Reason | None:
    problem = stored.payload(workspace.settings.limits.page_bytes).problem
    return None if problem is Reason.TRUNCATED else problem


def _is_page(capture: Capture) -> bool:
    return capture.kind is PageKind.ARTICLE and capture.status == 200


def _is_gone_page(capture: Capture) -> bool:
    return capture.kind is PageKind.ARTICLE and capture.status in GONE


def _refusal(capture: Capture, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        outlet_id=capture.outlet_id,
        url=capture.url,
        stage="crawl",
        reason=reason,
        detail=detail,
        rejected_at=capture.fetched_at,
        run_id=capture.run_id,
    )


def _visit(connection: Connection, one: Capture, url: str) -> Visit:
    told = discovery_of(connection, one.outlet_id, url)
    first_seen = (told.published_at or told.discovered_at) if told else one.fetched_at
    is_gone = one.status in GONE
    return Visit(
        outlet_id=one.outlet_id,
        url=url,
        kind=one.kind,
        state=UrlState.GONE if is_gone else UrlState.FETCHED,
        at=one.fetched_at,
        next_fetch_at=None if is_gone else next_recheck(min(first_seen, one.fetched_at), one.fetched_at),
        status=one.status,
        reason=Reason.GONE if is_gone else None,
        etag=one.etag,
        last_modified=one.last_modified,
        payload_sha256=None if one.truncated else one.payload_sha256,
    )
