"""Precision, recall and F1 on labelled pairs, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.labels import PairLabel
from pipeline.evaluate.result import Interval, PairScore

DRAWS = 2_000  # bootstrap resamples
SEED = 20150811  # any number; fixed, so that the same labels give the same interval
_DRAWS_AT_ONCE = 100
Floats = NDArray[np.float64]


def score_pairs(labels: Sequence[PairLabel], story_of: Mapping[str, str], *, weighted: bool) -> PairScore:
    """Pairs in one story against pairs labelled the same report; every article must have a story.

    Where nothing was predicted, precision is 1; where nothing was to be found, recall is 1. The intervals come from
    drawing as many pairs anew, with replacement (Efron's percentile bootstrap).
    """
    labels = [label for label in labels if label.same is not None]
    weights = np.array([label.weight if weighted else 1.0 for label in labels])
    same = np.array([story_of[label.a] == story_of[label.b] for label in labels], dtype=bool)
    truth = np.array([label.same for label in labels], dtype=bool)
    cells: Floats = np.stack([weights * (same & truth), weights * (same & ~truth), weights * (truth & ~same)], axis=1)
    precision, recall, f1 = (float(one[0]) for one in _measures(cells.sum(axis=0, keepdims=True)))
    low, high = _bounds(cells)
    intervals = [Interval(float(low[at]), float(high[at])) for at in range(3)]
    return PairScore(len(labels), precision, recall, f1, *intervals)


def _measures(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 for rows of true positives, false positives, false negatives."""
    hit, wrong, lost = sums[:, 0], sums[:, 1], sums[:, 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(hit + wrong > 0, hit / (hit + wrong), 1.0)
        recall = np.where(hit + lost > 0, hit / (hit + lost), 1.0)
        f1 = np.where(precision + recall > 0, 2 * precision * recall / (precision + recall), 0.0)
    return precision, recall, f1


def _bounds(cells: Floats) -> tuple[Floats, Floats]:
    """The 2.5th and 97.5th percentile of the three measures over resamples of the rows."""
    rows = len(cells)
    if rows == 0:
        return np.ones(3), np.ones(3)
    random = np.random.default_rng(SEED)
    sums = [cells[random.integers(0, rows, (_DRAWS_AT_ONCE, rows))].sum(axis=1) for _ in range(DRAWS // _DRAWS_AT_ONCE)]
    measured = np.stack(_measures(np.concatenate(sums)), axis=1)
    low, high = np.percentile(measured, [2.5, 97.5], axis=0)
    return low, high
