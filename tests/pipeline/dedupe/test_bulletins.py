"""Which headlines call their page a bulletin, and which speak of one piece of news in the same words."""

from __future__ import annotations

import pytest

from pipeline.dedupe.bulletins import is_bulletin
from pipeline.dedupe.page_kinds import PageKinds, kinds_of
from pipeline.records import Article


@pytest.mark.parametrize(
    "headline",
    [
        "موجز",
        "مُوجَـز الأنباء - 6 مايو",
        "موجز أهم الأخبار",
        "نشرة المساء: افتتاح جسر في المدينة",
        "نشره الاخبار",
        "«حصاد اليوم»",
        "أبرز أحداث الأسبوع",
        "أهم الأخبار",
        "جولة في أخبار المنطقة",
        "متفرقات",
        "جولة الصحافة - الأحد",
        "الأخبار في دقيقة",
        "أسبوع من الأخبار",
        "ردود فعل منددة بهجوم الميناء",
        "حريق الميناء.. تغطية مباشرة",
        "Harbour fire: live updates",
        "News in Brief",
        "MORNING BRIEFING: May 6, 2026",
        "Gulf news round-up for Sunday",
        "Today’s headlines",
        "Günün Özeti",
        "ÖNE ÇIKAN GELİŞMELER",
        "Kısa kısa: Ege'den haberler",
        "Türkiye ve dünya gündeminde bugün",
        "L’essentiel de l’actualité",
        "Monde en bref",
    ],
)
def test_bulletins(headline: str) -> None:
    assert is_bulletin(headline)


@pytest.mark.parametrize(
    "headline",
    [
        None,
        "",
        "...",
        "جولة جديدة من المحادثات",
        "أبرز 5 تصريحات للوزير",
        "أهم ما جاء في مؤتمر المدرب",
        "نشرة جوية: أمطار على الساحل",
        "حصاد القمح يبدأ اليوم في السهل",
        "افتتاح معرض الأخبار المصورة",
        "شريط حدودي جديد",
        "يوم في صور",
        "أحداث الشغب في الميناء",
        "Court brief filed in harbour case",
        "The headline act cancels",
        "Bulletin board goes digital",
        "Haber turizmi büyüyor",
        "Bref passage du ministre au port",
    ],
)
def test_other_headlines(headline: str | None) -> None:
    assert not is_bulletin(headline)


def test_the_kinds_of_pages_are_told_apart() -> None:
    pages = [
        Article("a", "o", "", "", None, headline="موجز الأنباء"),
        Article("b", "o", "", "", None, own_agency_id="anadolu"),
        Article("c", "o", "", "", None, headline="نشرة الأخبار", own_agency_id="anadolu"),
        Article("d", "o", "", "", None, headline="افتتاح جسر"),
    ]
    assert kinds_of(pages) == PageKinds(wires={"b", "c"}, bulletins={"a", "c"})
