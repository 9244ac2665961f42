from __future__ import annotations

import numpy as np
import pytest
import xxhash
from datasketch import LeanMinHash, MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.fingerprints import fingerprint
from pipeline.dedupe.signatures import SCHEME, from_records, shingle_hashes, sign, to_records
from pipeline.dedupe.texts import Texts
from pipeline.normalise import tokenise

bodies = st.lists(st.text(alphabet="ابتثج ة\n.&x1ـ_-", max_size=120), max_size=12)


def shingle_hash(shingle: bytes) -> int:
    """The hash of one shingle as a plain function, for datasketch."""
    value = 0
    for word in shingle.split(b" "):
        hashed = xxhash.xxh3_64_intdigest(word) if word else 0
        value = (value * 0x9E3779B97F4A7C15 + hashed) % 2**64
    return value >> 32


def shingles_of(body: str) -> list[bytes]:
    words = [word.encode() for word in tokenise(body).words]
    if 0 < len(words) < 3:
        words += [b""] * (3 - len(words))
    return [b" ".join(words[at : at + 3]) for at in range(len(words) - 2)]


@settings(deadline=None)
@given(bodies)
def test_signatures_are_those_of_datasketch_bit_for_bit(some: list[str]) -> None:
    expected = MinHash.bulk([shingles_of(one) for one in some], num_perm=64, seed=1, hashfunc=shingle_hash)
    signatures = sign(Texts(some), 64)
    assert signatures.shape == (len(some), 64)
    for row, theirs in zip(signatures, expected, strict=True):
        assert row.tolist() == theirs.hashvalues.tolist()
        assert LeanMinHash(seed=1, hashvalues=row, scheme="affine32").jaccard(LeanMinHash(theirs)) == 1.0


def test_long_and_short_texts_share_batches() -> None:
    some = ["كلمة واحدة", "", " ".join(f"كلمة{n}" for n in range(40_000)), "ثلاث كلمات هنا", *["نص قصير جدا"] * 50]
    together = sign(Texts(some), 32)
    apart = [sign(Texts([one]), 32)[0].tolist() for one in some]
    assert [row.tolist() for row in together] == apart
    assert set(together[1].tolist()) == {0xFFFFFFFF}


def test_stored_signatures_come_back() -> None:
    texts = Texts(["نص أول قصير هنا", " ".join(f"كلمة{n}" for n in range(60))])
    signatures, passages = sign(texts, 16), fingerprint(texts)
    records = to_records(["a", "b"], signatures, passages)
    values, keys = from_records(records, 16)
    assert np.array_equal(values, signatures)
    assert len(keys[1]) > 10
    assert [keys[place].tolist() for place in (0, 1)] == [passages[place].tolist() for place in (0, 1)]
    assert records[0].scheme == SCHEME
    with pytest.raises(ValueError, match="sign the articles again"):
        from_records(records, 32)


def test_a_text_of_one_word_is_one_shingle() -> None:
    assert len(shingle_hashes(np.array([7], np.uint64))) == 1
    assert len(shingle_hashes(np.zeros(0, np.uint64))) == 0
