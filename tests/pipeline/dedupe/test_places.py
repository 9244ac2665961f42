from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.places import are_apart, are_in_one_order, lies_in, longest_run, place_of

masks = st.integers(0, (1 << 64) - 1)


@given(masks)
def test_the_longest_run_is_a_run_of_the_mask_and_no_other_is_longer(mask: int) -> None:
    run = longest_run(mask)
    assert run & mask == run
    assert bin(run).count("01") <= 1, "one stretch"
    assert run.bit_count() == max(map(len, f"{mask:b}".split("0")))


@pytest.mark.parametrize(
    ("mask", "matched", "place"),
    [
        (0b1111 << 20, 40, 0b1111 << 20),
        (0b110111 << 20, 40, 0b110111 << 20),  # a few words replaced
        (0b1111 << 40 | 0b1, 40, 0b1111 << 40),  # a phrase elsewhere
        (0b1111 << 40 | 0b1111, 20, 0),  # too few words in any one place
        (0, 0, 0),
    ],
)
def test_a_part_stands_in_one_place(mask: int, matched: int, place: int) -> None:
    assert place_of(mask, matched) == place


def test_places_in_each_other_and_apart() -> None:
    assert lies_in(0b0110, 0b1110, 1.0)
    assert not lies_in(0b1111, 0b0110, 0.6)
    assert are_apart(0b1100, 0b0011, 0.0)
    assert are_apart(0b111100, 0b000111, 0.4)
    assert not are_apart(0b111100, 0b001111, 0.4)


@given(
    st.dictionaries(st.sampled_from("abcdef"), masks.filter(bool)), st.dictionaries(st.sampled_from("abcdef"), masks)
)
def test_the_order_of_two_texts_is_the_same_from_either_side(one: dict[str, int], other: dict[str, int]) -> None:
    assert are_in_one_order(one, other) == are_in_one_order(other, one)
    assert are_in_one_order(one, one)


def test_what_stands_the_other_way_round_is_in_another_order() -> None:
    first, second = 0b1100, 0b0011
    assert not are_in_one_order({"x": first, "y": second}, {"x": second, "y": first})
    assert are_in_one_order({"x": first, "y": second}, {"x": second, "y": second}), "beside each other in neither"
    assert are_in_one_order({"x": first, "y": second}, {"x": second, "z": first}), "nothing but one in both"
