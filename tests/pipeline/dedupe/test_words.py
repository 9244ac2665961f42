"""What words tell, and which names are one in other forms."""

from __future__ import annotations

import pytest

from pipeline.dedupe.texts import Texts
from pipeline.dedupe.words import ALIKE, Stems


def weight(word: str) -> float:
    return float(Stems(Texts([word]).vocabulary).weights[0])


@pytest.mark.parametrize("country", ["لبنان", "والعراق", "مصر", "قطر", "France", "Türkiye", "Mısır", "Suède"])
def test_who_did_something_tells_much_however_often_news_name_that_country(country: str) -> None:
    assert weight(country) >= 2


@pytest.mark.parametrize("word", ["مالي", "بيان", "mali", "statement"])
def test_words_that_mean_other_things_tell_what_they_did(word: str) -> None:
    assert weight(word) < 1.5


@pytest.mark.parametrize(
    ("name", "other", "is_alike"),
    [
        ("لبنان", "بيان", False),
        ("ليبيا", "بيان", False),
        ("المغرب", "أعربت", False),
        ("العراق", "عشرات", False),
        ("لبنان", "واللبنانية", True),
        ("ليبيا", "الليبي", True),
        ("مصر", "المصريين", True),
        ("أوكرانيا", "اكرانيا", True),
        ("ميسي", "ميسى", True),
    ],
)
def test_names_are_known_in_other_forms(name: str, other: str, *, is_alike: bool) -> None:
    texts = Texts([name, other])
    stems = Stems(texts.vocabulary)
    ours, theirs = (stems.of_word[texts[place]].tolist() for place in (0, 1))
    assert stems.have_alike(ours, theirs, ALIKE).tolist() == [is_alike]
