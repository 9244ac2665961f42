"""A WARC file as one stream of inflated bytes that knows where gzip members begin. Memory stays at a few blocks."""

from __future__ import annotations

import zlib
from collections import deque
from typing import IO

BLOCK = 1 << 17
GZIP_MAGIC = b"\x1f\x8b\x08"


PROBE = 512  # compressed bytes that show whether a member begins with a WARC record


class DamagedError(Exception):
    """The compressed bytes are broken from here to the next gzip member."""


class WarcStream:
    """Reads plain and gzipped WARC files alike. Positions are bytes of the file, not of what is inflated."""

    def __init__(self, source: IO[bytes], offset: int = 0) -> None:
        self._source = source
        source.seek(offset)
        self._data = source.read(BLOCK)  # compressed bytes not yet inflated
        self._at = offset  # file position of _data
        self.is_gzip = self._data.startswith(GZIP_MAGIC[:2])
        self._decoder = zlib.decompressobj(31)
        self._fresh = True  # the decoder has seen nothing of its member yet
        self._buffer = bytearray()
        self._read = 0  # inflated bytes handed out
        self._filled = 0  # inflated bytes produced
        self._starts: deque[tuple[int, int]] = deque([(0, offset)])  # (inflated position, file position) of members
        self._base = offset
        self.cut_short = False  # the file ends inside a gzip member

    def mark(self) -> int | None:
        """File position of what is read next, or None inside a gzip member."""
        if not self.is_gzip:
            return self._base + self._read
        known = self._known_start()
        if known is None and not self._buffer:  # the member's trailer may not have been read yet
            try:
                self._fill()
            except DamagedError:
                return None
            known = self._known_start()
        return known

    def _known_start(self) -> int | None:
        while self._starts and self._starts[0][0] < self._read:
            self._starts.popleft()
        return self._starts[0][1] if self._starts and self._starts[0][0] == self._read else None

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them; fewer at the end."""
        while len(self._buffer) < size and self._fill():
            pass
        return bytes(self._buffer[:size])

    def end_record(self) -> None:
        """Take the two line breaks after a record, and look no further: what follows may be damaged."""
        for mark in (b"\r", b"\n", b"\r", b"\n"):
            if self.mark() is not None and self.is_gzip:
                return
            if self.peek(1) == mark:
                self._take(1)

    def line(self, limit: int) -> bytes:
        """Take one line with its line break, at most limit bytes; empty at the end."""
        end = self._buffer.find(b"\n")
        while end < 0 and len(self._buffer) < limit and self._fill():
            end = self._buffer.find(b"\n")
        return self._take(limit if end < 0 else min(end + 1, limit))

    def take(self, size: int, keep: int) -> tuple[bytes, int]:
        """Take size bytes, keeping the first ones; returns those and how many were there."""
        kept = bytearray()
        taken = 0
        while taken < size:
            if not self._buffer and not self._fill():
                break
            piece = self._take(min(size - taken, len(self._buffer)))
            taken += len(piece)
            if len(kept) < keep:
                kept += piece[: keep - len(kept)]
        return bytes(kept), taken

    def skip_member(self) -> bool:
        """After damage: go on at the next gzip member that holds a record; False where there is none."""
        self._buffer.clear()
        self._read = self._filled
        window, self._at = self._data[1:], self._at + 1
        searched = 0
        while True:
            found = window.find(GZIP_MAGIC, searched)
            if found >= 0 and len(window) - found >= PROBE:
                if _begins_record(window[found : found + PROBE]):
                    break
                searched = found + 1
                continue
            more = self._source.read(BLOCK)
            if not more:
                if found >= 0 and _begins_record(window[found:]):
                    break
                if found < 0:
                    return False
                searched = found + 1
                continue
            cut = found if found >= 0 else max(0, len(window) - 2)
            window, self._at, searched = window[cut:] + more, self._at + cut, 0
        self._data, self._at = window[found:], self._at + found
        self._new_member()
        return True

    def _take(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._read += len(piece)
        return piece

    def _new_member(self) -> None:
        self._decoder = zlib.decompressobj(31)
        self._fresh = True
        self._starts.append((self._filled, self._at))

    def _fill(self) -> bool:
        """Inflate some more; False at the end. Raises DamagedError."""
        if not self._data:
            self._data = self._source.read(BLOCK)
            if not self._data:
                self.cut_short = self.is_gzip and not self._fresh
                return False
        if not self.is_gzip:
            self._add(self._data)
            self._at += len(self._data)
            self._data = b""
            return True
        before = len(self._data)
        try:
            out = self._decoder.decompress(self._data, BLOCK)
        except zlib.error as error:
            raise DamagedError(f"damaged gzip data near byte {self._at}") from error
        rest = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
        self._at += before - len(rest)
        self._data = rest
        self._fresh = False
        self._add(out)
        if self._decoder.eof:
            self._after_member()
        return True

    def _after_member(self) -> None:
        padding = len(self._data) - len(self._data.lstrip(b"\0"))
        self._data, self._at = self._data[padding:], self._at + padding
        self._new_member()

    def _add(self, out: bytes) -> None:
        self._buffer += out
        self._filled += len(out)


def _begins_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data, 16).startswith(b"WARC/")
    except zlib.error:
        return False
