"""Verified pairs for tests of grouping, with what matters there as the test wants it."""

from __future__ import annotations

from pipeline.dedupe.verified import Verified

ALL = (1 << 64) - 1


def pair(left: str, right: str, score: float = 2.0, **facts: float | None) -> Verified:
    known = {
        "left_cover": 0.9,
        "right_cover": 0.9,
        "left_lead": 0.9,
        "right_lead": 0.9,
        "left_mask": ALL,
        "right_mask": ALL,
    }
    values = {"jaccard": 0.6, "headlines": 0.5, "slots": 0.0, "numbers": 0.0, "hours": None, "matched": 100}
    return Verified(left, right, score, **values | known | facts)  # type: ignore[arg-type]
