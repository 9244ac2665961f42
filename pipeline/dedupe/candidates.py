"""Candidates: pairs of articles near each other in time whose signatures meet in an LSH band, or that share a passage.

Banding by sorting arrays (no index to keep or corrupt): two rows per band lost none of the labelled copies of Arabic
news, as copies that are cut or extended often share under a third of their shingles. Reworded ones share a tenth of
both: one banding loses a third of such pairs, so the values are paired anew a few times, which costs no more values.
What shares but one sentence of a long text is found by the fingerprints of its passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs, Places, distinct, marked, meet
from pipeline.dedupe.fingerprints import Fingerprints, Keys
from pipeline.dedupe.signatures import Signatures
from pipeline.dedupe.times import Floats, Times, latest

# Pairs of so many bands are gathered before those found twice are dropped; bounds the memory.
_BANDS_AT_ONCE = 16
# Keys of bands that are sorted at once, where there are fewer rows: what a call costs is then spread over many.
_MET_AT_ONCE = 250_000
_EMPTY = 0xFFFFFFFF
# Bandings of one signature. Of pairs with Jaccard .08, one finds 56%, four find 96%.
BANDINGS = 4
# Signatures of 256 permutations estimate Jaccard to about .015 here; no labelled copy lies below .1, few parts of
# digests that are more than one passage below .06.
LEAST_ESTIMATE = 0.04
# Pairs whose signatures are compared at once; stored ones are mapped anew for each lot, so not too few.
_ESTIMATED_AT_ONCE = 4_000
# Keys of passages that are sorted at once; bounds the memory.
_KEYS_AT_ONCE = 4_000_000


class SignatureTable(Protocol):
    """Signatures in an array, or where whole columns or some rows are read as of one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Texts and permutations."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: Any, /) -> Any: ...


def find_candidates(
    signatures: Signatures,
    fingerprints: Fingerprints,
    times: Times,
    *,
    bands: int,
    window: float,
    fresh: Places | None = None,
) -> Pairs:
    """Pairs of rows that are alike enough by their signatures, or share a passage, at most window apart in time.

    times in any unit, that of window; NaN (not known) lies near everything. With fresh, only pairs that hold at least
    one of those rows.
    """
    alike = find_alike(signatures, times, bands=bands, window=window, fresh=fresh)
    sharing = find_sharing(fingerprints.keys, fingerprints.texts, times, window=window, fresh=fresh)
    return unite([alike, sharing], len(times))


def find_alike(
    signatures: SignatureTable,
    times: Times,
    *,
    bands: int,
    window: float,
    fresh: Places | None = None,
    part: slice = slice(None),
) -> Pairs:
    """Of the pairs that meet in a band those whose signatures say that they share enough; with part, in those bands."""
    pairs = find_banded(signatures, times, bands=bands, window=window, fresh=fresh, part=part)
    found: Pairs = pairs.compress(estimate(signatures, pairs) >= LEAST_ESTIMATE, axis=0)
    return found


