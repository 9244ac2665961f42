"""Brackets that abbreviate what stands before them, and closing tags that only look so. Every text is invented."""

from __future__ import annotations

import pytest

from pipeline.credits.abbreviation import stands_for
from pipeline.credits.find import find_credits
from pipeline.records import CreditKind

EN = "The town went on with the repair of its old garden on Monday, and the gates are to open early next month."
TR = "Belediye eski bahçenin onarımını pazartesi günü sürdürdü ve kapıların gelecek ay başında açılması bekleniyor."
AR = "واصلت بلدية المدينة أعمال تأهيل الحديقة القديمة وسط حضور من الأهالي، ومن المقرر افتتاحها مطلع الشهر المقبل."


def credited(body: str) -> set[str | None]:
    return {one.agency_id for one in find_credits(body=body) if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)}


@pytest.mark.parametrize(
    ("initials", "words"),
    [
        ("AP", "yeni üyesi olduğu Ada Parkı"),
        ("AA", "a meeting of Amateur Astronomers"),
        ("A.A.", "Amateur Astronomers"),
        ("AFP", "the Alpine Forest Partnership"),
        ("AFP", "a test for alpha-fetoprotein"),
        ("DHA", "rich in docosahexaenoic acid"),
        ("TAP", "the Trans Alpine Pipeline"),
        ("SPA", "Society for the Protection of Alps"),
        ("IHA", "insansiz hava araci"),
        ("MENA", "Middle East and North Africa"),
    ],
)
def test_what_initials_stand_for(initials: str, words: str) -> None:
    assert stands_for(initials, words)


@pytest.mark.parametrize(
    ("initials", "words"),
    [
        ("AA", "to open early next month"),
        ("AA", ""),
        ("AA", "Astronomers"),
        ("AFP", "the partnership of alpine forests"),
        ("DHA", "the dean saw"),
        ("AP", "Ada Parkı açıldı"),
    ],
)
def test_what_initials_do_not_stand_for(initials: str, words: str) -> None:
    assert not stands_for(initials, words)


@pytest.mark.parametrize("stop", ["", "."])
@pytest.mark.parametrize(
    ("text", "end"),
    [
        (EN, "The lamps of the fair run on two batteries of the small kind (AA)"),
        (EN, "The evening closes with a talk of the Amateur Astronomers (AA)"),
        (EN, "Only one of the two bonds of the water works still stands at (AA)"),
        (EN, "The prize was given by a friend of the late Harvest Party (AP)"),
        (EN, "The doctor also asked for a value of alpha-fetoprotein (AFP)"),
        (EN, "The old hall was let to the Dockside Housing Association (DHA)"),
        (EN, "Every fish on the table was full of docosahexaenoic acid (DHA)"),
        (EN, "Most of the visitors came from the Middle East and North Africa (MENA)"),
        (EN, "The second prize is a night for two at the lake hotel (SPA)"),
        (EN, "The third stage was paid for by the Trans Alpine Pipeline (TAP)"),
        (EN, "All the stalls of the fair now take instant payments by phone (UPI)"),
        (EN, "The way to the garden is drawn on the back of the ticket (MAP)"),
        (TR, "Bahçenin son konuğu Avrupa Parlamentosu (AP)"),
        (TR, "Lambalar iki küçük pil ile yanıyor (AA)"),
        (TR, "Görüntüleri çeken belediyenin insansız hava aracı (İHA)"),
        (TR, "Doktor bir değer daha istedi: alfa fetoprotein (AFP)"),
        (TR, "Sofradaki bütün balıklar omega bakımından zengin (DHA)"),
    ],
)
def test_a_bracket_that_abbreviates_credits_nobody(text: str, end: str, stop: str) -> None:
    for body in (f"{text}\n{text}\n{end}{stop}", f"{text}\n{text} {end}{stop}"):
        assert credited(body) == set(), body


@pytest.mark.parametrize(
    "line", ["Amateur Astronomers (AA)", "Avrupa Parlamentosu (AP)", "Bahçenin dostu: Trans Alpin Boru Hattı (TAP)"]
)
def test_a_line_that_its_bracket_abbreviates_credits_nobody(line: str) -> None:
    assert credited("\n".join([TR] * 5 + [line])) == set()


@pytest.mark.parametrize(
    ("body", "agency_id"),
    [
        (f"{EN} (AA)", "anadolu"),
        (f"{EN} (AP).", "ap"),
        (f"{EN[:-1]} (AA).", "anadolu"),
        (f"{EN[:-1]} (AFP)", "afp"),
        (f"{EN} said Mayor Jane Roe (AFP).", "afp"),
        (f'{EN} "We are glad," she said. "All of us are." (AP)', "ap"),
        (f"{EN}\nThe hall was let to the Dockside Housing Association. (DHA)", "dha"),
        (f"{TR} (İHA)", "iha"),
        (f"{TR[:-1]} (DHA).", "dha"),
        (f"{TR}\nAnkara (AA)", "anadolu"),
        (f"{TR}\nTunus (TAP)", "tap"),
        (f"ADDIS ABABA (AA) – {EN}\n{EN}", "anadolu"),
        (f"{AR[:-1]} كما قال رئيس البلدية (الأناضول).", "anadolu"),
        (f"{AR[:-1]} كما قال رئيس البلدية (أ ف ب)", "afp"),
        (f"{AR[:-1]} كما قال رئيس البلدية (رويترز).", "reuters"),
        (f"{AR[:-1]} كما قال رئيس البلدية (AFP).", "afp"),
        (f"{AR} (بترا).", "petra"),
    ],
)
def test_a_closing_tag_is_one_still(body: str, agency_id: str) -> None:
    assert credited(body) == {agency_id}
