"""Which headlines tell the two ends of one thing."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.dedupe.opposites import Ends
from pipeline.dedupe.texts import Texts


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("أمين الاتحاد يصل إلى رأس الكرم", "أمين الاتحاد يغادر رأس الكرم", True),
        ("وصول أمين الاتحاد", "مغادرة أمين الاتحاد", True),
        ("Harbour chief arrives in Silverford", "Harbour chief departs from Silverford", True),
        ("Liman müdürü Kemer'e geldi", "Liman müdürü Kemer'den AYRILDI", True),
        ("افتتاح معرض القوارب", "اختتام معرض القوارب", True),
        ("أمين الاتحاد يصل إلى رأس الكرم", "أمين الاتحاد يصل رأس الكرم غدا", False),
        ("أمين الاتحاد يغادر الجزيرة ويصل إلى رأس الكرم", "أمين الاتحاد يغادر الجزيرة", False),
        ("أمين الاتحاد يصل إلى رأس الكرم", "اختتام معرض القوارب", False),
        ("Storm arrives on the coast", "Storm leaves three dead on the coast", False),
        ("", "أمين الاتحاد يغادر رأس الكرم", False),
        ("أمين الاتحاد يصل", "", False),
    ],
)
def test_opposite_ends(one: str, other: str, *, expected: bool) -> None:
    ends = Ends(Texts([one, other]))
    assert ends.oppose(np.array([[0, 1], [1, 0], [0, 0]], np.int64)).tolist() == [expected, expected, False]


def test_no_headlines_have_no_ends() -> None:
    assert Ends(Texts([])).oppose(np.zeros((0, 2), np.int64)).tolist() == []
