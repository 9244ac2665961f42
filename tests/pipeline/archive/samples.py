"""Answers and WARC records for the archive's tests, in the styles of several crawlers."""

from __future__ import annotations

import base64
import gzip
import hashlib
from datetime import UTC, datetime

from pipeline.archive.answer import Answer
from pipeline.records import PageKind

NOW = datetime(2026, 5, 4, 12, 30, 15, 123456, tzinfo=UTC)
PAGE = b"<html><head><title>Harbour wall</title></head><body>" + b"<p>The wall was mended on Monday.</p>" * 200


def answer(
    number: int = 0,
    body: bytes = PAGE,
    headers: bytes = b"Content-Type: text/html\r\n",
    *,
    truncated: str | None = None,
) -> Answer:
    """An answer for http://news.example/<number>."""
    return Answer(
        outlet_id="news",
        kind=PageKind.ARTICLE,
        url=f"http://news.example/{number}",
        final_url=f"http://news.example/{number}",
        head=b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n",
        body=body,
        fetched_at=NOW,
        truncated=truncated,
        run_id="run-7",
        ip_address="192.0.2.7",
    )


def record(
    block: bytes,
    kind: str = "response",
    *,
    version: str = "1.0",
    line_end: bytes = b"\r\n",
    length: int | None = None,
    **fields: str | None,
) -> bytes:
    """One uncompressed WARC record; fields=None leaves one out."""
    known: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:8fd0e2b9-4f1c-4a86-9f7e-1d3c5b7a9e01>",
        "WARC-Date": "2026-05-04T12:30:15Z",
        "WARC-Target-URI": "http://news.example/1",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
    }
    known |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"WARC/{version}".encode()]
    lines += [f"{name}: {value}".encode() for name, value in known.items() if value is not None]
    return line_end.join(lines) + line_end * 2 + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    """An HTTP answer."""
    return "\r\n".join([status, "Content-Type: text/html; charset=utf-8", *headers]).encode() + b"\r\n\r\n" + body


def chunked(body: bytes, size: int = 700) -> bytes:
    """A body in chunks, as it goes over the wire."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def sha1(data: bytes) -> str:
    """A digest as Heritrix and Common Crawl write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def members(*records: bytes) -> bytes:
    """Records as gzip members."""
    return b"".join(gzip.compress(one) for one in records)
