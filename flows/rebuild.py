"""Make the catalog anew from the WARC files alone: captures, the URL ledger, articles, stories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from flows.ledger import begin_run, now
from flows.stages import dedupe_stage, extract_stage
from flows.watcher import Watcher
from flows.workspace import Workspace, open_workspace
from pipeline.archive.answer import StoredAnswer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers
from pipeline.catalog.articles import register_named_outlets, register_outlets
from pipeline.catalog.captures import add_captures
from pipeline.catalog.engine import Connection, empty_catalog, sqlite_path, writing
from pipeline.catalog.ledger import UrlState, Visit, record_discoveries, record_visits
from pipeline.discover.feeds import parse_feed
from pipeline.discover.found import Source
from pipeline.discover.sections import parse_section
from pipeline.discover.sitemaps import parse_sitemap
from pipeline.errors import CrawlError
from pipeline.records import Capture, Discovery, PageKind

ANSWERS_AT_ONCE = 200
GONE = (404, 410)


def rebuild_catalog(workspace: Workspace, watcher: Watcher) -> Mapping[str, Any]:
    """Set the old catalog aside (a SQLite file) or empty it, and fill it from the archive. Raises CrawlError.

    What no WARC holds does not come back: articles read from articles files, past runs, boilerplate switched off.
    """
    kept = _clear(workspace)
    fresh = open_workspace(workspace.config_dir, workspace.data_dir)
    counts = {"captures": 0, "discoveries": 0}
    with begin_run(fresh, "rebuild") as run:
        with writing(fresh.engine) as connection:
            register_outlets(connection, list(fresh.outlets.values()))
        files = ArchiveFiles(fresh.data_dir, fresh.storage)
        names = files.names()
        for number, name in enumerate(names, 1):
            _read_file(fresh, files, name, counts)
            watcher.update("rebuild", "", number, len(names))
        for report in (extract_stage(run, watcher), dedupe_stage(run, watcher, everything=True)):
            if report.state != "done":
                raise CrawlError(f"{report.stage} failed: {report.message}; the old catalog is {kept}")
    return counts


def _clear(workspace: Workspace) -> Path | None:
    path = sqlite_path(workspace.catalog_url)
    if path is None:
        empty_catalog(workspace.engine)
        return None
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.{now():%Y%m%dT%H%M%S}.old")
    path.replace(aside)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    return aside


def _read_file(workspace: Workspace, files: ArchiveFiles, name: str, counts: dict[str, int]) -> None:
    captures: list[Capture] = []
    discoveries: list[Discovery] = []
    with files.open(name) as source:
        for stored in iterate_answers(source):
            if stored.outlet_id is None or stored.fetched_at is None:
                continue
            captures.append(capture_from(stored, name, outlet_id=stored.outlet_id, fetched_at=stored.fetched_at))
            discoveries += _announced(workspace, stored)
            if len(captures) >= ANSWERS_AT_ONCE:
                _store(workspace, captures, discoveries, counts)
    _store(workspace, captures, discoveries, counts)


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


def _store(workspace: Workspace, captures: list[Capture], discoveries: list[Discovery], counts: dict[str, int]) -> None:
    with writing(workspace.engine) as connection:
        unconfigured = {one.outlet_id for one in captures} - workspace.outlets.keys()
        register_named_outlets(connection, sorted(unconfigured))
        counts["captures"] += add_captures(connection, captures)
        counts["discoveries"] += record_discoveries(connection, discoveries)
        _note_visits(connection, captures)
    captures.clear()
    discoveries.clear()


def _note_visits(connection: Connection, captures: list[Capture]) -> None:
    visits = [
        Visit(
            outlet_id=one.outlet_id,
            url=one.url,
            kind=one.kind,
            state=UrlState.GONE if one.status in GONE else UrlState.FETCHED,
            at=one.fetched_at,
            status=one.status,
            etag=one.etag,
            last_modified=one.last_modified,
            payload_sha256=one.payload_sha256,
        )
        for one in captures
        if one.kind is not PageKind.ROBOTS
    ]
    record_visits(connection, visits)
