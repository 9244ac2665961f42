"""Candidates: pairs of articles published near each other whose signatures meet in at least one LSH band.

Banding by sorting arrays (no index to keep or corrupt): two rows per band lost none of the labelled copies of Arabic
news, as copies that are cut or extended often share under a third of their shingles. A digest shares a paragraph with
each report, a twelfth of both or less: one banding loses a third of such pairs, so the values are paired anew a few
times, which costs no more values.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.signatures import Signatures

Places = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]  # shape (pairs, 2), left < right, rows sorted and unique
# Members of one bucket that are compared with all others inside the window. More than this is a flood of pages made
# from one form; then each is compared with those next to it in time only.
_BUCKET = 1_000
_NEIGHBOURS = 100
# Pairs of so many bands are gathered before those found twice are dropped; bounds the memory.
_BANDS_AT_ONCE = 16
_EMPTY = 0xFFFFFFFF
# Bandings of one signature. Of pairs with Jaccard .08, one finds 56%, four find 96%.
BANDINGS = 4


def find_candidates(
    signatures: Signatures,
    times: npt.NDArray[np.float64],
    *,
    bands: int,
    window: float,
    fresh: Places | None = None,
    part: slice = slice(None),
) -> Pairs:
    """Pairs of rows that share a band and whose times lie at most window apart.

    times in any unit, that of window; NaN (nobody stated one) lies near everything. With fresh, only pairs that hold at
    least one of those rows; with part, only pairs that meet in those bands. A row without words is in no pair.
    """
    order = np.argsort(times, kind="stable")  # NaN last
    order = order[_has_words(signatures)[order]]
    is_fresh = np.ones(len(signatures), bool)
    if fresh is not None:
        is_fresh[:] = False
        is_fresh[fresh] = True
    found = np.zeros(0, np.int64)
    pending: list[npt.NDArray[np.int64]] = []
    columns = columns_of_bands(signatures.shape[1], bands)[part]
    for number, band in enumerate(columns):
        keys = _band_keys(signatures[:, band][order])
        pending.append(_pairs_of_band(keys, order, times, window, is_fresh))
        if len(pending) == _BANDS_AT_ONCE or number == len(columns) - 1:
            found = _distinct(np.concatenate([found, *pending]))
            pending.clear()
    count = max(len(signatures), 1)
    return np.stack([found // count, found % count], axis=1)


def _has_words(signatures: Signatures) -> npt.NDArray[np.bool_]:
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


def _distinct(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sorted, each once. (np.unique hashes since numpy 2.3, at five times the cost here.)"""
    values.sort()
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def _band_keys(values: Signatures) -> npt.NDArray[np.uint64]:
    keys = np.zeros(len(values), np.uint64)
    for column in range(values.shape[1]):
        keys = (keys + values[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys


def _pairs_of_band(
    keys: npt.NDArray[np.uint64],
    order: Places,
    times: npt.NDArray[np.float64],
    window: float,
    is_fresh: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Pairs that meet in one band, each as left * rows + right. Rows come in order of time."""
    # The place goes into the low bits of the key: one plain sort then orders by bucket, and by time inside it.
    bits = np.uint64(max(len(keys), 1).bit_length())
    joint = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    joint.sort()
    members = order[(joint & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)]
    buckets = joint >> bits
    starts = np.flatnonzero(np.concatenate([[True], buckets[1:] != buckets[:-1]])) if len(buckets) else np.zeros(0, int)
    sizes = np.diff(np.append(starts, len(buckets)))
    last = np.repeat(starts + sizes, sizes)
    sizes = np.repeat(sizes, sizes)
    reach = np.where(sizes > _BUCKET, np.int64(_NEIGHBOURS), np.int64(_BUCKET))
    found: list[npt.NDArray[np.int64]] = []
    places = np.flatnonzero(last - np.arange(len(members)) > 1)
    step = 1
    while len(places):
        places = places[(places + step < last[places]) & (reach[places] >= step)]
        left, right = members[places], members[places + step]
        apart = times[right] - times[left]
        near = ~(apart > window)  # NaN counts as near
        wanted = near & (is_fresh[left] | is_fresh[right])
        low, high = np.minimum(left, right)[wanted], np.maximum(left, right)[wanted]
        found.append(low * len(times) + high)
        # Rows come in order of time, so that the first far one ends it, except for those without a time at the end.
        places = places[near | np.isnan(times[members[last[places] - 1]])]
        step += 1
    return np.concatenate(found) if found else np.zeros(0, np.int64)
