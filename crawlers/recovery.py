"""After a crawl that was killed: what it archived and had no time to note is noted now, and not fetched twice."""

from __future__ import annotations

from crawlers.manners import next_recheck
from pipeline.archive.answer import StoredAnswer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers
from pipeline.catalog.articles import add_rejections
from pipeline.catalog.captures import add_captures, known_captures
from pipeline.catalog.engine import Connection, Engine, read_surely, write_surely
from pipeline.catalog.ledger import LedgerEntry, UrlState, Visit, entries_of, record_visits
from pipeline.reasons import Reason
from pipeline.records import Capture, PageKind, Rejection

GONE = (404, 410)
AT_ONCE = 500


def recover(outlet_id: str, engine: Engine, files: ArchiveFiles) -> int:
    """Repair the files that the last crawl left open and adopt their answers; returns how many were adopted."""
    names = files.unfinished(outlet_id)
    files.secure(names)
    adopted = 0
    for name in names:
        with files.open(name) as source:
            captures = [
                _capture(one, name) for one in iterate_answers(source) if one.outlet_id == outlet_id and one.length
            ]
        for start in range(0, len(captures), AT_ONCE):
            adopted += _adopt(outlet_id, engine, [one for one in captures[start : start + AT_ONCE] if one is not None])
    if names:
        files.finish(outlet_id, names)
    return adopted


def _adopt(outlet_id: str, engine: Engine, captures: list[Capture]) -> int:
    """Note unknown captures, and the visits they came from: a capture is noted a moment before its visit."""
    known = read_surely(engine, lambda catalog: known_captures(catalog, [one.capture_id for one in captures]))
    fresh = [one for one in captures if one.capture_id not in known]

    def note(connection: Connection) -> int:
        ends = [one for one in captures if _is_an_end(one)]
        entries = entries_of(connection, outlet_id, PageKind.ARTICLE, [one.url for one in ends])
        unnoted = [one for one in ends if _is_unnoted(entries.get(one.url))]
        record_visits(connection, [_visit(one) for one in unnoted])
        add_rejections(connection, [_refusal(one) for one in unnoted if one.status in GONE])
        return add_captures(connection, fresh)

    return write_surely(engine, note)


def _capture(stored: StoredAnswer, name: str) -> Capture | None:
    if stored.outlet_id is None or stored.fetched_at is None:
        return None
    return capture_from(stored, name, outlet_id=stored.outlet_id, fetched_at=stored.fetched_at)


def _is_an_end(capture: Capture) -> bool:
    """Sources are read again, since what they announced was lost; so is everything that was to be tried again."""
    whole = capture.status == 200 and capture.truncated is None
    return capture.kind is PageKind.ARTICLE and (whole or capture.status in GONE)


def _is_unnoted(entry: LedgerEntry | None) -> bool:
    return entry is None or entry.state is UrlState.FOUND


def _refusal(capture: Capture) -> Rejection:
    return Rejection(
        outlet_id=capture.outlet_id,
        url=capture.url,
        stage="crawl",
        reason=Reason.GONE,
        detail=f"status {capture.status}",
        rejected_at=capture.fetched_at,
        run_id=capture.run_id,
    )


def _visit(capture: Capture) -> Visit:
    return Visit(
        outlet_id=capture.outlet_id,
        url=capture.url,
        kind=capture.kind,
        state=UrlState.GONE if capture.status in GONE else UrlState.FETCHED,
        at=capture.fetched_at,
        next_fetch_at=next_recheck(capture.fetched_at, capture.fetched_at),
        status=capture.status,
        reason=Reason.GONE if capture.status in GONE else None,
        etag=capture.etag,
        last_modified=capture.last_modified,
        payload_sha256=capture.payload_sha256,
    )
