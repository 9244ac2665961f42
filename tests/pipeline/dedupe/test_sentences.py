"""Which shared passages are sentences."""

from __future__ import annotations

import pytest

from pipeline.dedupe.sentences import share_sentence

TITLES = "سمو الأمير راشد بن طلال ولي العهد نائب رئيس مجلس الوزراء وزير الدفاع"
TAKEN = "وأعلنت البلدية أن أعمال ترميم السوق القديم ستنتهي قبل نهاية الشهر المقبل"


def ranges(text: str, passage: str) -> list[tuple[int, int]]:
    at = text.index(passage)
    return [(at, at + len(passage))]


@pytest.mark.parametrize(
    ("copy", "origin", "passage", "is_sentence"),
    [
        pytest.param(
            f"استقبل {TITLES} في مكتبه صباح الأحد وفدا من غرفة تجارة الميناء يضم ستة عشر من رجال الأعمال.",
            f"رعى {TITLES} مساء أمس حفل تخريج الدفعة الثالثة من طلاب الكلية البحرية بحضور ذويهم.",
            TITLES,
            False,
            id="a title inside two sentences",
        ),
        pytest.param(
            f"حركة السوق ضعيفة هذا العام. {TAKEN}. ويأمل التجار أن يعود الزبائن.",
            f"قال رئيس البلدية كلاما كثيرا.\n{TAKEN}. ثم افتتح المعرض.",
            TAKEN,
            True,
            id="a sentence of both",
        ),
        pytest.param(
            f"ينتظر تجار المدينة منذ ثلاث سنوات خبرا كهذا، {TAKEN}، وهو ما وصفه بعضهم بالوعد المتأخر بعد كل ما خسروه.",
            f"{TAKEN}.",
            TAKEN,
            True,
            id="a sentence of one side, inside a longer one of the other",
        ),
        pytest.param("قال نعم. ثم مضى في طريقه.", "سأله أحدهم. قال نعم. وسكت.", "قال نعم", False, id="too short"),
        pytest.param(
            "Sales rose 3.5 percent to 1.2 million units in May", "x", "Sales rose", False, id="decimal points"
        ),
    ],
)
def test_shared_passages_are_sentences(copy: str, origin: str, passage: str, is_sentence: bool) -> None:
    copied = ranges(copy, passage)
    of_origin = ranges(origin, passage) if passage in origin else []
    assert share_sentence(copy, origin, copied, of_origin) is is_sentence


def test_a_list_that_is_there_whole_is_taken_though_it_has_no_sentences() -> None:
    results = "1. Port 3:0.\n2. Mole 2:1.\n3. Pier 1:1.\n4. Buoy 0:0."
    bulletin = f"The ferry did not sail.\n{results}\nThe market stays shut."
    assert share_sentence(bulletin, results, ranges(bulletin, results), [(0, len(results))], is_digest=True)
    assert not share_sentence(bulletin, results, ranges(bulletin, "1. Port 3:0"), [(0, 11)], is_digest=True)


def test_edited_sentences_count_by_what_is_left_of_them() -> None:
    text = "The harbour board will reopen the old ferry pier in spring after two years of repairs"
    kept = [(0, 38), (52, len(text))]
    assert share_sentence(text, "", kept, [])
    assert not share_sentence(text, "", kept[:1], [])


def test_nothing_shared_is_no_sentence() -> None:
    assert not share_sentence("", "", [], [])
