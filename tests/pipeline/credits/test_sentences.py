"""Sentences and copyright lines that say whose report it is. Every text is invented."""

from __future__ import annotations

import pytest

from pipeline.credits.find import credited_agency, find_credits
from pipeline.credits.spans import credit_spans
from pipeline.records import CreditKind, CreditPosition

AR = "واصلت بلدية المدينة أعمال تأهيل الحديقة القديمة وسط حضور من الأهالي، ومن المقرر افتتاحها مطلع الشهر المقبل."
EN = "The town went on with the repair of its old garden on Monday, and the gates are to open early next month."

CREDITS: list[tuple[str, set[str | None]]] = [
    ("This article was originally published by The Associated Press.", {"ap"}),
    ("This story was produced by AFP.", {"afp"}),
    ("This report was first carried by Reuters.", {"reuters"}),
    ("This story first appeared on Bloomberg", {"bloomberg"}),
    ("Originally published by Anadolu", {"anadolu"}),
    ("Republished from AFP.", {"afp"}),
    ("Republished with permission from Reuters", {"reuters"}),
    ("(With inputs from AFP)", {"afp"}),
    ("[With inputs from AFP]", {"afp"}),
    ("— With inputs from ANSA and AP", {"ansa", "ap"}),
    ("(With inputs from agencies)", {None}),
    ("With reporting by Jane Roe and AFP", {"afp"}),
    ("Additional reporting by Anadolu", {"anadolu"}),
    ("With files from The Harbour Press and Reuters", {"reuters"}),
    ("Includes reporting from the Associated Press.", {"ap"}),
    ("Material from AFP was used in this report.", {"afp"}),
    ("Bu haber AA tarafından servis edilmiştir.", {"anadolu"}),
    ("Bu haber İHA tarafından hazırlanmıştır.", {"iha"}),
    ("Bu haber DHA tarafından hazırlandı.", {"dha"}),
    ("Bu haber Anadolu Ajansı kaynaklıdır.", {"anadolu"}),
    ("Haber, DHA aboneliği kapsamında yayımlanmıştır.", {"dha"}),
    ("Bu haber AA'dan alınmıştır.", {"anadolu"}),
    ("بمساهمة من رويترز", {"reuters"}),
    ("(بمساهمة من وكالة الأناضول)", {"anadolu"}),
    ("وبمساهمة من رويترز وأ ف ب", {"reuters", "afp"}),
    ("مع معلومات من الوكالات", {None}),
    ("أعد الخبر عن فرانس برس", {"afp"}),
    ("نشر الخبر نقلا عن الأناضول", {"anadolu"}),
    ("نُشر هذا الخبر نقلًا عن وكالة الأنباء القطرية.", {"qna"}),
    ("هذا التقرير من إعداد رويترز", {"reuters"}),
    ("ساهمت رويترز في إعداد هذا التقرير", {"reuters"}),
    ("Cet article a été publié par l'AFP.", {"afp"}),
    ("Cet article a été initialement publié par Reuters", {"reuters"}),
    ("Avec la contribution de l'AFP", {"afp"}),
    ("© 2026 AFP", {"afp"}),
    ("© AFP 2026", {"afp"}),
    ("© Anadolu Ajansı", {"anadolu"}),
    ("© Anadolu Ajansı. Tüm hakları saklıdır.", {"anadolu"}),
    ("(c) 2026 AP", {"ap"}),
    ("AFP © 2026", {"afp"}),
    ("Copyright Reuters", {"reuters"}),
    ("Copyright © 2026 AA", {"anadolu"}),
    ("Copyright 2026 Associated Press. All rights reserved.", {"ap"}),
    ("© AFP. Tous droits réservés.", {"afp"}),
    ("جميع الحقوق محفوظة © الأناضول", {"anadolu"}),
    ("© 2026 الأناضول. جميع الحقوق محفوظة", {"anadolu"}),
    ("حقوق النشر محفوظة لوكالة فرانس برس", {"afp"}),
]


def credited(body: str) -> set[str | None]:
    return {one.agency_id for one in find_credits(body=body) if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)}


@pytest.mark.parametrize("below", ["", "\nThe Lantern is printed in the old mill and sold in every shop."])
@pytest.mark.parametrize("paragraphs", [2, 6])
@pytest.mark.parametrize(("line", "agencies"), CREDITS)
def test_a_sentence_below_the_report_credits(line: str, agencies: set[str | None], paragraphs: int, below: str) -> None:
    text = AR if line[:3] > "\u0600" else EN
    body = "\n".join([*[text] * paragraphs, line]) + below
    found = find_credits(body=body)
    assert {one.agency_id for one in found} == agencies
    assert {(one.text, one.position) for one in found} == {(line, CreditPosition.SOURCE_LABEL)}
    start = body.index(line)
    assert (start, start + len(line)) in credit_spans(body)


@pytest.mark.parametrize(
    ("end", "agency_id"),
    [
        ("With files from Reuters.", "reuters"),
        ("(With inputs from AFP)", "afp"),
        ("Bu haber AA kaynaklıdır.", "anadolu"),
        ("بمساهمة من رويترز", "reuters"),
        ("© 2026 AFP", "afp"),
    ],
)
def test_such_a_sentence_may_end_a_paragraph(end: str, agency_id: str) -> None:
    assert credited(f"{EN}\n{EN} {end}") == {agency_id}


def test_such_a_sentence_may_stand_above_the_report() -> None:
    assert credited("\n".join(["This article was originally published by AFP.", *[EN] * 6])) == {"afp"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The study of the garden was originally published by Bloomberg.",
        "The report was published by Reuters.",
        "The book on the garden was produced by AFP.",
        "The town buys its numbers of visitors from Bloomberg.",
        "A lamp of the garden was on loan from the AP.",
        "Files from Bloomberg show that the garden was sold twice.",
        "The copyright case against AFP goes on in May.",
        "Haber, Anadolu Ajansı tarafından duyuruldu.",
        "Haber, Anadolu Ajansı tarafından geçildi.",
        "Anadolu Ajansı, DHA ve İHA tarafından geçilen bütün haberler burada yer alır.",
        "وبدأ الخبر عن رويترز بمقدمة طويلة عن الحديقة.",
        "ونشر التقرير على موقع رويترز قبل عام.",
        "Le livre sur le jardin a été publié par l'AFP.",
    ],
)
def test_a_sentence_about_something_else_credits_nobody(sentence: str) -> None:
    assert credited("\n".join([EN] * 5 + [sentence])) == set()


@pytest.mark.parametrize("line", ["© AFP", "© 2026 Reuters"])
def test_a_copyright_line_above_or_within_the_report_is_a_pictures(line: str) -> None:
    for above in (0, 1, 4):
        assert credited("\n".join([EN] * above + [line] + [f"{EN} {EN}"] * 6)) == set()


@pytest.mark.parametrize(
    "line",
    ["© Getty Images", "© 2026 AFP/Getty Images", "With files from Getty Images", "© AFP/Jane Roe", "© Jane Roe / AP"],
)
def test_who_sells_or_takes_pictures_is_credited_for_them(line: str) -> None:
    found = find_credits(body=f"{EN}\n{EN}\n{line}")
    assert found
    assert {one.kind for one in found} == {CreditKind.PHOTO}


def test_a_copyright_line_on_the_agencys_own_page_is_no_credit() -> None:
    body = f"{EN}\n{EN}\n© 2026 Anadolu Agency"
    found = find_credits(body=body, own_agency_id="anadolu")
    assert [one.kind for one in found] == [CreditKind.SELF_REFERENCE]
    assert credited_agency(find_credits(body=body)) == "anadolu"
