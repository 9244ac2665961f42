from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.credits.folded import _letter_by_letter, fold, fold_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("أ إ آ ٱ ا", "ا ا ا ا ا"),
        ("وكالة على کی", "وكاله علي كي"),
        ("الأنـــاضول", "الاناضول"),
        ("الأَناضُولُ", "الاناضول"),
        ("لندن ـ د. ب. أ:", "لندن - د. ب. ا:"),
        ("لندن ــ رويترز", "لندن -- رويترز"),
        ("الرياضـ واس", "الرياض- واس"),
        ("لـ رويترز", "ل رويترز"),
        ("1436هـ", "1436ه"),
        ("ـ واس", "- واس"),
        ("١٢ ۳", "12 3"),
        ("ﺍﻷﻧﺎﺿﻮﻝ", "الاناضول"),
        ("ﷲ", "الله"),
        ("«واس» “AP”", '"واس" "AP"'),
        ("ANKARA\u00a0(AA)\u2009– x", "ANKARA (AA) - x"),
        ("İHA ığüşöç Téhéran", "IHA igusoc Teheran"),
        ("\u200fواس\u200f\ufeff", "واس"),
        ("ＡＡ", "AA"),
        ("&ndash;", "-      "),
        ("&#8211;x", "-      x"),
        ("&amp;ndash;", "-          "),
        ("&unknown; &copy", "&unknown; &copy"),
    ],
)
def test_what_folding_does(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "mark", "printed"),
    [
        ("قالت الأَناضُولُ اليوم", "الاناضول", "الأَناضُولُ"),
        ("عن الأنـــاضول.", "الاناضول", "الأنـــاضول"),
        ("عن (ﺍﻷﻧﺎﺿﻮﻝ)", "الاناضول", "ﺍﻷﻧﺎﺿﻮﻝ"),
        ("لندن &ndash; رويترز", "رويترز", "رويترز"),
        ("\u200fرويترز\u200f", "رويترز", "رويترز\u200f"),
    ],
)
def test_the_way_back(text: str, mark: str, printed: str) -> None:
    folded = fold(text)
    at = folded.text.index(mark)
    assert folded.printed(at, at + len(mark)) == printed


@given(st.text(alphabet=st.sampled_from("اأإبنـَُ\u200f ﻻﷲ&;nbspd(AA)-–.\n٣İ"), max_size=60), st.data())
def test_spans_lie_in_the_text_and_fold_to_what_they_stand_for(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first < last <= len(text)
    whole = folded.span(0, len(folded.text))
    assert whole[0] <= first
    assert last <= whole[1]


@given(st.text(max_size=200))
def test_folding_takes_any_text_and_folded_words_stay_as_they_are(text: str) -> None:
    words = " ".join(fold_words(text).replace("&", "").split())  # an ampersand could begin an entity
    assert fold_words(words) == words


@given(
    st.text(st.one_of(st.sampled_from("أىة،«»—é\u00a0ab \U0001f600\ud800"), st.characters()), min_size=1, max_size=30)
)
def test_long_texts_fold_as_short_ones(text: str) -> None:
    assert _letter_by_letter(text * 100) == _letter_by_letter(text) * 100
