"""Words that look like an agency's mark and are none: regions, sites, people, companies, months, other agencies."""

from __future__ import annotations

import pytest

from pipeline.credits.find import credited_agency, find_credits
from pipeline.records import CreditKind

REPORT = "وقالت البلدية إن العمل انتهى أمس بعد عام كامل، وإن المحال ستفتح أبوابها تباعا خلال الأسبوع المقبل."
NAMESAKES = [
    "هبت الرياح على هضبة الأناضول شتاء.",
    "وصلت القافلة من شرق الأناضول أمس.",
    "زار الوفد بلاد الأناضول والتقى أهلها.",
    "درس في جامعة الأناضول ثم عاد إلى قريته.",
    "مول المشروع بنك الأناضول بقرض طويل.",
    "سارت بنا الحافلة ساعتين ومرت بنا سيارات كثيرة.",
    "تقع في محافظة قنا وتطل على النهر.",
    "وصل السياح إلى مدينة بترا الأثرية صباحا.",
    "أدار المباراة الحكم محمود وفا بنجاح.",
    "وافتتح فرع وفا للتأمين في المدينة.",
    "جرى ذلك في 15 أغسطس (آب) الماضي.",
    "Anadolu Efes won the match on Monday.",
    "He studied at Anadolu Üniversitesi for two years.",
    "The remote needs two AA batteries to work.",
    "Fitch kept its AA+ rating for the region.",
    "The İHA was seen over the harbour at night.",
]


@pytest.mark.parametrize("sentence", NAMESAKES)
@pytest.mark.parametrize("place", ["first", "last", "between"])
def test_a_namesake_credits_nobody(sentence: str, place: str) -> None:
    body = {"first": [sentence, REPORT], "last": [REPORT, sentence], "between": [REPORT, sentence, REPORT]}[place]
    found = find_credits(byline="كتب: سامي الحداد", body="\n".join(body))
    assert [one for one in found if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)] == []


@pytest.mark.parametrize(
    "sentence", ["قصف الجيش مكتب وكالة الأناضول في المدينة أمس.", "تعرض مراسل وكالة رويترز للضرب."]
)
def test_an_agency_that_is_the_news_is_no_credit(sentence: str) -> None:
    assert credited_agency(find_credits(byline="سامي الحداد", body=f"{sentence}\n{REPORT}")) is None


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("لندن - أ ف ب", "afp"),
        ("برلين - د ب أ", "dpa"),
        ("القاهرة - أ ش أ", "mena"),
        ("نيويورك - أ ب", "ap"),
        ("لندن ـ ا. ف. ب.", "afp"),
        ("المنامة : بنا", "bna"),
        ("الدوحة - قنا", "qna"),
        ("عمان - بترا", "petra"),
    ],
)
def test_initials_inside_initials_are_the_longer_ones(byline: str, agency: str) -> None:
    found = find_credits(byline=byline, body=REPORT)
    assert {one.agency_id for one in found if one.kind is CreditKind.CREDIT} == {agency}


@pytest.mark.parametrize(
    "byline", ["الصباح - وكالات", "عواصم - وكالات", "متابعات", "News Agencies", "Wires", "Ajanslar"]
)
def test_agencies_at_large_name_nobody(byline: str) -> None:
    found = find_credits(byline=byline, body=REPORT)
    assert {one.kind for one in found} <= {CreditKind.GENERIC}
    assert credited_agency(found) is None
