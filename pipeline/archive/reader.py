"""Reading WARC files, this project's and other crawlers': answers one by one, under a size limit."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from pipeline.archive.answer import StoredAnswer
from pipeline.archive.digests import digest_holds
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.http_head import HttpHead, parse_head, split_answer
from pipeline.archive.members import DamagedError
from pipeline.archive.record_fields import Fields, read_fields, stated_time
from pipeline.archive.stream import WarcStream
from pipeline.archive.writer import ASKED_HEADER, KIND_HEADER, OUTLET_HEADER, RUN_HEADER
from pipeline.errors import ArchiveError
from pipeline.reasons import Reason
from pipeline.records import Capture, PageKind
from pipeline.storage import Storage

# A record's block beyond this is cut and marked; pages are a hundredth of it.
MAX_BLOCK_BYTES = 64_000_000

NEXT_RECORD = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d\r?\n)")

KINDS = {kind.value: kind for kind in PageKind}

OnProblem = Callable[[str], None]


def read_capture(files: ArchiveFiles, capture: Capture, max_bytes: int = MAX_BLOCK_BYTES) -> StoredAnswer:
    """The answer behind a capture. Raises ArchiveError where it is not there, damaged or another's."""
    where = f"{capture.warc_file} at byte {capture.warc_offset}"
    part = files.read_record(capture.warc_file, capture.warc_offset, capture.warc_length)
    with files.open(capture.warc_file) if part is None else io.BytesIO(part) as source:
        offset = capture.warc_offset if part is None else 0
        stored = next(iterate_answers(source, offset=offset, max_bytes=max_bytes, once=True), None)
    if stored is None:
        raise ArchiveError(f"{where}: no whole record there")
    if stored.record_id != capture.capture_id:
        raise ArchiveError(f"{where}: record {stored.record_id} stands there, not {capture.capture_id}")
    if stored.length != capture.warc_length:
        raise ArchiveError(f"{where}: {stored.length} bytes stand there, not {capture.warc_length}")
    if stored.digest_holds is False:
        raise ArchiveError(f"{where}: the bytes do not match their digest")
    return stored


def read_payload(where: Storage | ArchiveFiles, capture: Capture, *, max_bytes: int) -> tuple[bytes, str | None]:
    """The decoded body behind a capture, at most max_bytes, and why it is not whole: length, time, disconnect or None.

    Raises ArchiveError where the bytes are missing, damaged or not decodable.
    """
    files = where if isinstance(where, ArchiveFiles) else ArchiveFiles(Path(where.root), where)
    stored = read_capture(files, capture)
    payload = stored.payload(max_bytes)
    if payload.problem is Reason.BAD_ENCODING:
        raise ArchiveError(f"{capture.final_url}: the content encoding is broken or unknown")
    if payload.problem is Reason.TOO_LARGE:
        return payload.data, stored.truncated or "length"
    if payload.problem is Reason.TRUNCATED:
        return payload.data, stored.truncated or "disconnect"
    return payload.data, stored.truncated


def iterate_answers(
    source: IO[bytes],
    on_problem: OnProblem | None = None,
    *,
    offset: int = 0,
    max_bytes: int = MAX_BLOCK_BYTES,
    once: bool = False,
) -> Iterator[StoredAnswer]:
    """Every HTTP answer and resource of a WARC file, in its order; other records are passed over.

    What cannot be read is told to on_problem and left out: a damaged member costs only itself, a cut tail only the
    record it cuts. once: stop after the first record, whatever it is.
    """
    tell = on_problem or _silent
    stream = WarcStream(source, offset)
    while True:
        try:
            found = _next_record(stream, max_bytes, tell)
        except DamagedError as error:
            tell(str(error))
            if once or not stream.skip_member():
                return
            continue
        if found is None:
            if stream.cut_short:
                tell("the file ends inside a record")
            return
        answer = _answer_of(*found, tell)
        if answer is not None:
            yield answer
        if once:
            return


