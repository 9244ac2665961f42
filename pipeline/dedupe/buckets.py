"""Pairs of rows that have a key in common: by sorting arrays, so that there is no index to keep or corrupt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]  # shape (pairs, 2), left < right, rows sorted and unique
# Members of one bucket that are compared with all others inside the window. More than this is a flood of pages made
# from one form; then each is compared with those next to it in time only.
_BUCKET = 1_000
_NEIGHBOURS = 100


def marked(fresh: Places | None, rows: int) -> npt.NDArray[np.bool_]:
    """Which rows are fresh; without any named, all are."""
    is_fresh = np.full(rows, fresh is None)
    if fresh is not None:
        is_fresh[fresh] = True
    return is_fresh


def distinct(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sorted, each once. (np.unique hashes since numpy 2.3, at five times the cost here.)"""
    values.sort()
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def meet(
    keys: npt.NDArray[np.uint64],
    order: Places,
    times: npt.NDArray[np.float64],
    window: float,
    is_fresh: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Pairs whose keys are equal, each as left * rows + right, rows being how many times there are.

    Keys come in order of time; order: whose each key is.
    """
    # The place goes into the low bits of the key: one plain sort then orders by bucket, and by time inside it.
    bits = np.uint64(max(len(keys), 1).bit_length())
    joint = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    joint.sort()
    if len(joint) > 1:  # most keys are nobody else's
        same = joint[1:] ^ joint[:-1] < np.uint64(1) << bits
        joint = joint[np.concatenate([[False], same]) | np.concatenate([same, [False]])]
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
