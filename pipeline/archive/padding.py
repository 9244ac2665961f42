"""The bits of a gzip member that nothing depends on: after its deflate stream, up to the next whole byte.

Every compressor leaves them at zero (RFC 1951, 3.2.3 counts none of them), no checksum covers them, and unpacking
passes over them: a bit that flipped there shows only to somebody who looks.
"""

from __future__ import annotations

import zlib

HEAD = 10  # RFC 1952, 2.3: no name, no comment
TRAILER = 8


def has_stray_bits(member: bytes) -> bool:
    """True where bits between the deflate stream and the trailer of a whole gzip member are set. Never raises."""
    if len(member) <= HEAD + TRAILER + 1 or member[3] != 0:
        return False
    body, last = member[HEAD : -TRAILER - 1], member[-TRAILER - 1]
    if last == 0:
        return False
    try:
        before = zlib.decompressobj(-zlib.MAX_WBITS)
        before.decompress(body)
        # Bits are filled in from the lowest up: the highest one set is the first to be stray.
        cleared = last & ~(1 << (last.bit_length() - 1))
        return _end(before.copy(), last) == _end(before, cleared) is not None
    except zlib.error:
        return False  # damage of another kind, found elsewhere


def _end(decoder: zlib._Decompress, last: int) -> bytes | None:
    """What the last byte unpacks to; None where the stream does not end with it."""
    try:
        out = decoder.decompress(bytes([last]))
    except zlib.error:
        return None
    return out if decoder.eof else None
