"""Pairs of rows that have a key in common: by sorting arrays, so that there is no index to keep or corrupt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.times import Times

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
    return values.compress(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else values


def meet(
    keys: npt.NDArray[np.uint64],
    order: Places,
    times: Times,
    window: float,
    is_fresh: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Pairs whose keys are equal, each as left * rows + right, rows being how many times there are.

    Each row of keys is a list of its own, in order of the latest times; order: whose each key is.
    """
    members, follows = _in_buckets(keys, order)
    ends = np.flatnonzero(~follows) + 1
    sizes = np.diff(ends, prepend=0)
    last, is_flood = np.repeat(ends, sizes), np.repeat(sizes > _BUCKET, sizes)
    (earliest, latest), are_fresh = times[members].T, is_fresh[members]
    # Who lies within reach of a later row that may be of an earlier time is not told by those before it.
    reach = window + np.repeat(np.fmax.reduceat(latest - earliest, ends - sizes), sizes) if len(ends) else earliest
    is_rising = bool((order[1:] >= order[:-1]).all())
    # Rows come in order of time, so that the first far one ends it, except for those without a time at the end.
    is_timeless = np.isnan(latest[last - 1])
    found: list[npt.NDArray[np.int64]] = []
    places, step = np.flatnonzero(follows), 1
    while len(places):
        near = ~(earliest.take(places + step) - latest.take(places) > window)  # NaN counts as near
        wanted = places.compress(near & (are_fresh.take(places) | are_fresh.take(places + step)))
        left, right = members.take(wanted), members.take(wanted + step)
        if not is_rising:
            left, right = np.minimum(left, right), np.maximum(left, right)
        found.append(left * len(times) + right)
        goes_on = ~(latest.take(places + step) - latest.take(places) > reach.take(places)) | is_timeless.take(places)
        places, step = places.compress(goes_on), step + 1
        places = places.compress(places + step < last.take(places))
        if step > _NEIGHBOURS:
            places = places[~is_flood[places]]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _in_buckets(keys: npt.NDArray[np.uint64], order: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Those whose key others have, bucket after bucket and by time inside it; and whether the next is of the same."""
    count = keys.shape[1]
    # The place goes into the low bits of the key: one plain sort then orders by bucket, and by time inside it.
    low = np.uint64((1 << max(count, 1).bit_length()) - 1)
    joint = keys & ~low | np.arange(count, dtype=np.uint64)
    joint.sort(axis=1)
    same = np.zeros((len(keys), count + 1), np.bool_)
    np.less_equal(joint[:, 1:] ^ joint[:, :-1], low, out=same[:, 1:count])
    is_shared = same[:, :-1] | same[:, 1:]  # most keys are nobody else's
    members: Places = order.take((joint[is_shared] & low).astype(np.int64))
    return members, same[:, 1:][is_shared]