def find_sharing(
    keys: Keys,
    rows: Places,
    times: Times,
    *,
    window: float,
    fresh: Places | None = None,
    in_order: bool = False,
) -> Pairs:
    """Pairs of rows that have a key of a passage in common; rows: whose each key is.

    in_order: those of one key come in the order of time already.
    """
    is_fresh = marked(fresh, len(times))
    if fresh is not None:
        kept = _may_be_among(keys, keys[is_fresh[rows]])
        keys, rows = keys.compress(kept), rows.compress(kept)
    if not in_order and not _are_rising(latest(times)[rows]):
        order = np.argsort(latest(times)[rows], kind="stable")  # NaN last
        keys, rows = keys[order], rows[order]
    parts = max(-(-len(keys) // _KEYS_AT_ONCE), 1)
    part_of = (keys.astype(np.uint64) * np.uint64(parts) >> np.uint64(32)) if parts > 1 else None
    found = np.zeros(0, np.int64)
    for part in range(parts):
        some = slice(None) if part_of is None else part_of == np.uint64(part)
        found = distinct(np.concatenate([found, meet(_spread(keys[some])[None], rows[some], times, window, is_fresh)]))
    pairs = _pairs_of(found, len(times))
    apart: Pairs = pairs.compress(pairs[:, 0] != pairs[:, 1], axis=0)
    return apart


def unite(found: Sequence[Pairs], rows: int) -> Pairs:
    """Pairs of several findings, each once; rows: how many there are."""
    count = max(rows, 1)
    numbers = distinct(np.concatenate([np.zeros(0, np.int64), *(some[:, 0] * count + some[:, 1] for some in found)]))
    return _pairs_of(numbers, rows)


def _pairs_of(numbers: npt.NDArray[np.int64], rows: int) -> Pairs:
    """Pairs that are written as one number each: the one row times the count of rows, plus the other row."""
    return np.stack(np.divmod(numbers, max(rows, 1)), axis=1)


def estimate(signatures: SignatureTable, pairs: Pairs) -> npt.NDArray[np.float64]:
    """Jaccard of pairs as their signatures tell it."""
    parts = [
        (signatures[some[:, 0]] == signatures[some[:, 1]]).mean(axis=1)
        for some in (pairs[at : at + _ESTIMATED_AT_ONCE] for at in range(0, len(pairs), _ESTIMATED_AT_ONCE))
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def find_banded(
    signatures: SignatureTable,
    times: Times,
    *,
    bands: int,
    window: float,
    fresh: Places | None = None,
    part: slice = slice(None),
) -> Pairs:
    """Pairs of rows that share a band; with part, one of those bands. A row without words is in no pair."""
    order = np.argsort(latest(times), kind="stable")  # NaN last
    order = order[_has_words(signatures)[order]]
    in_place = np.array_equal(order, np.arange(len(times)))
    is_fresh = marked(fresh, len(signatures))
    found = np.zeros(0, np.int64)
    columns = columns_of_bands(signatures.shape[1], bands)[part]
    # Columns are read by many bands: side by side, unless a stored table is read or most of it goes unread.
    whole = (fresh is None or len(fresh) == len(order)) and isinstance(signatures, np.ndarray)
    turned = np.ascontiguousarray(signatures[order].T) if whole else None
    together = min(max(_MET_AT_ONCE // max(len(order), 1), 1), _BANDS_AT_ONCE)
    for start in range(0, len(columns), _BANDS_AT_ONCE):
        some = columns[start : start + _BANDS_AT_ONCE]
        pending = [found]
        for at in range(0, len(some), together):
            near = some[at : at + together]
            if turned is None:
                read = (signatures[:, band] for band in near)
                keys = [_band_keys(some if in_place else some[order]) for some in read]
            else:
                keys = [_band_keys(turned[band].T) for band in near]
            pending.append(meet(np.stack(keys), order, times, window, is_fresh))
        found = distinct(np.concatenate(pending))
    return _pairs_of(found, len(signatures))


def _may_be_among(keys: Keys, wanted: Keys) -> npt.NDArray[np.bool_]:
    """Whether a key's first 24 bits are those of a wanted one: quick, and all that follows is exact."""
    seen = np.zeros(1 << 24, np.bool_)
    seen[wanted >> np.uint32(8)] = True
    found: npt.NDArray[np.bool_] = seen.take(keys >> np.uint32(8))
    return found


def _are_rising(times: Floats) -> bool:
    """Whether times come in order, those that are not known last."""
    return bool(((times[1:] >= times[:-1]) | np.isnan(times[1:])).all())


def _spread(keys: Keys) -> npt.NDArray[np.uint64]:
    """Keys in the high bits of wider ones."""
    return keys.astype(np.uint64) << np.uint64(32)


def _has_words(signatures: SignatureTable) -> npt.NDArray[np.bool_]:
    """Column by column, as the first nearly always tells."""
    found = np.zeros(len(signatures), np.bool_)
    for column in range(signatures.shape[1]):
        if found.all():
            break
        found |= signatures[:, column] != _EMPTY
    return found


def columns_of_bands(width: int, bands: int) -> list[list[int]]:
    """The columns of each band: neighbours in the first banding, in the others columns further apart."""
    rows = width // bands
    return [
        [(band + row * banding) % bands * rows + row for row in range(rows)]
        for banding in range(BANDINGS)
        for band in range(bands)
    ]


def _band_keys(values: Signatures) -> npt.NDArray[np.uint64]:
    keys = np.zeros(len(values), np.uint64)
    for column in range(values.shape[1]):
        keys = (keys + values[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys
