"""What a copy has beyond its origin, told from the blocks that both share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.alignment import MOST_IN_ORDER, Alignment

Blocks = list[tuple[int, int, int]]  # place in copy, place in origin, words


def aligned(blocks: Blocks, words: int, origin_words: int) -> Alignment:
    rows = np.array(blocks, np.int64).reshape(-1, 3)
    matched = int(rows[:, 2].sum())
    return Alignment(rows, words, origin_words, matched, matched, np.zeros(words, np.bool_))


@pytest.mark.parametrize(
    ("what", "blocks", "words", "origin_words", "added"),
    [
        ("the same", [(0, 0, 100)], 100, 100, 0),
        ("an own lede", [(30, 0, 100)], 130, 100, 30),
        ("an own ending", [(0, 0, 100)], 130, 100, 30),
        ("a paragraph put in", [(0, 0, 60), (90, 60, 40)], 130, 100, 30),
        ("a sentence reworded", [(0, 0, 40), (60, 59, 40)], 100, 99, 0),
        ("a few words here and there", [(0, 0, 40), (45, 40, 40), (90, 80, 20)], 110, 100, 0),
        ("an own lede with a phrase that the report has further down", [(12, 70, 6), (30, 0, 100)], 130, 100, 24),
        ("an own ending with a phrase that the report has further up", [(0, 0, 100), (110, 20, 6)], 130, 100, 24),
        ("two paragraphs that changed places", [(0, 50, 50), (50, 0, 50)], 100, 100, 0),
        ("the last paragraph first, and an own one", [(0, 80, 20), (50, 0, 80)], 130, 100, 30),
        ("a paragraph twice", [(0, 0, 100), (100, 40, 30)], 130, 100, 0),
        ("nothing shared", [], 50, 80, 0),
        ("nothing shared with less", [], 80, 50, 30),
    ],
)
def test_passages_of_the_copys_own(what: str, blocks: Blocks, words: int, origin_words: int, added: int) -> None:
    assert aligned(blocks, words, origin_words).added(12) == added, what


@given(
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 300), st.integers(1, 20)), max_size=12), st.integers(0, 30)
)
def test_no_more_is_added_than_is_not_matched(gaps: list[tuple[int, int, int]], rest: int) -> None:
    blocks, end = [], 0
    for gap, origin_start, size in gaps:
        blocks.append((end + gap, origin_start, size))
        end += gap + size
    found = aligned(blocks, end + rest, 320)
    assert 0 <= found.added(1) <= found.copy_words - found.matched


def test_of_thousands_of_blocks_in_disorder_the_longest_are_put_in_order() -> None:
    blocks = [(8 * number, 8 * (number * 7_919 % 40_000), 4) for number in range(40_000)]
    report = [(320_000 + 50 * number, 320_000 + 50 * number, 40) for number in range(MOST_IN_ORDER)]
    own = [(335_000, 335_000, 40)]
    found = aligned([*blocks, *report, *own], 335_100, 335_040)
    assert found.added(12) == 60
