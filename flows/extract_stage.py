"""Extract: captures from the archive into articles and rejections, page by page in child processes."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from flows.article_address import article_address, place_of
from flows.keeping import LEASE_SECONDS, keeping
from flows.ledger import now
from flows.naming import name_agencies
from flows.owners import mark_children, take_or_inherit
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import read_capture
from pipeline.catalog.articles import Stored, add_rejections, store_article, withdraw_article
from pipeline.catalog.captures import count_pending, mark_extracted, pending_captures
from pipeline.catalog.engine import Connection, read_surely, write_surely
from pipeline.catalog.ledger import discoveries_of
from pipeline.catalog.postgresql import lock_texts
from pipeline.catalog.variants import known_as
from pipeline.credits.find import glance_at
from pipeline.credits.marks import NOT_LOOKED, Glance
from pipeline.errors import ArchiveError, LeaseHeld, WireError
from pipeline.extract.pool import ExtractionPool
from pipeline.extract.task import PageTask
from pipeline.machine_errors import what_to_do
from pipeline.reasons import Reason
from pipeline.records import Article, Capture, Discovery, Rejection
from pipeline.urls import article_id

log = logging.getLogger("wirecopy")
# Pages read and stored between two looks at the catalog; a kill loses at most this many extractions, no capture.
CAPTURES_AT_ONCE = 200
STORED_AT_ONCE = 25
GONE = (404, 410)


def extract_captures(
    workspace: Workspace, run_id: str, watcher: Watcher, outlet_ids: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Extract every pending capture, oldest first; returns the stage's books: in = out + rejected + quarantined."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    total = read_surely(workspace.engine, lambda catalog: count_pending(catalog, outlet_ids))
    limits = workspace.settings.limits
    workers = max(1, (os.cpu_count() or 2))
    elsewhere: set[str] = set()  # outlets whose captures another process reads
    with ExtractionPool(workers, limits.extraction_seconds, limits.extraction_megabytes) as pool:
        while True:
            with _claimed(workspace, run_id, outlet_ids, elsewhere) as batch:
                if batch is None:
                    break
                _extract_batch(workspace, run_id, pool, batch, counts, reasons)
            watcher.update("extract", "", counts["captures"], total)
    if elsewhere:
        counts["left_to_others"] = read_surely(workspace.engine, lambda catalog: count_pending(catalog, [*elsewhere]))
    return {**counts, "rejected": dict(reasons)}


@contextmanager
def _claimed(
    workspace: Workspace, run_id: str, outlet_ids: Sequence[str], elsewhere: set[str]
) -> Iterator[list[Capture] | None]:
    """The oldest captures that wait, of outlets that nobody else reads meanwhile; None when none are left.

    By outlet, because the versions of an article must be stored in the order in which the page had them.
    """
    owner = f"{mark_children()}:{run_id}"
    taken: list[str] = []
    while not taken:
        waiting = _pending(workspace, outlet_ids, sorted(elsewhere))
        if not waiting:
            yield None
            return
        for outlet_id in sorted({one.outlet_id for one in waiting}):
            try:
                take_or_inherit(workspace, f"extract:{outlet_id}", owner, now(), LEASE_SECONDS)
                taken.append(outlet_id)
            except LeaseHeld:
                elsewhere.add(outlet_id)
    with keeping(workspace, [f"extract:{one}" for one in taken], owner):
        batch = _pending(workspace, taken, ())  # what the last owner did before it let go is done
        yield batch


def _pending(workspace: Workspace, outlet_ids: Sequence[str], without: Sequence[str]) -> list[Capture]:
    return read_surely(
        workspace.engine, lambda catalog: pending_captures(catalog, outlet_ids, CAPTURES_AT_ONCE, without=without)
    )


def _extract_batch(
    workspace: Workspace,
    run_id: str,
    pool: ExtractionPool,
    batch: list[Capture],
    counts: Counter[str],
    reasons: Counter[str],
) -> None:
    outcomes: dict[str, Article | Rejection | None] = {}
    tasks = _tasks(workspace, batch, outcomes)
    for task, outcome in pool.map(tasks):
        outcomes[task.key] = outcome
    bodies = {key: one.body for key, one in outcomes.items() if isinstance(one, Article)}
    glances = dict(zip(bodies, glance_at([*bodies.values()], workspace.agencies), strict=True))
    # Stored in the order of fetching, so that versions come in the order in which the page had them.
    for start in range(0, len(batch), STORED_AT_ONCE):
        few = batch[start : start + STORED_AT_ONCE]
        some = [(one, outcomes[one.capture_id], glances.get(one.capture_id, NOT_LOOKED)) for one in few]
        for what in _stored(workspace, run_id, some):
            counts["captures"] += 1
            if isinstance(what, Reason):
                reasons[what.value] += 1
            else:
                counts[what] += 1


# A capture, what was read of it, and what a quick look at its body said of agencies.
Outcome = tuple[Capture, Article | Rejection | None, Glance]


def _stored(workspace: Workspace, run_id: str, some: Sequence[Outcome]) -> list[Reason | str]:
    """Store outcomes together; where that fails unexpectedly, one by one, and what fails alone is quarantined."""
    try:
        return write_surely(workspace.engine, partial(_store_some, workspace, run_id, some))
    except WireError:
        raise
    except Exception as error:
        if what_to_do(error):  # no fault of a page: all of them wait for the next run
            raise
        if len(some) > 1:
            return [what for one in some for what in _stored(workspace, run_id, [one])]
        capture, _, glance = some[0]
        log.exception("what was read of %s cannot be stored", capture.url)
        detail = f"{type(error).__name__}: {error}"[:300]
        broken = replace(_reject(capture, Reason.UNEXPECTED_ERROR, detail), quarantined=True)
        return write_surely(workspace.engine, partial(_store_some, workspace, run_id, [(capture, broken, glance)]))


def _store_some(
    workspace: Workspace,
    run_id: str,
    some: Sequence[Outcome],
    connection: Connection,
) -> list[Reason | str]:
    lock_texts(connection, alone=False)
    return [_store(workspace, connection, run_id, *one) for one in some]


def _tasks(
    workspace: Workspace, batch: list[Capture], outcomes: dict[str, Article | Rejection | None]
) -> Iterator[PageTask]:
    """A task per capture that holds a page; what cannot be read becomes an outcome at once."""
    files = ArchiveFiles(workspace.data_dir, workspace.storage)
    files.check()
    hints = read_surely(workspace.engine, partial(_hints, batch))
    for capture in batch:
        if capture.status in GONE:
            outcomes[capture.capture_id] = None
            continue
        try:
            payload = read_capture(files, capture).payload(workspace.settings.limits.page_bytes)
        except ArchiveError as error:
            outcomes[capture.capture_id] = _reject(capture, Reason.ARCHIVE_DAMAGED, str(error))
            continue
        if payload.problem is not None:
            outcomes[capture.capture_id] = _reject(capture, payload.problem, f"after {len(payload.data)} bytes")
            continue
        yield PageTask(
            key=capture.capture_id,
            payload=payload.data,
            url=capture.final_url,
            content_type=capture.content_type,
            fetched_at=capture.fetched_at,
            outlet=workspace.outlets.get(capture.outlet_id),
            hints=hints.get((capture.outlet_id, capture.url)),
            truncated=capture.truncated,
        )


def _hints(batch: list[Capture], connection: Connection) -> dict[tuple[str, str], Discovery]:
    """What was announced of the pages, by outlet and URL: asked for together, a query each would cost half as much
    as reading the archive."""
    addresses: dict[str, set[str]] = {}
    for capture in batch:
        addresses.setdefault(capture.outlet_id, set()).add(capture.url)
    return {
        (outlet_id, url): told
        for outlet_id, some in addresses.items()
        for url, told in discoveries_of(connection, outlet_id, some).items()
    }


def _store(
    workspace: Workspace,
    connection: Connection,
    run_id: str,
    capture: Capture,
    outcome: Article | Rejection | None,
    glance: Glance,
) -> Reason | str:
    """Write one outcome; returns the reason of a rejection, or what storing came to."""
    if outcome is None:
        withdrawn = withdraw_article(connection, capture.outlet_id, capture.url)
        mark_extracted(connection, capture.capture_id, "rejected")
        return "withdrawn" if withdrawn else "gone"
    if isinstance(outcome, Rejection):
        filled = replace(
            outcome,
            outlet_id=capture.outlet_id,
            url=capture.url,
            detail=outcome.detail if capture.url == capture.final_url else f"{outcome.detail} (at {capture.final_url})",
            capture_id=capture.capture_id,
            run_id=run_id,
            rejected_at=now(),
        )
        add_rejections(connection, [filled])
        mark_extracted(connection, capture.capture_id, "rejected")
        return "quarantined" if outcome.quarantined else outcome.reason
    article = _complete(workspace, capture, outcome, glance)
    place = place_of(article.url)
    known = known_as(connection, article, place) if place else None
    stored = store_article(connection, replace(article, article_id=known) if known else article)
    mark_extracted(connection, capture.capture_id, "article")
    return {Stored.NEW: "articles", Stored.NEW_VERSION: "new_versions"}.get(stored, "unchanged")


def _complete(workspace: Workspace, capture: Capture, article: Article, glance: Glance) -> Article:
    """Give an extracted article its ids and the agencies it names."""
    filled = replace(
        article,
        article_id=article_id(capture.outlet_id, article_address(capture.final_url, article.canonical_url)),
        outlet_id=capture.outlet_id,
        url=capture.final_url,
        capture_id=capture.capture_id,
        fetched_at=capture.fetched_at,
    )
    return name_agencies(filled, workspace.agencies, workspace.outlets, glance)


def _reject(capture: Capture, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        outlet_id=capture.outlet_id,
        url=capture.url,
        stage="extract",
        reason=reason,
        detail=detail,
        rejected_at=now(),
        capture_id=capture.capture_id,
    )
