"""One HTTP answer, on its way into the archive and out of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pipeline.archive.http_head import HttpHead, parse_head
from pipeline.archive.payload import Payload, decode_payload
from pipeline.reasons import Reason
from pipeline.records import Capture, PageKind


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it was received: head and body bytes, chunking undone, content encoding kept."""

    outlet_id: str
    kind: PageKind
    url: str  # as asked for
    final_url: str  # after redirects: what this answer is for
    head: bytes
    body: bytes
    fetched_at: datetime
    truncated: str | None = None  # length | time | disconnect
    run_id: str | None = None
    ip_address: str | None = None
    record_id: str | None = None  # of the WARC it was read from; a new one where it came over the network
    body_sha256: str | None = None  # where the caller has it already

    @property
    def payload_sha256(self) -> str:
        """Hex digest of the body as received."""
        return self.body_sha256 or hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer read back from a WARC file, this project's or another's."""

    url: str  # WARC-Target-URI
    fetched_at: datetime | None
    head: HttpHead
    body: bytes  # chunking undone, content encoding kept
    record_id: str  # without its <urn:uuid:> dress
    offset: int  # bytes into the file
    length: int  # bytes of the record in the file; 0 where not known
    truncated: str | None  # as the record says, or as reading found
    digest_holds: bool | None  # None: the record carries no digest that can be checked
    outlet_id: str | None = None  # what this project's own records say
    kind: PageKind | None = None
    run_id: str | None = None
    asked_url: str | None = None
    content_type: str = ""  # of the record's block where it is no HTTP answer (resource records)

    @property
    def media_type(self) -> str:
        """What the answer calls itself, without parameters, lower-case."""
        return (self.head.get("content-type") or self.content_type).partition(";")[0].strip().lower()

    def payload(self, limit: int) -> Payload:
        """The body with its content encodings undone, at most limit bytes; never raises."""
        decoded = decode_payload(self.body, self.head.joined("content-encoding"), limit)
        if decoded.problem is None and self.truncated:
            return Payload(decoded.data, Reason.TRUNCATED)
        return decoded


def capture_from(stored: StoredAnswer, warc_file: str, *, outlet_id: str, fetched_at: datetime) -> Capture:
    """The catalog's record of a stored answer."""
    return Capture(
        capture_id=stored.record_id,
        outlet_id=outlet_id,
        kind=stored.kind or PageKind.ARTICLE,
        url=stored.asked_url or stored.url,
        final_url=stored.url,
        status=stored.head.status,
        content_type=stored.head.get("content-type") or stored.content_type,
        fetched_at=fetched_at,
        payload_sha256=hashlib.sha256(stored.body).hexdigest(),
        warc_file=warc_file,
        warc_offset=stored.offset,
        warc_length=stored.length,
        truncated=stored.truncated,
        etag=stored.head.get("etag"),
        last_modified=stored.head.get("last-modified"),
        run_id=stored.run_id,
    )


def capture_of_answer(answer: Answer, record_id: str, warc_file: str, offset: int, length: int) -> Capture:
    """The catalog's record of an answer that was just archived."""
    head = parse_head(answer.head)
    return Capture(
        capture_id=record_id,
        outlet_id=answer.outlet_id,
        kind=answer.kind,
        url=answer.url,
        final_url=answer.final_url,
        status=head.status,
        content_type=head.get("content-type") or "",
        fetched_at=answer.fetched_at,
        payload_sha256=answer.payload_sha256,
        warc_file=warc_file,
        warc_offset=offset,
        warc_length=length,
        truncated=answer.truncated,
        etag=head.get("etag"),
        last_modified=head.get("last-modified"),
        run_id=answer.run_id,
    )