def _next_record(
    stream: WarcStream, max_bytes: int, tell: OnProblem
) -> tuple[Fields, bytes, int | None, int, bool] | None:
    """(fields, block, offset, length, block was cut); None at the end."""
    while True:
        start = stream.mark()
        fields = read_fields(stream, tell)
        if fields is None:
            return None
        size, position = fields.length, stream.position
        block, taken = stream.take(size, max_bytes)
        if taken == size:
            stream.end_record()
        at_member = stream.is_packed and stream.mark() is not None
        if taken < size or not (at_member or stream.at_record()):
            settled = _settle_length(stream, block, position, whole=taken == size, at_member=at_member)
            if settled is None:
                if not stream.cut_short:
                    tell(f"the file ends inside a record: {taken} of {size} bytes")
                return None
            if len(settled) < len(block) or taken < size:
                tell(f"a record says {size} bytes and holds {len(settled)}")
                block, taken = settled, min(taken, len(settled))
        end = stream.mark()
        length = end - start if start is not None and end is not None else 0
        return fields, block, start, length, taken > max_bytes


def _settle_length(stream: WarcStream, block: bytes, position: int, *, whole: bool, at_member: bool) -> bytes | None:
    """The block of a record whose stated length does not fit the file; None where the file ends inside it."""
    inside = NEXT_RECORD.search(block)
    if inside:
        stream.go_back(position + inside.end(), block[inside.end() :])
        return block[: inside.start()]
    if whole:
        return block  # followed by something that is no record
    return block.removesuffix(b"\r\n\r\n") if at_member else None


def _answer_of(
    fields: Fields, block: bytes, offset: int | None, length: int, cut: bool, tell: OnProblem
) -> StoredAnswer | None:
    kind = fields.get("warc-type", "").lower()
    if kind not in ("response", "resource"):
        return None
    url = fields.get("warc-target-uri", "").strip("<> ")
    if not url.lower().startswith(("http://", "https://")):
        if not url:
            tell(f"a {kind} record without WARC-Target-URI at byte {offset}")
        return None
    is_http = kind == "response" and "application/http" in fields.get("content-type", "application/http").lower()
    raw_head, entity = split_answer(block) if is_http else (b"", block)
    head = parse_head(raw_head) if raw_head else HttpHead(200, ())
    body = undo_chunks(entity) if "chunked" in head.joined("transfer-encoding").lower() else entity
    page_kind = fields.get(KIND_HEADER.lower(), "")
    return StoredAnswer(
        url=url,
        fetched_at=stated_time(fields, head),
        head=head,
        body=body,
        record_id=_record_id(fields, url, offset),
        offset=offset if offset is not None else -1,
        length=length,
        truncated="length" if cut else fields.get("warc-truncated") or None,
        digest_holds=None if cut else digest_holds(fields, block, entity, body),
        outlet_id=fields.get(OUTLET_HEADER.lower()),
        kind=KINDS.get(page_kind),
        run_id=fields.get(RUN_HEADER.lower()),
        asked_url=fields.get(ASKED_HEADER.lower()),
        content_type="" if is_http else fields.get("content-type", ""),
    )


def undo_chunks(entity: bytes) -> bytes:
    """The body of a chunked answer; the bytes as they are where they are not chunked (some crawlers undo it)."""
    body, position = bytearray(), 0
    while True:
        end = entity.find(b"\n", position, position + 1024)
        size_text = entity[position:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(size_text, 16) if size_text and len(size_text) <= 8 else -1
        except ValueError:
            size = -1
        if size < 0:
            return bytes(body) if body and position >= len(entity) else (bytes(body) or entity)
        if size == 0:
            return bytes(body)
        body += entity[end + 1 : end + 1 + size]
        position = end + 1 + size
        position += 2 if entity[position : position + 2] == b"\r\n" else int(entity[position : position + 1] == b"\n")


def _record_id(fields: Fields, url: str, offset: int | None) -> str:
    given = fields.get("warc-record-id", "").strip("<> ").rpartition(":")[2]
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{given} {url} {fields.get('warc-date')} {offset}"))


def _silent(_problem: str) -> None:
    return None
