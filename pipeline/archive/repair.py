"""Cutting the half-written end off a WARC file: everything up to the last whole gzip member stays."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

BLOCK = 1 << 18


def whole_length(path: Path) -> int:
    """Bytes up to the end of the last whole gzip member. Reads the file once, in blocks."""
    whole = 0
    with path.open("rb") as source:
        decoder, position, data = zlib.decompressobj(31), 0, b""
        while True:
            if not data:
                data = source.read(BLOCK)
                if not data:
                    return whole
            before = len(data)
            try:
                decoder.decompress(data, BLOCK)
            except zlib.error:
                return whole
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
            position += before - len(rest)
            data = rest
            if decoder.eof:
                whole = position
                decoder = zlib.decompressobj(31)


def cut_tail(path: Path) -> int:
    """Cut off what follows the last whole gzip member; returns the bytes that are left."""
    whole = whole_length(path)
    if whole < path.stat().st_size:
        with path.open("r+b") as target:
            target.truncate(whole)
            target.flush()
            os.fsync(target.fileno())
    return whole
