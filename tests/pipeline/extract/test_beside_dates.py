"""Dates that agencies print between place and agency, in two calendars or in one."""

from __future__ import annotations

import pytest

from pipeline.credits.find import credited_agency, find_credits
from pipeline.extract.beside_dates import without_date
from pipeline.extract.datelines import find_dateline, is_dateline_only, names_reporter
from tests.pipeline.extract.pages import BODY, LINES, article, page

TEXT = "".join(f"<p>{line}</p>" for line in LINES)
HIJRI = "28 جمادى الأولى 1447 هـ"
DAY = "19 نوفمبر 2025"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"الرياض {HIJRI} الموافق {DAY} م واس", "الرياض - واس"),
        ("الرياض 28 جمادى الأولى 1447هـ الموافق 19 نوفمبر 2025م واس", "الرياض - واس"),
        ("مكة المكرمة 6 رجب 1447 هـ الموافق 19 نوفمبر 2025 م واس", "مكة المكرمة - واس"),
        ("جدة 1447/05/28 هـ الموافق 2025/11/19 م واس", "جدة - واس"),
        ("جدة 28-05-1447هـ الموافق 19-11-2025م واس", "جدة - واس"),
        (f"الرياض في {HIJRI} الموافق {DAY} م / واس /", "الرياض / واس"),
        (f"الرياض {DAY} م الموافق {HIJRI} واس", "الرياض - واس"),
        (f"واس - الرياض {HIJRI} الموافق {DAY} م", "واس - الرياض"),
        (f"الأربعاء {DAY} - الرياض - واس", "الرياض - واس"),
        ("Riyadh, Jumada I 28, 1447, November 19, 2025, SPA --", "Riyadh - SPA"),
        ("الكويت - 19 - 11 - 2025 (كونا) --", "الكويت (كونا)"),
        (f"أبوظبي في {DAY}/ وام /", "أبوظبي / وام"),
        (f"الدوحة في {DAY} /قنا/", "الدوحة / قنا"),
        ("عمان 19 تشرين الثاني 2025 (بترا)-", "عمان (بترا)"),
        (f"القاهرة - {DAY} - أ ش أ", "القاهرة - أ ش أ"),
        ("ANKARA, Nov 19, 2025 (AA)", "ANKARA (AA)"),
        ("رام الله 19-11-2025 وفا-", "رام الله - وفا"),
        # What stands behind is no agency.
        (f"سمير الواحي الأربعاء {HIJRI} الموافق {DAY} م 10:33 ص", "سمير الواحي"),
        (f"سمير الواحي {HIJRI} الموافق {DAY} م - رياضة", "سمير الواحي"),
        (f"سمير الواحي {DAY} - تقنية وعلوم", "سمير الواحي"),
        (f"سمير الواحي {DAY} (آخر تحديث)", "سمير الواحي"),
        (f"كتب سمير الواحي في {DAY}", "كتب سمير الواحي"),
    ],
)
def test_what_a_line_says_beside_its_date(line: str, left: str) -> None:
    assert without_date(line) == left


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        (f"الرياض {HIJRI} الموافق {DAY} م واس", "spa"),
        ("الكويت - 19 - 11 (كونا) --", "kuna"),
        ("الكويت 19-11-2025 (كونا)", "kuna"),
        ("أبوظبي في 19 نوفمبر / وام /", "wam"),
        (f"أبوظبي في {DAY} / وام /", "wam"),
        ("الدوحة في 19 نوفمبر /قنا/", "qna"),
        ("عمان 19 تشرين الثاني (بترا)-", "petra"),
        ("القاهرة في 19 نوفمبر/ أ ش أ/", "mena"),
        (f"المنامة في {DAY} / بنا /", "bna"),
        ("رام الله 19-11-2025 وفا-", "wafa"),
    ],
)
@pytest.mark.parametrize("inner", ["<p>{}</p>{}", "<div class='above'>{}</div><div class='text'>{}</div>"])
def test_an_agency_s_line_with_a_date_credits_it_and_leaves_the_text(line: str, agency: str, inner: str) -> None:
    found = article(page(inner=inner.format(line, TEXT)))
    assert found.body == BODY
    assert credited_agency(find_credits(byline=found.byline, dateline=found.dateline, body=found.body)) == agency


def test_a_line_with_the_day_is_a_dateline_and_others_with_numbers_are_none() -> None:
    assert is_dateline_only("أبوظبي في 19 نوفمبر / وام /")
    assert find_dateline("عمان 19 تشرين الثاني (بترا)-") == "عمان 19 تشرين الثاني (بترا)-"
    assert not is_dateline_only("حصيلة 19 نوفمبر (1447)")
    assert not is_dateline_only("الجولة 19 - 11 نقطة")


def test_who_names_a_reporter() -> None:
    assert names_reporter("رام الله / عوض الواحي / الأناضول")
    assert not names_reporter("القدس - الأناضول -")
    assert not names_reporter("القدس (الأناضول)")
    assert not names_reporter("الكويت - 19 - 11 (كونا) --")
