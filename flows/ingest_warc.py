"""WARC files of any crawler into the archive and the capture list, page by page, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.manners import next_recheck
from flows.ledger import Run, now
from flows.watcher import Watcher
from pipeline.archive.answer import Answer, StoredAnswer
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers
from pipeline.archive.writer import WarcWriter
from pipeline.catalog.articles import add_rejections, register_named_outlets
from pipeline.catalog.captures import add_captures, known_captures
from pipeline.catalog.engine import Connection, reading, writing
from pipeline.catalog.ledger import LedgerEntry, UrlState, Visit, entries_of, record_visits
from pipeline.errors import InputError
from pipeline.homes import Homes
from pipeline.outlets import OUTLET_ID
from pipeline.reasons import Reason
from pipeline.records import Capture, PageKind, Rejection
from pipeline.urls import MAX_URL_LENGTH, clean_url, origin_of, registrable_domain

if TYPE_CHECKING:
    from flows.ingest_stage import InputFilter

ANSWERS_AT_ONCE = 100
FOLDER = "ingest"  # of the archive: pages of many outlets share a file
NOWHERE = "unknown"  # the outlet of a page whose address is none
LONGEST_ID = 100
HTML = ("text/html", "application/xhtml+xml", "")
DECLARED_LANGUAGE = re.compile(rb"<html[^>]{0,400}?\slang\s*=\s*[\"']?\s*([a-zA-Z]{2,3})", re.IGNORECASE)


def ingest_warc(run: Run, path: Path, wanted: InputFilter, watcher: Watcher) -> Mapping[str, Any]:
    """Copy the wanted pages of one WARC file into the archive; returns the books of the file.

    Raises InputError where it is none.
    """
    workspace = run.workspace
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    problems: list[str] = []
    homes = Homes(workspace.outlets.values())
    files = ArchiveFiles(workspace.data_dir, workspace.storage)
    files.unfinished(FOLDER)
    total = path.stat().st_size
    with path.open("rb") as source, WarcWriter(files, FOLDER, run.run_id, workspace.settings.user_agent) as writer:
        for batch in _batches(iterate_answers(source, problems.append)):
            pages = [one for one in batch if _is_wanted(one, wanted, counts)]
            refused = [(one, reason) for one in pages if (reason := _reason_against(one)) is not None]
            answers = [_to_answer(run, one, homes) for one in pages if _reason_against(one) is None]
            with reading(workspace.engine) as connection:
                known = known_captures(connection, [one.record_id for one in answers if one.record_id])
            fresh = [one for one in answers if one.record_id not in known]
            captures = [writer.add(one) for one in fresh]
            writer.sync()
            with writing(workspace.engine) as connection:
                named = {one.outlet_id for one in fresh} - workspace.outlets.keys()
                register_named_outlets(connection, sorted(named))
                add_captures(connection, captures)
                _note_visits(connection, captures)
                add_rejections(connection, [_refusal(run, one, reason, homes) for one, reason in refused])
            counts["pages"] += len(pages)
            counts["captures"] += len(captures)
            counts["known"] += len(answers) - len(fresh)
            reasons.update(reason.value for _, reason in refused)
            watcher.update("ingest", path.name, min(source.tell(), total), total)
    if problems and not counts["records"]:
        raise InputError(f"{path}: no page of a WARC file in it: {problems[0]}")
    for problem in problems[:20]:
        watcher.note("ingest", path.name, problem)
    return {**counts, "damaged_records": len(problems), "rejected": dict(reasons)}


def _note_visits(connection: Connection, captures: Sequence[Capture]) -> None:
    """Pages that nobody fetched here are in the ledger as fetched: what else goes by their address is found there."""
    by_outlet: dict[str, list[Capture]] = {}
    for one in captures:
        by_outlet.setdefault(one.outlet_id, []).append(one)
    visits: list[Visit] = []
    for outlet_id, pages in by_outlet.items():
        known = entries_of(connection, outlet_id, PageKind.ARTICLE, {one.final_url for one in pages})
        visits += [_visit(one) for one in pages if not _was_asked(known.get(one.final_url))]
    record_visits(connection, visits)


def _was_asked(entry: LedgerEntry | None) -> bool:
    return entry is not None and entry.state is not UrlState.FOUND


def _visit(capture: Capture) -> Visit:
    return Visit(
        outlet_id=capture.outlet_id,
        url=capture.final_url,
        kind=PageKind.ARTICLE,
        state=UrlState.FETCHED,
        at=capture.fetched_at,
        next_fetch_at=next_recheck(capture.fetched_at, now()),
        status=capture.status,
        etag=capture.etag,
        last_modified=capture.last_modified,
        payload_sha256=None if capture.truncated else capture.payload_sha256,
    )


def _batches(answers: Iterator[StoredAnswer]) -> Iterator[list[StoredAnswer]]:
    batch: list[StoredAnswer] = []
    for answer in answers:
        batch.append(answer)
        if len(batch) == ANSWERS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_wanted(stored: StoredAnswer, wanted: InputFilter, counts: Counter[str]) -> bool:
    """Whether a record is a page, and one that the filter takes."""
    counts["records"] += 1
    if stored.kind not in (None, PageKind.ARTICLE) or stored.media_type not in HTML:
        counts["other_records"] += 1
        return False
    if wanted.domains and not _in_domains(stored.url, wanted.domains):
        counts["filtered_out"] += 1
        return False
    if not wanted.takes_time(stored.fetched_at) or not _in_languages(stored, wanted.languages):
        counts["filtered_out"] += 1
        return False
    return True


def _reason_against(stored: StoredAnswer) -> Reason | None:
    """Why a page is not taken: its address is none, or it is no page at all."""
    if clean_url(stored.url)[1] is not None:
        return Reason.BAD_URL
    return None if stored.head.status == 200 else Reason.HTTP_ERROR


def _in_domains(url: str, domains: tuple[str, ...]) -> bool:
    try:
        host = origin_of(url)[1]
    except ValueError:
        return False
    return any(host == one or host.endswith(f".{one}") for one in domains)


def _in_languages(stored: StoredAnswer, languages: tuple[str, ...]) -> bool:
    """By the language the page declares; one that declares none is taken and judged by its text later."""
    if not languages or stored.head.status != 200:
        return True
    declared = DECLARED_LANGUAGE.search(stored.payload(20_000).data)
    return declared is None or declared.group(1).decode("ascii").lower() in languages


def _to_answer(run: Run, stored: StoredAnswer, homes: Homes) -> Answer:
    lines = [f"HTTP/1.1 {stored.head.status}", *(f"{name}: {value}" for name, value in stored.head.headers)]
    return Answer(
        outlet_id=_outlet_id(run, stored, homes),
        kind=PageKind.ARTICLE,
        url=stored.asked_url or stored.url,
        final_url=stored.url,
        head=("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace"),
        body=stored.body,
        fetched_at=stored.fetched_at or datetime.fromtimestamp(0, UTC),
        truncated=stored.truncated,
        run_id=run.run_id,
        record_id=stored.record_id,
    )


def _outlet_id(run: Run, stored: StoredAnswer, homes: Homes) -> str:
    """By the page's origin; what the record itself says counts where it claims no outlet that is configured."""
    try:
        domain = registrable_domain(stored.url)
    except ValueError:
        return NOWHERE
    if (outlet := homes.outlet_of(stored.url)) is not None:
        return outlet.id
    claimed = stored.outlet_id or ""
    is_free = OUTLET_ID.fullmatch(claimed) is not None and claimed not in run.workspace.outlets
    return claimed if is_free and len(claimed) <= LONGEST_ID else domain


def _refusal(run: Run, stored: StoredAnswer, reason: Reason, homes: Homes) -> Rejection:
    return Rejection(
        outlet_id=_outlet_id(run, stored, homes),
        url=stored.url[:MAX_URL_LENGTH],
        stage="ingest",
        reason=reason,
        detail=f"status {stored.head.status}",
        rejected_at=now(),
        run_id=run.run_id,
    )
