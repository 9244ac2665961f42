from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import fold_word, normalise, split_words, tokenise

TRICKY = "اأإآٱىيیكکةهؤئءـًٌّ٠١۵ \u200c\u200f\u00a0&amp;nbsp#12xİIıiğéﷺﻻﷲ½²_-.\n"
texts = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(TRICKY)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أعلن إبراهيم الآن مسؤولية هيئة", "اعلن ابراهيم الان مسوولية هيية"),
        ("عَلَّمَ الوزيرُ", "علم الوزير"),
        ("الريـــاض", "الرياض"),
        ("مستشفى المدينة", "مستشفي المدينه"),
        ("عام ٢٠٢٦ و۱۵ جريحا", "عام 2026 و15 جريحا"),
        ("کتاب ایران", "كتاب ايران"),
        ("ﺍﻟﺮﻳﺎﺽ ﻻ", "الرياض لا"),
        ("می\u200cخواهم \u202bالنص\u202c", "ميخواهم النص"),
        ("أنقرة&nbsp;(الأناضول) &quot;نعم&quot;", 'انقره (الاناضول) "نعم"'),
        ("AT&amp;amp;T", "at t"),
        ("IĞDIR'da İstanbul", "ığdır'da istanbul"),
        ("kâr Müdürü", "kar muduru"),
        ("cafe\u0301", "café"),
        ("برلين ـ د. ب. أ:", "برلين - د. ب. ا:"),
        ("ＡＡ", "aa"),
    ],
)
def test_variants_are_one_spelling(one: str, other: str) -> None:
    assert tokenise(one).words == tokenise(other).words
    assert normalise(one) == normalise(other)


def test_a_lone_tatweel_is_a_dash_and_no_word() -> None:
    assert normalise("برلين ـ رويترز") == "برلين - رويترز"
    assert tokenise("برلين ـ رويترز").words == ["برلين", "رويترز"]


def test_words_keep_their_place_in_the_original() -> None:
    text = "أنقرة&nbsp;— قالـَ «الوزيرُ» &#1606;&#1593;&#1605;"
    tokens = tokenise(text)
    assert tokens.words == ["انقره", "قال", "الوزير", "نعم"]
    printed = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert printed == ["أنقرة", "قالـَ", "الوزيرُ", "&#1606;&#1593;&#1605;"]


@given(texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(texts)
def test_all_ways_give_the_same_words(text: str) -> None:
    tokens = tokenise(text)
    assert tokens.words == [word for word in map(fold_word, split_words(text)) if word]
    assert tokens.words == tokenise(normalise(text)).words
    assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends, strict=True))
    assert tokens.starts == sorted(tokens.starts)


def test_hostile_entities_take_linear_time() -> None:
    assert len(tokenise("&amp;" * 200_000 + "&" * 200_000 + "&lt" * 100_000).words) == 100_000
