from __future__ import annotations

import gzip
import zlib

import pytest

from pipeline.archive.padding import has_stray_bits

TEXTS = [b"a report of %d words " % number * (number + 1) for number in range(60)]


def packed(text: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize("level", [1, 6, 9])
def test_a_flipped_bit_is_stray_where_unpacking_passes_over_it(level: int) -> None:
    silent = 0
    for text in TEXTS:
        member = packed(text, level)
        assert not has_stray_bits(member)
        for bit in range(8):
            spoilt = member[:-9] + bytes([member[-9] ^ (1 << bit)]) + member[-8:]
            try:
                unpacked = gzip.decompress(spoilt)
            except (zlib.error, EOFError, OSError):
                continue
            assert unpacked == text
            assert has_stray_bits(spoilt)
            silent += 1
    assert silent > 50


def test_what_is_no_member_has_none() -> None:
    assert not any(has_stray_bits(bytes(range(length))) for length in range(200))
    assert not has_stray_bits(b"\x1f\x8b\x08\x00" + b"\xff" * 60)
