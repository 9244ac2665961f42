"""When articles were published, as arrays: a row per article, the earliest and the latest time it may have been."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from pipeline.published_between import Between, Dated, published_between

Floats = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int64]
Times = npt.NDArray[np.float64]  # shape (articles, 2): earliest and latest, in any unit; NaN: not known at all
SECONDS_PER_HOUR, SECONDS_PER_DAY = 3_600, 86_400


def times_of(articles: Iterable[Dated], undated_days: float) -> Times:
    """Seconds since 1970. undated_days: how long before its fetch an article without a date may have been published."""
    return in_seconds(published_between(one, undated_days) for one in articles)


def in_seconds(known: Iterable[Between | None]) -> Times:
    """The same of what is known already."""
    rows = [(np.nan, np.nan) if one is None else (one.earliest.timestamp(), one.latest.timestamp()) for one in known]
    return np.array(rows, np.float64).reshape(-1, 2)


def exactly(times: Iterable[float]) -> Times:
    """Of times that are known."""
    return np.repeat(np.fromiter(times, np.float64)[:, None], 2, axis=1)


def latest(times: Times) -> Floats:
    """What articles are ordered by."""
    return times[:, 1]


def least_apart(times: Times, pairs: Pairs) -> Floats:
    """How far the articles of pairs are from each other at the least; NaN where a time is not known."""
    left, right = times[pairs[:, 0]], times[pairs[:, 1]]
    return np.maximum(np.maximum(left[:, 0] - right[:, 1], right[:, 0] - left[:, 1]), 0)
