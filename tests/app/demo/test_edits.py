from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.edits import TATWEEL, VARIANTS, cut, swap, vary

PARAGRAPHS = ("first one", "second one", "third one")


def test_each_house_spells_in_its_way() -> None:
    assert vary("أكد إدارة آل", ("hamza",)) == "اكد ادارة ال"
    assert vary("في الوادي", ("ya",)) == "فى الوادى"
    assert vary("مدينة قديمة", ("ta_marbuta",)) == "مدينه قديمه"
    assert vary("بعد 27 يوما", ("arabic_digits",)) == "بعد ٢٧ يوما"
    assert vary("أكد أن", ("diacritics",)) == "أكَّد أنَّ"


def test_marks_are_set_before_letters_change() -> None:
    assert vary("أكد", ("hamza", "diacritics")) == "اكَّد"


def test_tatweel_stretches_some_words() -> None:
    text = "المتحدثون " * 16
    assert vary(text, ("tatweel",)).count(TATWEEL * 2) == 2


@given(st.text(alphabet="ابتثمنهيوةىأإ 0123456789.،", max_size=200))
def test_stretching_and_marking_only_adds(text: str) -> None:
    assert vary(text, ("tatweel",)).replace(TATWEEL, "") == text


@given(st.text(max_size=200), st.sampled_from(sorted(VARIANTS)))
def test_a_variant_keeps_the_number_of_words(text: str, variant: str) -> None:
    assert len(vary(text, (variant,)).split()) == len(text.split())


def test_cut_counts_from_one() -> None:
    assert cut(PARAGRAPHS, 2, ()) == ("first one", "second one")
    assert cut(PARAGRAPHS, None, (2,)) == ("first one", "third one")


def test_swap_replaces_and_refuses_what_is_not_there() -> None:
    assert swap(PARAGRAPHS, {"second": "2nd"}) == ("first one", "2nd one", "third one")
    with pytest.raises(ValueError, match="nothing to replace: 'fourth'"):
        swap(PARAGRAPHS, {"fourth": "4th"})
