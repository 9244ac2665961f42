"""Which headlines name different news, and that a hostile one costs little."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.dedupe.headline_names import HeadlineNames
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.words import Stems

CABLE = "بعث أمين اتحاد المرافئ برقية تهنئة إلى رئيس {} بمناسبة ذكرى اليوم الوطني لبلاده"


def differ(left: tuple[str, str], right: tuple[str, str]) -> bool:
    bodies = Texts([left[1], right[1]])
    headlines = Texts([left[0], right[0]], bodies.vocabulary)
    names = HeadlineNames(bodies, headlines, Stems(bodies.vocabulary))
    return bool(names.differ(np.array([[0, 1]], np.int64))[0])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            ("أمين الاتحاد يهنئ رئيس ليبيريا", CABLE.format("ليبيريا")),
            ("أمين الاتحاد يهنئ رئيس بوتسوانا", CABLE.format("بوتسوانا")),
            True,
            id="two cables",
        ),
        pytest.param(
            ("أمين الاتحاد يهنئ الرئيس الليبيري", CABLE.format("ليبيريا")),
            ("اتحاد المرافئ يهنئ ليبيريا", CABLE.format("جمهورية ليبيريا")),
            False,
            id="one cable, the country in another form",
        ),
        pytest.param(
            ("برقية تهنئة من الزنبركي", CABLE.format("ليبيريا")),
            ("أمين الاتحاد يهنئ رئيس ليبيريا", CABLE.format("ليبيريا")),
            False,
            id="a new headline for the same cable",
        ),
        pytest.param(("", CABLE.format("ليبيريا")), ("", CABLE.format("بوتسوانا")), False, id="no headlines"),
        pytest.param(("ليبيريا", ""), ("بوتسوانا", ""), True, id="no bodies"),
        pytest.param(
            ("Harbour union congratulates Liberia", "The harbour union sent a cable to Liberia."),
            ("Harbour union congratulates Botswana", "The harbour union sent a cable to Botswana."),
            True,
            id="English",
        ),
    ],
)
def test_other_names(left: tuple[str, str], right: tuple[str, str], expected: bool) -> None:
    assert differ(left, right) is expected
    assert differ(right, left) is expected


def test_a_headline_that_goes_on_for_pages_is_read_at_its_beginning_alone() -> None:
    """Each of so many words against each of a book would fill any memory."""
    spelled = [str.maketrans("0123456789", letters) for letters in ("abcdefghij", "klmnopqrst")]
    words = [[f"{number:05}".translate(letters) for number in range(60_000)] for letters in spelled]
    left, right = ((" ".join(some[:2_000]), " ".join(some)) for some in words)
    assert differ(left, right)
