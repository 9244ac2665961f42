"""Precision, recall and F1 on labelled pairs, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.labels import PairLabel
from pipeline.evaluate.result import Interval, PairScore

DRAWS = 20_000  # from the posterior: bounds stand to three digits
SEED = 20150811  # any number; fixed, so that the same labels give the same interval
# Jeffreys: what is added to each count, so that ten right of ten say "above .78" and not "1" (Brown, Cai and DasGupta
# 2001, Interval Estimation for a Binomial Proportion).
PRIOR = 0.5
Floats = NDArray[np.float64]


def score_pairs(labels: Sequence[PairLabel], story_of: Mapping[str, str], *, weighted: bool) -> PairScore:
    """Pairs in one story against pairs labelled the same report; every article must have a story.

    Where nothing was predicted, precision is 1; where nothing was to be found, recall is 1.
    """
    labels = [label for label in labels if label.same is not None]
    weights = np.array([label.weight if weighted else 1.0 for label in labels])
    same = np.array([story_of[label.a] == story_of[label.b] for label in labels], dtype=bool)
    truth = np.array([label.same for label in labels], dtype=bool)
    cells: Floats = np.stack([weights * (same & truth), weights * (same & ~truth), weights * (truth & ~same)], axis=1)
    measured = _measures(cells.sum(axis=0, keepdims=True))[0]
    low, high = _bounds(cells)
    intervals = [
        Interval(*bounds) for bounds in zip(np.minimum(low, measured), np.maximum(high, measured), strict=True)
    ]
    return PairScore(len(labels), *measured.tolist(), *intervals)


def _measures(sums: Floats) -> Floats:
    """Precision, recall and F1 for rows of true positives, false positives, false negatives."""
    hit, wrong, lost = sums[:, 0], sums[:, 1], sums[:, 2]
    found, sought, both = hit + wrong, hit + lost, 2 * hit + wrong + lost
    shares = [
        np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)
        for part, whole in ((hit, found), (hit, sought), (2 * hit, both))
    ]
    return np.stack(shares, axis=1)


def _bounds(cells: Floats) -> tuple[Floats, Floats]:
    """The 2.5th and 97.5th percentile of the three measures over what the counts may have been.

    True positives, false positives and false negatives as Dirichlet shares (Goutte and Gaussier 2005, A Probabilistic
    Interpretation of Precision, Recall and F-Score). Weighted pairs count as many as say as much by themselves, the
    square of the sum of weights by the sum of their squares (Kish 1965). A bootstrap has no spread where nothing is
    wrong, and would call three pairs of three certain.
    """
    total, squares = cells.sum(), np.square(cells).sum()
    if not squares:
        return np.zeros(3), np.ones(3)
    counts = cells.sum(axis=0) * total / squares
    drawn = np.random.default_rng(SEED).gamma(counts + PRIOR, size=(DRAWS, 3))
    low, high = np.percentile(_measures(drawn), [2.5, 97.5], axis=0)
    return low, high
