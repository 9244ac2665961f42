"""Check catalog, archive and releases against each other; mend what can be mended without losing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

from flows.adopt import adopt_file
from flows.owners import is_running
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.archive.answer import StoredAnswer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.padding import has_stray_bits
from pipeline.archive.reader import iterate_answers
from pipeline.archive.repair import cut_tail
from pipeline.catalog.checkup import (
    captures_of_file,
    integrity_problems,
    reference_problems,
    row_problems,
    warc_files,
)
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.leases import held_by
from pipeline.catalog.lost import forget_captures
from pipeline.catalog.rows import storable
from pipeline.catalog.seal import seal_problem
from pipeline.errors import ArchiveError, CatalogError, StorageError, WireError
from pipeline.publish.reading import check_release, latest_version, list_releases
from pipeline.records import Capture

GZIP_HEAD_BYTES = 10  # RFC 1952, 2.3; one process writes a file, so that all its records begin alike
SHOWN = 20  # findings of one kind per file; more say nothing new


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
        if (broken := seal_problem(workspace.engine)) is not None:
            yield Finding("catalog", f"{broken} (doctor --rebuild makes it anew from the archive)", True)
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
    except (CatalogError, ValueError, TypeError):
        pointed_at = set()
    for name in sorted(pointed_at - set(names)):
        yield Finding("archive", f"{name}: captures point at this file, which is missing", True)
    for number, name in enumerate(names, 1):
        yield from _examine_file(workspace, files, name, repair)
        watcher.update("doctor", "", number, len(names))


def _examine_file(workspace: Workspace, files: ArchiveFiles, name: str, repair: bool) -> Iterator[Finding]:
    """One WARC file: whole, its digests right, and every capture where the catalog says."""
    try:
        with reading(workspace.engine) as connection:
            expected = captures_of_file(connection, name)
            writers = held_by(connection, f"crawl:{name.split('/')[1]}")
    except (CatalogError, ValueError, TypeError):
        return  # said already
    seen = _Seen(name, expected)
    try:
        with files.open(name) as source:
            for stored in iterate_answers(source, seen.problems.append):
                yield from seen.compare(stored)
            yield from seen.compare_packing(source)
    except (ArchiveError, StorageError, OSError) as error:
        yield Finding("archive", f"{name}: {error}", True)
        return
    if any(map(is_running, writers)):
        yield from _judge_beside_crawl(seen)
    else:
        yield from _judge(workspace, files, seen, repair)


class _Seen:
    """What was found in one WARC file."""

    def __init__(self, name: str, expected: dict[str, Capture]) -> None:
        self.name = name
        self.missing = expected  # captures whose record was not met yet
        self.problems: list[str] = []
        self.unknown = 0
        self.last_end = 0  # where the last whole record ends
        self.places: list[tuple[int, int]] = []  # start and length of whole records

    def compare(self, stored: StoredAnswer) -> Iterator[Finding]:
        """One record against its capture."""
        self.last_end = max(self.last_end, stored.offset + stored.length)
        self.places.append((stored.offset, stored.length))
        known = self.missing.get(stored.record_id)
        if known is not None and known.warc_length and not stored.length:
            return  # its last bytes, which only seal it, are cut off: as good as missing
        wanted = self.missing.pop(stored.record_id, None)
        if stored.digest_holds is False:
            yield Finding("archive", f"{self.name}: record {stored.record_id} does not match its digest", True)
        outlet_id = wanted.outlet_id if wanted else stored.outlet_id
        if outlet_id is None or stored.fetched_at is None:
            if wanted is not None:
                yield Finding("archive", f"{self.name}: record {stored.record_id} has no date any more", True)
            return
        found = capture_from(stored, self.name, outlet_id=outlet_id, fetched_at=stored.fetched_at)
        if wanted is None:
            self.unknown += 1
        elif wrong := _differences(wanted, found):
            yield Finding("archive", f"{self.name}: capture {wanted.capture_id} differs in {wrong}", True)

    def compare_packing(self, source: IO[bytes]) -> Iterator[Finding]:
        """Unpacking passes over some of a member's bits: its head is held against the others', its padding is zero."""
        if not self.name.endswith(".gz") or not self.places:
            return
        heads: Counter[bytes] = Counter()
        for start, length in [(0, self.places[0][0]), *self.places]:
            source.seek(start)
            member = source.read(length)
            heads[member[:GZIP_HEAD_BYTES]] += 1
            if has_stray_bits(member):
                yield Finding("archive", f"{self.name}: a bit is set after the end of the record at byte {start}", True)
        if len(heads) > 1:
            told = f"{self.name}: {heads.total() - max(heads.values())} records begin with other bytes than the rest"
            yield Finding("archive", told, True)

    @property
    def has_only_a_cut_tail(self) -> bool:
        """True where the file ends inside a record and every capture without a record lies there."""
        is_cut = bool(self.problems) and all("ends inside a record" in one for one in self.problems)
        return is_cut and all(one.warc_offset >= self.last_end for one in self.missing.values())


def _judge_beside_crawl(seen: _Seen) -> Iterator[Finding]:
    """The last record of a file may be half written while a crawl writes it; what has a row must be there."""
    if not seen.has_only_a_cut_tail:
        for what in seen.problems[:SHOWN]:
            yield Finding("archive", f"{seen.name}: {what}", True)
    yield from _tell_missing(seen)


def _judge(workspace: Workspace, files: ArchiveFiles, seen: _Seen, repair: bool) -> Iterator[Finding]:
    """A cut tail that no capture points into is what a kill leaves; anything else is damage."""
    mend = repair and seen.has_only_a_cut_tail and _cut(workspace, seen)
    if mend:
        lost = sorted(seen.missing)
        with writing(workspace.engine) as connection:
            forget_captures(connection, lost)
        again = f"; {len(lost)} pages in it are fetched again by the next crawl" if lost else ""
        yield Finding("archive", f"{seen.name}: the record that was cut short is cut off{again}", False)
    else:
        for what in seen.problems[:SHOWN]:
            harmless = seen.has_only_a_cut_tail and not seen.missing
            note = " (a crawl was killed there; nothing is lost)" if harmless else _advice(seen)
            yield Finding("archive", f"{seen.name}: {what}{note}", not harmless)
        yield from _tell_missing(seen)
    if not seen.unknown:
        return
    if repair:
        adopt_file(workspace, files, seen.name)
    done = "added to the catalog" if repair else "the next crawl or doctor --repair adds them"
    yield Finding("archive", f"{seen.name}: {seen.unknown} records the catalog does not know ({done})", False)


def _advice(seen: _Seen) -> str:
    return " (doctor --repair cuts it off and has its page fetched again)" if seen.has_only_a_cut_tail else ""


def _tell_missing(seen: _Seen) -> Iterator[Finding]:
    for capture_id in sorted(seen.missing)[:SHOWN]:
        yield Finding("archive", f"{seen.name}: the record of capture {capture_id} is not there", True)
    if len(seen.missing) > SHOWN:
        yield Finding("archive", f"{seen.name}: {len(seen.missing) - SHOWN} more captures have no record", True)


def _cut(workspace: Workspace, seen: _Seen) -> bool:
    """Cut the tail off where the file lies in a folder; a bucket's objects are not changed."""
    root = Path(workspace.storage.root) if workspace.storage.is_local else workspace.data_dir
    path = root / seen.name
    if not path.exists():
        return False
    cut_tail(path)
    return True


def _differences(wanted: Capture, found: Capture) -> str:
    """The names of fields that say something else; the run is the one that recorded the row."""
    names = [one.name for one in fields(Capture) if one.name != "run_id"]
    return ", ".join(name for name in names if getattr(wanted, name) != storable(getattr(found, name)))


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
