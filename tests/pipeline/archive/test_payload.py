from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.payload import Payload, check_payload, decode_payload, gunzip
from pipeline.reasons import Reason

TEXT = random.Random(3).randbytes(90_000) + b"The wall was mended on Monday. " * 9_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODECS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "gzip in gzip": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "brotli in gzip": ("br, gzip", lambda data: gzip.compress(brotli.compress(data, quality=1))),
    "two gzip members": ("gzip", lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:])),
    "two zstd frames": ("zstd", lambda data: zstd.compress(data[:1000]) + zstd.compress(data[1000:])),
}


@pytest.mark.parametrize("name", CODECS)
def test_every_codec_comes_back_whole(name: str) -> None:
    encoding, pack = CODECS[name]
    payload = decode_payload(pack(TEXT), encoding, 10_000_000)
    assert payload.data == TEXT
    assert payload.problem is None
    assert check_payload(pack(TEXT), encoding, 10_000_000) is None


@pytest.mark.parametrize("said", ["utf-8", "ISO-8859-1", "windows-1256", "none", "binary", "8bit", "gzip, utf-8"])
def test_what_says_nothing_of_the_bytes_is_passed_over(said: str) -> None:
    packed = gzip.compress(TEXT) if "gzip" in said else TEXT
    assert decode_payload(packed, said, 10_000_000) == Payload(TEXT)


@pytest.mark.parametrize("said", ["sdch", "*", "gzip, " * 500 + "gzip"])
def test_markup_is_taken_as_it_is_whatever_is_said_of_it(said: str) -> None:
    page = b"<!doctype html><title>The wall was mended</title>"
    assert decode_payload(page, said, 1_000) == Payload(page)
    assert decode_payload(b"mended", said, 1_000).problem is Reason.BAD_ENCODING


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("cut", [1, 9, 2_000, 80_000])
def test_a_cut_body_is_never_passed_as_whole(name: str, cut: int) -> None:
    encoding, pack = CODECS[name]
    payload = decode_payload(pack(TEXT)[:-cut], encoding, 10_000_000)
    assert payload.problem is Reason.TRUNCATED
    assert TEXT.startswith(payload.data)


@pytest.mark.parametrize("name", CODECS)
def test_a_bomb_stops_at_the_limit_and_costs_no_memory(name: str) -> None:
    encoding, pack = CODECS[name]
    bomb = pack(bytes(25_000_000))
    tracemalloc.start()
    payload = decode_payload(bomb, encoding, 1_000_000)
    checked = check_payload(bomb, encoding, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (payload.problem, len(payload.data)) == (Reason.TOO_LARGE, 1_000_000)
    assert checked is Reason.TOO_LARGE
    assert peak < 8_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_garbage_is_told(encoding: str) -> None:
    garbage = b"\x1f\x8b" + random.Random(5).randbytes(5_000)
    assert decode_payload(garbage, encoding, 1_000_000).problem in (Reason.BAD_ENCODING, Reason.TRUNCATED)


def test_encodings_nobody_knows_and_endless_lists_are_refused() -> None:
    assert decode_payload(b"x", "rot13", 10).problem is Reason.BAD_ENCODING
    assert decode_payload(b"x", "gzip," * 50, 10).problem is Reason.BAD_ENCODING


def test_plain_text_that_is_labelled_gzip_is_read() -> None:
    assert decode_payload(b"<p>plain</p>", "gzip", 100).data == b"<p>plain</p>"
    assert decode_payload(b"", "br", 100).problem is None
    assert decode_payload(b"abc", "identity", 100).data == b"abc"


def test_gunzip_of_sitemaps() -> None:
    assert gunzip(b"<urlset/>", 100).data == b"<urlset/>"
    assert gunzip(gzip.compress(gzip.compress(b"<urlset/>")), 100).data == b"<urlset/>"
    nested = b"x"
    for _ in range(8):
        nested = gzip.compress(nested)
    assert gunzip(nested, 10_000).problem is Reason.BAD_ENCODING


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "identity", ""]))
def test_decoding_never_raises(body: bytes, encoding: str) -> None:
    payload = decode_payload(body, encoding, 1_000)
    assert len(payload.data) <= 1_000
    assert check_payload(body, encoding, 1_000) == payload.problem
