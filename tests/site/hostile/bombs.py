"""Compression bombs: a few hundred kilobytes that unfold into hundreds of megabytes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import cache

import brotli
import zstandard

HEAD = b"<!doctype html><html><head><title>Bomb</title></head><body><p>"
MEGABYTE = b"boom " * 200_000
INFLATED_MEGABYTES = 250


def _feed(add: Callable[[bytes], bytes], end: Callable[[], bytes], opening: bytes) -> bytes:
    parts = [add(opening)]
    parts += [add(MEGABYTE) for _ in range(INFLATED_MEGABYTES)]
    return b"".join(parts) + end()


@cache
def inflate_to_much(codec: str, opening: bytes = HEAD) -> bytes:
    """Bytes in codec (gzip, deflate, br, zstd, gzip-gzip) that inflate to INFLATED_MEGABYTES."""
    if codec == "gzip-gzip":
        return gzip.compress(inflate_to_much("gzip", opening), 9)
    if codec == "br":
        # Quality 1 with a window of 16 MB: as small as better qualities on repeated text, many times faster.
        squeeze = brotli.Compressor(quality=1, lgwin=24)
        return _feed(squeeze.process, squeeze.finish, opening)
    if codec == "zstd":
        dense = zstandard.ZstdCompressor(level=1).compressobj()
        return _feed(dense.compress, dense.flush, opening)
    window = {"gzip": 31, "deflate": 15}[codec]
    deflate = zlib.compressobj(1, zlib.DEFLATED, window)
    return _feed(deflate.compress, deflate.flush, opening)


def compress(codec: str, content: bytes) -> bytes:
    """content as a server would send it in codec."""
    if codec == "br":
        return bytes(brotli.compress(content))
    if codec == "zstd":
        return zstandard.ZstdCompressor().compress(content)
    if codec == "deflate":
        return zlib.compress(content)
    return gzip.compress(content)
