"""A WARC file as one stream of inflated bytes that knows where members begin. Memory stays at a few blocks.

A member is a gzip member or a zstd frame; a plain file has none.
"""

from __future__ import annotations

from collections import deque
from typing import IO

from pipeline.archive.members import DamagedError, Packing

BLOCK = 1 << 17
RECORD = b"WARC/"


class WarcStream:
    """Reads plain and compressed WARC files alike. Positions are bytes of the file, not of what is inflated."""

    def __init__(self, source: IO[bytes], offset: int = 0) -> None:
        self._source = source
        source.seek(offset)
        self._data = source.read(BLOCK)  # compressed bytes not yet inflated
        self._at = offset  # file position of _data
        self._packing = Packing(self._data)
        self._packing.read_dictionary(self._data, source)
        self.is_packed = self._packing.is_packed
        self._decoder = self._packing.member()
        self._fresh = True  # the decoder has seen nothing of its member yet
        self._buffer = bytearray()
        self._read = 0  # inflated bytes handed out
        self._filled = 0  # inflated bytes produced
        self._starts: deque[tuple[int, int]] = deque([(0, offset)])  # (inflated position, file position) of members
        self._base = offset
        self.cut_short = False  # the file ends inside a member

    @property
    def position(self) -> int:
        """Inflated bytes that were handed out."""
        return self._read

    def mark(self) -> int | None:
        """File position of what is read next, or None inside a member."""
        if not self.is_packed:
            return self._base + self._read
        known = self._known_start()
        if known is None and not self._buffer:  # the member's trailer may not have been read yet
            try:
                self._fill()
            except DamagedError:
                return None
            known = self._known_start()
        return known

    def _forget_starts(self) -> None:
        while self._starts and self._starts[0][0] < self._read:
            self._starts.popleft()

    def _known_start(self) -> int | None:
        self._forget_starts()
        return self._starts[0][1] if self._starts and self._starts[0][0] == self._read else None

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them; fewer at the end."""
        while len(self._buffer) < size and self._fill():
            pass
        return bytes(self._buffer[:size])

    def end_record(self) -> None:
        """Take the two line breaks after a record, and look no further: what follows may be damaged."""
        for mark in (b"\r", b"\n", b"\r", b"\n"):
            if self.mark() is not None and self.is_packed:
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
            if taken and self._known_start() is not None and self.peek(len(RECORD)) == RECORD:
                break  # the size says more than the member holds
            ahead = self._starts[0][0] - self._read if self._starts and self._starts[0][0] > self._read else size
            piece = self._take(min(size - taken, len(self._buffer), ahead))
            taken += len(piece)
            if len(kept) < keep:
                kept += piece[: keep - len(kept)]
            self._forget_starts()
        return bytes(kept), taken

    def at_record(self) -> bool:
        """Whether a record comes next, or the end of the file."""
        return self.peek(len(RECORD)) in (RECORD, b"")

    def go_back(self, position: int, data: bytes) -> None:
        """Read on at a position that was passed; `data` is what stands there, as far as it is at hand."""
        self._read = position
        if self.is_packed:
            self._buffer[:0] = data
            return
        self._at = self._base + position
        self._source.seek(self._at)
        self._data, self._filled = b"", position
        self._buffer.clear()

    def skip_member(self) -> bool:
        """After damage: go on at the next member that holds a record; False where there is none."""
        magic, probe = self._packing.magic, self._packing.probe
        self._buffer.clear()
        self._read = self._filled
        window, self._at = self._data[1:], self._at + 1
        searched = 0
        while True:
            found = window.find(magic, searched)
            if found >= 0 and len(window) - found >= probe:
                if self._packing.begins_record(window[found : found + probe]):
                    break
                searched = found + 1
                continue
            more = self._source.read(BLOCK)
            if not more:
                if found >= 0 and self._packing.begins_record(window[found:]):
                    break
                if found < 0:
                    return False
                searched = found + 1
                continue
            cut = found if found >= 0 else max(0, len(window) - len(magic) + 1)
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
        self._decoder = self._packing.member()
        self._fresh = True
        self._starts.append((self._filled, self._at))

    def _fill(self) -> bool:
        """Inflate some more; False at the end. Raises DamagedError."""
        if not self._data and not self._decoder.holds_input:
            self._data = self._source.read(BLOCK)
            if not self._data:
                self.cut_short = self.is_packed and not self._fresh
                return False
        if not self.is_packed:
            self._add(self._data)
            self._at += len(self._data)
            self._data = b""
            return True
        before = len(self._data)
        try:
            out, rest = self._decoder.unpack(self._data, BLOCK)
        except DamagedError as error:
            raise DamagedError(f"{error} near byte {self._at}") from error
        self._at += before - len(rest)
        self._data = rest
        self._fresh = False
        self._add(out)
        if self._decoder.ended:
            self._after_member()
        return True

    def _after_member(self) -> None:
        padding = len(self._data) - len(self._data.lstrip(b"\0"))
        self._data, self._at = self._data[padding:], self._at + padding
        self._new_member()

    def _add(self, out: bytes) -> None:
        self._buffer += out
        self._filled += len(out)


def holds_warc(source: IO[bytes]) -> bool:
    """Whether a file begins with a WARC record, packed or not."""
    try:
        return WarcStream(source).peek(len(RECORD)) == RECORD
    except DamagedError:
        return False
