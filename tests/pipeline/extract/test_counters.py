"""Counters and ages, which are others at every visit: they are no text, no byline, and no reason for a new version."""

from __future__ import annotations

import re

import pytest

from pipeline.extract import beside_dates, byline, datelines, dates, interim, notices, published, verdict
from pipeline.extract.counters import beside_counters, is_counter
from pipeline.extract.months import fold
from tests.pipeline.extract.pages import BODY, HEADLINE, LINES, article, page

COUNTERS = (
    "منذ ٣ ساعات", "قبل 5 دقائق", "آخر تحديث: منذ يومين", "عدد المشاهدات: 1234", "1,234 مشاهدة", "المشاهدات : ١٢٣٤",
    "شوهد 234 مرة", "تمت القراءة 332 مرة", "(12) تعليق", "لا توجد تعليقات", "3 دقائق للقراءة", "0 1,204 دقيقة واحدة",
    "3 hours ago", "Updated 5 minutes ago", "1.2K views", "1.2K", "Read 345 times", "5 min read",
    "3 saat önce", "1234 kez okundu", "Okunma Sayısı: 345", "il y a 3 heures", "Lu 345 fois", "Vues : 345",
)  # fmt: skip
SENTENCES = (
    *LINES,
    "منذ ثلاثة أعوام لم تفتح المكتبة أبوابها",
    "قبل 5 أيام من الافتتاح، وصلت الحافلة الأولى",
    "Three years ago the library closed its doors.",
    "12 people were hurt",
    "The bus was seen 12 times in the village",
    "Önce kitap",
    "Readers",
)


@pytest.mark.parametrize("line", COUNTERS)
def test_a_counter_is_one(line: str) -> None:
    assert is_counter(line)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_is_none(line: str) -> None:
    assert not is_counter(line)


@pytest.mark.parametrize("line", COUNTERS)
@pytest.mark.parametrize("element", ["<p>{}</p>", "<div>{}</div>", "<span>{}</span>"])
def test_where_no_name_tells_it_from_text_it_is_told_by_its_words(line: str, element: str) -> None:
    said = element.format(line)
    text = "".join(f"<p>{one}</p>" for one in LINES)
    for inner, before, after in ((said + text, "", ""), (text + said, "", ""), (text, said, ""), (text, "", said)):
        assert article(page(inner=inner, before=before, after=after)).body == BODY


@pytest.mark.parametrize("line", ["سامي الحداد - منذ 3 ساعات", "سامي الحداد | قبل يومين | 1,234 مشاهدة"])
def test_a_name_beside_an_age_is_the_byline(line: str) -> None:
    found = article(page(inner=f"<p>{line}</p>" + "".join(f"<p>{one}</p>" for one in LINES)))
    assert (found.byline, found.body) == ("سامي الحداد", BODY)


def test_what_stands_beside() -> None:
    assert beside_counters("John Reed - 3 hours ago") == "John Reed"
    assert beside_counters("John Reed") is None
    assert beside_counters(HEADLINE) is None


@pytest.mark.parametrize(
    "module",
    [byline, datelines, dates, interim, notices, published, beside_dates, verdict],
    ids=lambda one: one.__name__,
)
def test_patterns_are_written_in_folded_letters(module: object) -> None:
    """What a folded line never holds would never match."""
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            arabic = "".join(re.findall("[\u0620-\u06ff]", value.pattern))
            assert arabic.replace("ـ", "") == fold(arabic), name
