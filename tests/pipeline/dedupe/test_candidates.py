from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.candidates import BANDINGS, columns_of_bands, find_banded
from pipeline.dedupe.times import exactly

# Earliest and latest time, or none.
times_known = st.none() | st.tuples(st.sampled_from([0, 0, 0, 6]), st.integers(0, 20)).map(
    lambda x: (x[1] - x[0], x[1])
)
rows = st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=8, max_size=8), times_known), max_size=25)


@settings(deadline=None)
@given(rows, st.integers(0, 24))
def test_pairs_are_those_that_share_a_band_inside_the_window(
    some: list[tuple[list[int], tuple[int, int] | None]], new: int
) -> None:
    signatures = np.array([values for values, _ in some], np.uint32).reshape(-1, 8)
    times = np.array([(np.nan, np.nan) if known is None else known for _, known in some]).reshape(-1, 2)
    columns = columns_of_bands(8, 4)
    assert len(columns) == BANDINGS * 4
    assert columns[:4] == [[0, 1], [2, 3], [4, 5], [6, 7]]
    expected = []
    for left, right in combinations(range(len(some)), 2):
        bands = any((signatures[left, band] == signatures[right, band]).all() for band in columns)
        least = max(times[left, 0] - times[right, 1], times[right, 0] - times[left, 1])
        if bands and not least > 3:
            expected.append([left, right])
    assert find_banded(signatures, times, bands=4, window=3).tolist() == expected
    fresh = np.array([new], np.int64) if new < len(some) else np.zeros(0, np.int64)
    found = find_banded(signatures, times, bands=4, window=3, fresh=fresh)
    assert found.tolist() == [pair for pair in expected if new in pair and new < len(some)]


def test_texts_without_words_are_in_no_pair() -> None:
    signatures = np.full((3, 8), 0xFFFFFFFF, np.uint32)
    assert len(find_banded(signatures, exactly([0] * 3), bands=4, window=1)) == 0


def test_a_flood_of_one_page_costs_a_bounded_number_of_pairs() -> None:
    signatures = np.ones((3_000, 8), np.uint32)
    pairs = find_banded(signatures, exactly(range(3_000)), bands=4, window=1e9)
    assert len(pairs) < 3_000 * 101
    assert {(n, n + 1) for n in range(2_999)} <= set(map(tuple, pairs.tolist()))
