"""Payloads: undoing content encodings under a limit, so that no codec's bomb goes off."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import brotli

from pipeline.charsets import codec_of
from pipeline.reasons import Reason

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd  # for whoever reads or writes files of it

STEP = 64 * 1024  # bytes inflated or read at a time
MAX_DRAINED = 16  # steps
MAX_LAYERS = 4  # "gzip, gzip" is seen in the wild; more is an attack
MAX_ZSTD_WINDOW_LOG = 23  # 8 MiB, RFC 9659: what a browser must support
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s|html|head|body|\?xml|!--)", re.IGNORECASE)
GZIP_MAGIC = b"\x1f\x8b"
# Beside these, servers name charsets in this header; neither says that anything was done to the bytes.
NOT_ENCODED = frozenset({"identity", "none", "binary", "7bit", "8bit"})
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Payload:
    """Decoded bytes, at most as many as the limit, and what was wrong: TOO_LARGE, TRUNCATED, BAD_ENCODING or None."""

    data: bytes
    problem: Reason | None = None


class _BadEncodingError(Exception):
    """The bytes are not what the encoding says."""


class _CutShortError(Exception):
    """The bytes end before the encoding does."""


Codec = Callable[[Iterator[bytes]], Iterator[bytes]]


def decode_payload(body: bytes, content_encoding: str, limit: int) -> Payload:
    """Undo the encodings that a Content-Encoding header lists. Never raises; never holds more than limit + 64 KiB."""
    data = bytearray()
    problem = None
    for piece in _tell(_layers(body, content_encoding)):
        if isinstance(piece, Reason):
            problem = piece
            break
        data += piece
        if len(data) > limit:
            return Payload(bytes(data[:limit]), Reason.TOO_LARGE)
    return Payload(bytes(data), problem)


def check_payload(body: bytes, content_encoding: str, limit: int) -> Reason | None:
    """What decode_payload would find wrong, without keeping the bytes."""
    size = 0
    for piece in _tell(_layers(body, content_encoding)):
        if isinstance(piece, Reason):
            return piece
        size += len(piece)
        if size > limit:
            return Reason.TOO_LARGE
    return None


def gunzip(data: bytes, limit: int) -> Payload:
    """Undo gzip where data is gzip (a sitemap.xml.gz), and gzip in gzip; other bytes come back as they are."""
    layers = MAX_LAYERS
    payload = Payload(data)
    while payload.data.startswith(GZIP_MAGIC) and layers and payload.problem is None:
        payload = decode_payload(payload.data, "gzip", limit)
        layers -= 1
    if payload.data.startswith(GZIP_MAGIC) and payload.problem is None:
        return Payload(b"", Reason.BAD_ENCODING)
    return payload


def _tell(pieces: Iterator[bytes]) -> Iterator[bytes | Reason]:
    try:
        yield from pieces
    except _CutShortError:
        yield Reason.TRUNCATED
    except _BadEncodingError:
        yield Reason.BAD_ENCODING


def _layers(body: bytes, content_encoding: str) -> Iterator[bytes]:
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name and name not in NOT_ENCODED and not codec_of(name)]
    if MARKUP.match(body):  # what is labelled as compressed and is not: servers do that, and so do archives of browsers
        names = []
    if len(names) > MAX_LAYERS or any(name not in _CODECS for name in names):
        return _refuse()
    pieces: Iterator[bytes] = (body[start : start + STEP] for start in range(0, len(body), STEP))
    if not body:
        return pieces
    for name in reversed(names):
        pieces = _CODECS[name](pieces)
    return pieces


def _refuse() -> Iterator[bytes]:
    yield b""  # a generator, so that it raises where the bytes are read
    raise _BadEncodingError


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces, b"")
    if first and not first.startswith(GZIP_MAGIC):  # servers that label plain text as gzip; browsers show it
        yield first
        yield from pieces
        return
    yield from _zlib_members(first, pieces, 31)


def _deflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces, b"")
    # RFC 9110 means zlib; some servers send raw deflate. A zlib header is a multiple of 31 with method 8.
    wrapped = len(first) >= 2 and first[0] & 0x0F == 8 and (first[0] * 256 + first[1]) % 31 == 0
    yield from _zlib_members(first, pieces, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _zlib_members(first: bytes, rest: Iterator[bytes], wbits: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(wbits)
    data = first
    while True:
        if decoder.eof:
            data = decoder.unused_data
            if wbits != 31 or not data.startswith(GZIP_MAGIC):
                _drain(rest)  # what follows the last member is padding
                return
            decoder = zlib.decompressobj(wbits)
        try:
            out = decoder.decompress(data, STEP)
        except zlib.error as error:
            raise _BadEncodingError from error
        if out:
            yield out
        data = decoder.unconsumed_tail
        if not data and not (decoder.eof and decoder.unused_data) and len(out) < STEP:
            data = next(rest, b"")
            if not data:
                if not decoder.eof:
                    raise _CutShortError
                return


def _drain(pieces: Iterator[bytes]) -> None:
    """Let the layer beneath come to its end, where it notices that it was cut; not for ever."""
    for _ in islice(pieces, MAX_DRAINED):
        pass


def _brotli(pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder: Any = brotli.Decompressor()
    for piece in pieces:
        data = piece
        while not decoder.is_finished():
            try:
                out = decoder.process(data, output_buffer_limit=STEP)
            except brotli.error as error:
                raise _BadEncodingError from error
            data = b""
            if out:
                yield out
            if decoder.can_accept_more_data() and len(out) < STEP:
                break
        if decoder.is_finished():
            _drain(pieces)
            return
    raise _CutShortError


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    options = {int(zstd.DecompressionParameter.window_log_max): MAX_ZSTD_WINDOW_LOG}
    decoder = zstd.ZstdDecompressor(options=options)
    for piece in pieces:
        data = piece
        while True:
            if decoder.eof:
                data = decoder.unused_data or data
                if not data.startswith(ZSTD_MAGIC):
                    _drain(pieces)
                    return
                decoder = zstd.ZstdDecompressor(options=options)
            try:
                out = decoder.decompress(data, STEP)
            except zstd.ZstdError as error:
                raise _BadEncodingError from error
            data = b""
            if out:
                yield out
            if decoder.eof and decoder.unused_data:
                continue
            if decoder.eof or decoder.needs_input:
                break
    if not decoder.eof:
        raise _CutShortError


_CODECS: dict[str, Codec] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
