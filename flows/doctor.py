"""Check catalog, archive and releases against each other; mend what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.archive.answer import StoredAnswer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers
from pipeline.catalog.captures import add_captures
from pipeline.catalog.checkup import (
    captures_of_file,
    integrity_problems,
    reference_problems,
    row_problems,
    warc_files,
)
from pipeline.catalog.engine import reading, writing
from pipeline.errors import ArchiveError, CatalogError, WireError
from pipeline.publish.reading import check_release, latest_version, list_releases
from pipeline.records import Capture


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the doctor saw. severe: data is wrong or missing; otherwise it was mended or does no harm."""

    part: str  # catalog | archive | releases
    what: str
    severe: bool


def examine(workspace: Workspace, watcher: Watcher, *, repair: bool = False) -> list[Finding]:
    """Everything that is wrong; repair adds captures that the catalog lost and drops cut tails of WARC files."""
    findings: list[Finding] = []
    findings += _examine_catalog(workspace)
    findings += _examine_archive(workspace, watcher, repair)
    findings += _examine_releases(workspace)
    return findings


def _examine_catalog(workspace: Workspace) -> Iterator[Finding]:
    try:
        with reading(workspace.engine) as connection:
            for problems in (integrity_problems, row_problems, reference_problems):
                for what in problems(connection):
                    yield Finding("catalog", what, True)
    except CatalogError as error:
        yield Finding("catalog", f"{error} (doctor --rebuild makes it anew from the archive)", True)
    except (ValueError, KeyError, TypeError) as error:
        yield Finding("catalog", f"a row cannot be read: {error} (doctor --rebuild makes it anew)", True)


def _examine_archive(workspace: Workspace, watcher: Watcher, repair: bool) -> Iterator[Finding]:
    files = ArchiveFiles(workspace.data_dir, workspace.storage)
    names = files.names()
    try:
        with reading(workspace.engine) as connection:
            pointed_at = warc_files(connection)
    except (CatalogError, ValueError):
        pointed_at = set()
    for name in sorted(pointed_at - set(names)):
        yield Finding("archive", f"{name}: captures point at this file, which is missing", True)
    for number, name in enumerate(names, 1):
        yield from _examine_file(workspace, files, name, repair)
        watcher.update("doctor", "", number, len(names))


def _examine_file(workspace: Workspace, files: ArchiveFiles, name: str, repair: bool) -> Iterator[Finding]:
    """One WARC file: whole, its digests right, and every capture where the catalog says."""
    problems: list[str] = []
    try:
        with reading(workspace.engine) as connection:
            expected = captures_of_file(connection, name)
    except (CatalogError, ValueError):
        expected = {}
    unknown: list[Capture] = []
    try:
        with files.open(name) as source:
            for stored in iterate_answers(source, problems.append):
                yield from _examine_record(name, stored, expected, unknown)
    except (ArchiveError, OSError) as error:
        yield Finding("archive", f"{name}: {error}", True)
    yield from _judge_problems(name, problems, bool(expected))
    for capture_id in sorted(expected)[:20]:
        yield Finding("archive", f"{name}: the record of capture {capture_id} is not there", True)
    if unknown:
        if repair:
            with writing(workspace.engine) as connection:
                add_captures(connection, unknown)
        done = "added to the catalog" if repair else "doctor --repair adds them"
        yield Finding("archive", f"{name}: {len(unknown)} records the catalog does not know ({done})", False)


def _examine_record(
    name: str, stored: StoredAnswer, expected: dict[str, Capture], unknown: list[Capture]
) -> Iterator[Finding]:
    """One record: taken off expected, or added to unknown."""
    if stored.digest_holds is False:
        yield Finding("archive", f"{name}: record {stored.record_id} does not match its digest", True)
    wanted = expected.pop(stored.record_id, None)
    outlet_id = wanted.outlet_id if wanted else stored.outlet_id
    if outlet_id is None or stored.fetched_at is None:
        return
    found = capture_from(stored, name, outlet_id=outlet_id, fetched_at=stored.fetched_at)
    if wanted is None:
        unknown.append(found)
    elif wrong := _differences(wanted, found):
        yield Finding("archive", f"{name}: capture {wanted.capture_id} differs in {wrong}", True)


def _judge_problems(name: str, problems: list[str], captures_missing: bool) -> Iterator[Finding]:
    """A cut tail that no capture points into is what a kill leaves; anything else is damage."""
    for what in problems[:20]:
        is_tail = "ends inside a record" in what and not captures_missing
        note = " (a crawl was killed there; nothing is lost)" if is_tail else ""
        yield Finding("archive", f"{name}: {what}{note}", not is_tail)


def _differences(wanted: Capture, found: Capture) -> str:
    """The names of fields that say something else; the run is the one that recorded the row."""
    names = [one.name for one in fields(Capture) if one.name != "run_id"]
    return ", ".join(name for name in names if getattr(wanted, name) != getattr(found, name))


def _examine_releases(workspace: Workspace) -> Iterator[Finding]:
    try:
        versions = list_releases(workspace.storage)
        latest = latest_version(workspace.storage)
    except WireError as error:
        yield Finding("releases", str(error), True)
        return
    if latest is not None and latest not in versions:
        yield Finding("releases", f"latest.json names {latest}, which is not there", True)
    for version in versions:
        try:
            for what in check_release(workspace.storage, version):
                yield Finding("releases", f"{version}: {what}", True)
        except WireError as error:
            yield Finding("releases", f"{version}: {error}", True)
