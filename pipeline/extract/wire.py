"""What passes between the pool and its children: frames of JSON with bytes behind it. Nothing is unpickled."""

from __future__ import annotations

import dataclasses
import json
import struct
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, BinaryIO

from pipeline.extract.task import PageTask
from pipeline.outlets import Outlet
from pipeline.reasons import Reason
from pipeline.records import Article, DatePrecision, Discovery, PageKind, Rejection

SIZES = struct.Struct(">II")  # bytes of JSON, bytes behind it
LARGEST = 256_000_000


def write_frame(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Write one frame and flush."""
    head = json.dumps(header, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")
    stream.write(SIZES.pack(len(head), len(payload)))
    stream.write(head)
    stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None at the end of the stream. Raises ValueError on a frame that is none."""
    sizes = stream.read(SIZES.size)
    if len(sizes) < SIZES.size:
        return None
    head_size, payload_size = SIZES.unpack(sizes)
    if head_size + payload_size > LARGEST:
        raise ValueError("frame too large")
    head, payload = stream.read(head_size), stream.read(payload_size)
    if len(head) < head_size or len(payload) < payload_size:
        return None
    return json.loads(head.decode("utf-8", "surrogatepass")), payload


def task_header(task: PageTask) -> dict[str, Any]:
    """A task without its payload, as plain values."""
    return {
        "key": task.key,
        "url": task.url,
        "content_type": task.content_type,
        "fetched_at": task.fetched_at,
        "outlet": task.outlet.model_dump_json() if task.outlet else None,
        "hints": dataclasses.asdict(task.hints) if task.hints else None,
        "truncated": task.truncated,
    }


def read_task(header: dict[str, Any], payload: bytes) -> PageTask:
    """The task of a frame."""
    hints = header["hints"]
    if hints:
        hints = Discovery(
            **{**hints, "kind": PageKind(hints["kind"])}
            | {name: _time(hints[name]) for name in ("discovered_at", "published_at", "modified_at")}
        )
    outlet = _read_outlet(header["outlet"]) if header["outlet"] else None
    fetched_at = datetime.fromisoformat(header["fetched_at"])
    return PageTask(
        header["key"], payload, header["url"], header["content_type"], fetched_at, outlet, hints, header["truncated"]
    )


@lru_cache(maxsize=64)
def _read_outlet(written: str) -> Outlet:
    return Outlet.model_validate_json(written)  # one and the same for page after page


def outcome_header(outcome: Article | Rejection) -> dict[str, Any]:
    """An article or a rejection as plain values."""
    return {"kind": type(outcome).__name__, "fields": dataclasses.asdict(outcome)}


def read_outcome(header: dict[str, Any]) -> Article | Rejection:
    """The outcome of a frame."""
    fields: dict[str, Any] = header["fields"]
    if header["kind"] == "Rejection":
        return Rejection(**fields | {"reason": Reason(fields["reason"]), "rejected_at": _time(fields["rejected_at"])})
    changed: dict[str, Any] = {name: _time(fields[name]) for name in ("fetched_at", "published_at", "modified_at")}
    changed |= {name: tuple(fields[name]) for name in ("authors", "captions", "flags")}
    if fields["published_precision"]:
        changed["published_precision"] = DatePrecision(fields["published_precision"])
    return Article(**fields | changed | {"credits": ()})  # credits are found later


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    raise TypeError(f"cannot send {type(value).__name__}")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
