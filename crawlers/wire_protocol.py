"""Twisted's HTTP client protocol, with two changes: the head is kept as it was received, and it may not be endless."""

from __future__ import annotations

import re
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, HTTPClientParser
from twisted.web.client import HTTPConnectionPool, _HTTP11ClientFactory

from crawlers.refusals import RefusedError
from pipeline.archive.http_head import MAX_HEAD_BYTES, STATUS_LINE
from pipeline.reasons import Reason

MAX_HEAD_LINES = 10_000
MAX_HEAD_LINE = 65_536  # policies and cookies of some sites come near 16 KB, where Twisted stops
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


class RecordingParser(HTTPClientParser):
    """Keeps the head's bytes; skips lines that are no header, as browsers do."""

    MAX_LENGTH = MAX_HEAD_LINE
    raw_head: bytearray
    # Of all heads of one request: interim answers (1xx) come before the answer, and may not be endless either.
    head_lines: int = 0
    head_bytes: int = 0

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802  Twisted's name
        """A line without end."""
        raise RefusedError(Reason.BAD_HEADERS, f"a header line of more than {MAX_HEAD_LINE} bytes")

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  Twisted's name
        """One line of the head."""
        line = line.removesuffix(b"\r")
        if self.state == STATUS:
            self.raw_head = bytearray()
        self.raw_head += line + b"\r\n"
        self.head_lines += 1
        self.head_bytes += len(line) + 2
        if self.head_bytes > MAX_HEAD_BYTES or self.head_lines > MAX_HEAD_LINES:
            raise RefusedError(Reason.BAD_HEADERS, f"more than {self.head_lines - 1} header lines")
        if self.state == STATUS:
            if not STATUS_LINE.match(line):  # Twisted takes any three words
                raise RefusedError(Reason.BAD_HEADERS, "the answer does not begin as HTTP does")
            self.statusReceived(line)  # type: ignore[no-untyped-call]
            self.state = HEADER
            return
        if line[:1] in (b" ", b"\t") and self._partialHeader is not None:
            self._partialHeader.append(line)
            return
        if self._partialHeader is not None:
            name, colon, value = b"".join(self._partialHeader).partition(b":")
            if colon and TOKEN.fullmatch(name.strip()):
                self.headerReceived(name.strip(), value.strip())  # type: ignore[no-untyped-call]
        if line:
            self._partialHeader = [line]
        else:
            self.allHeadersReceived()  # type: ignore[no-untyped-call]


class RecordingProtocol(HTTP11ClientProtocol):
    """Gives every response the head it came with, as `raw_head`."""

    def request(self, request: Any) -> Any:
        """Send a request; fires with the response."""
        answered = super().request(request)
        parser: Any = self._parser
        parser.__class__ = RecordingParser

        def keep_head(response: Any) -> Any:
            response.raw_head = bytes(parser.raw_head)
            response.peer = peer_of(self.transport)
            return response

        answered.addCallback(keep_head)
        return answered


def peer_of(transport: Any) -> str | None:
    """The IP address at the other end."""
    peer = transport.getPeer() if transport else None
    return getattr(peer, "host", None)


class RecordingFactory(_HTTP11ClientFactory):
    """Builds RecordingProtocol."""

    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> RecordingProtocol:  # noqa: N802  Twisted's name
        """One connection."""
        return RecordingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def recording_pool(reactor: Any, per_host: int) -> HTTPConnectionPool:
    """Persistent connections whose answers keep their heads."""
    pool = HTTPConnectionPool(reactor, persistent=True)
    pool.maxPersistentPerHost = per_host
    pool.cachedConnectionTimeout = 30
    pool._factory = RecordingFactory
    return pool
