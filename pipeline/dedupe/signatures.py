"""MinHash signatures of word 3-gram shingles, in batches of array operations.

Bit for bit what datasketch's MinHash.bulk (scheme affine32, seed 1) gives under the same hash function. Words are
hashed
once per vocabulary, shingles are combined from word hashes as arrays, and each permutation takes its minimum over all
texts of a batch in one call (np.minimum.reduceat).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.fingerprints import Fingerprints, joined
from pipeline.dedupe.texts import Hashes, Numbers, Texts
from pipeline.records import Signature

Shingles = npt.NDArray[np.uint32]
Signatures = npt.NDArray[np.uint32]  # a row per text, a column per permutation
# Permutations, seed, shingle and word hash, and how passages are fingerprinted: signatures compare only inside one
# scheme.
SCHEME = "affine32/1/word3/xxh3+winnow6/4"
SHINGLE_WORDS = 3
_SEED = 1
# 2**64 divided by the golden ratio, odd: the multiplier of the polynomial over word hashes.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
# Shingles handled at once: few enough that a permutation's work stays in the processor's cache, enough that what a call
# costs does not tell.
_BATCH = 65_536


def shingle_hashes(word_hashes: Hashes) -> Shingles:
    """A 32-bit hash per word 3-gram of one text; a text of one or two words is one shingle."""
    if 0 < len(word_hashes) < SHINGLE_WORDS:
        word_hashes = np.concatenate([word_hashes, np.zeros(SHINGLE_WORDS - len(word_hashes), np.uint64)])
    return _combined(word_hashes)


def sign(texts: Texts, permutations: int) -> Signatures:
    """The signatures of texts, shape (len(texts), permutations); a text without words gets the empty signature."""
    signatures = np.full((len(texts), permutations), 0xFFFFFFFF, np.uint32)
    first = 0
    while first < len(texts):
        last = int(np.searchsorted(texts.bounds, texts.bounds[first] + _BATCH, side="right")) - 1
        last = max(last, first + 1)
        shingles, rows, starts = _batch(texts, first, last)
        if len(rows):
            signatures[rows] = _minima(shingles, starts, permutations)
        first = last
    return signatures


def to_records(
    article_ids: list[str], signatures: Signatures, passages: Fingerprints, scheme: str = SCHEME
) -> list[Signature]:
    """Signatures with the fingerprints of their passages as they are stored."""
    rows = signatures.astype("<u4", copy=False)
    width = signatures.shape[1] if signatures.ndim == 2 else 0
    return [
        Signature(one, scheme, width, row.tobytes() + passages[place].astype("<u4", copy=False).tobytes())
        for place, (one, row) in enumerate(zip(article_ids, rows, strict=True))
    ]


def from_records(records: list[Signature], permutations: int, scheme: str = SCHEME) -> tuple[Signatures, Fingerprints]:
    """Stored signatures and fingerprints. Raises ValueError where one is of another scheme or length."""
    if any(one.scheme != scheme or one.permutations != permutations for one in records):
        raise ValueError(f"a signature that is not {scheme} with {permutations} permutations; sign the articles again")
    wide = 4 * permutations
    values = np.frombuffer(b"".join(one.values[:wide] for one in records), "<u4")
    keys = np.frombuffer(b"".join(one.values[wide:] for one in records), "<u4")
    counts = np.array([(len(one.values) - wide) // 4 for one in records], np.int64)
    return values.reshape(len(records), permutations).astype(np.uint32), joined(keys.astype(np.uint32), counts)


def _combined(hashes: Hashes) -> Shingles:
    if len(hashes) < SHINGLE_WORDS:
        return np.zeros(0, np.uint32)
    mixed = (hashes[:-2] * _FACTOR + hashes[1:-1]) * _FACTOR + hashes[2:]
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _batch(texts: Texts, first: int, last: int) -> tuple[Shingles, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Shingles of texts first to last, the rows of those that have any, and where each begins."""
    start, stop = texts.bounds[first], texts.bounds[last]
    bounds = texts.bounds[first : last + 1] - start
    lengths = np.diff(bounds)
    words: Numbers = texts.numbers[start:stop]
    all_shingles = _combined(texts.hashes.take(words))
    counts = lengths - SHINGLE_WORDS + 1
    long = np.flatnonzero(counts > 0)
    keep = np.zeros(len(all_shingles) + 1, np.int32)  # shingles that cross into the next text are left out
    np.add.at(keep, bounds[long], 1)
    np.add.at(keep, bounds[long] + counts[long], -1)
    pieces = [all_shingles.compress(np.cumsum(keep[:-1]) > 0)]
    short = np.flatnonzero((lengths > 0) & (counts <= 0))
    pieces += [shingle_hashes(texts.hashes[texts[first + int(row)]]) for row in short]
    sizes = np.concatenate([counts[long], np.ones(len(short), np.int64)])
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
    return np.concatenate(pieces), first + np.concatenate([long, short]), starts


def _minima(shingles: Shingles, starts: npt.NDArray[np.int64], permutations: int) -> Signatures:
    factors, offsets = _permutations(permutations)
    mixed = _finalised(shingles)
    values = np.empty_like(mixed)
    minima = np.empty((permutations, len(starts)), np.uint32)
    for row in range(permutations):
        np.multiply(mixed, factors[row], out=values)
        np.add(values, offsets[row], out=values)
        np.minimum.reduceat(values, starts, out=minima[row])
    return minima.T


def _finalised(hashes: Shingles) -> Shingles:
    """The finalizer of MurmurHash3, as datasketch's affine32 scheme applies it."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@lru_cache(maxsize=4)
def _permutations(count: int) -> tuple[Signatures, Signatures]:
    """Factors and offsets as datasketch draws them; importing it for these alone takes as long as a small fold."""
    draw = np.random.RandomState(_SEED)
    factors = draw.randint(0, 1 << 31, count, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 1 << 32, count, np.uint32)
