"""One statement that two desks report in own words, and a report that quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.quotations import share_only_quotations

SAID = "سنفتح المعبر أمام الشاحنات مطلع الشهر المقبل ولن نرفع الرسوم على التجار هذا العام"
WIRE = (
    "أعلنت وزارة النقل في الواحة خطة لتوسيع معبر الجسر الشمالي بعد شكاوى متكررة من التجار.\n"
    "وقال الوزير سامر الحقلي في مؤتمر صحفي: {said}.\n"
    "وتشمل الخطة إنشاء ساحتين للتفتيش ومحطة للوقود على الطريق المؤدي إلى الميناء القديم."
)
PAPER = (
    "انتظر سائقو الشاحنات ثلاثة أسابيع على أبواب المعبر قبل أن يأتيهم الخبر من العاصمة.\n"
    "وأوضح الوزير سامر الحقلي: {said}.\n"
    "لكن غرفة التجارة ترى أن الموعد بعيد، وأن موسم التمور سيبدأ قبل أن يمر أول سائق."
)
EDITED = WIRE.replace("بعد شكاوى متكررة من التجار", "إثر شكاوى رفعها تجار المدينة")
MARKS = ["«{}»", "“{}”", "„{}“", '"{}"']


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [(WIRE, PAPER, True), (WIRE, EDITED, False), (WIRE, WIRE, False), (WIRE, WIRE.split("\n")[1], False)],
    ids=["two desks", "an edited copy", "a copy", "the quotation alone"],
)
def test_reports_that_share_but_a_statement(marks: str, one: str, other: str, is_shared: bool) -> None:
    said = marks.format(SAID)
    assert share_only_quotations(one.format(said=said), other.format(said=said)) is is_shared
    assert share_only_quotations(other.format(said=said), one.format(said=said)) is is_shared


@pytest.mark.parametrize("said", [f"إنه {SAID}", f"«{SAID}", f"{SAID}»", f"«المعبر» و«الجسر» {SAID}"])
def test_words_that_nobody_put_in_marks_are_prose(said: str) -> None:
    assert not share_only_quotations(WIRE.format(said=said), PAPER.format(said=said))


@given(st.text(alphabet='ab «»“”„":.\n', max_size=200))
def test_any_text_is_told_from_itself_as_the_same(text: str) -> None:
    assert not share_only_quotations(text, text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["«" * 200_000, "a: " * 100_000, '"a ' * 100_000, "«a" * 100_000 + "»"])
def test_a_text_of_marks_takes_no_time(text: str) -> None:
    assert not share_only_quotations(text, text)
