"""Hard cases of copying that turn on the credit: what a copy's credit status is towards an Anadolu report."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.credits.find import find_credits
from pipeline.credits.status import credit_status
from pipeline.records import Article, CreditKind, CreditStatus

AR = (
    "أعلنت بلدية المدينة انتهاء ترميم السوق القديم بعد عمل استمر عاما كاملا، وقالت إن المحال ستفتح أبوابها تباعا.\n"
    "وتابع رئيس البلدية أن السقف الخشبي أعيد كما كان، وأن الإنارة الجديدة تعمل بالطاقة الشمسية."
)
EN = (
    "The town said on Monday that the repair of its market was complete after a year and shops would open in turn.\n"
    "The mayor added that the wooden roof was back as it had been, and that the new lamps ran on solar power."
)
TR = (
    "Belediye pazartesi günü eski çarşının onarımının bir yılda tamamlandığını ve dükkânların açılacağını duyurdu.\n"
    "Başkan, ahşap çatının eski hâline döndüğünü ve yeni lambaların güneş enerjisiyle çalıştığını sözlerine ekledi."
)
FR = (
    "La commune a annoncé lundi la fin des travaux du vieux marché après un an, et les boutiques ouvriront une à une.\n"
    "Le maire a ajouté que le toit de bois était tel qu'autrefois et que les lampes marchaient à l'énergie solaire."
)
FOOTER = "الأخبار المنشورة على الصفحة الرسمية لوكالة الأناضول، هي اختصار لجزء من الأخبار التي تعرض للمشتركين."

CREDITED, GENERIC, OTHER = CreditStatus.CREDITED, CreditStatus.CREDITED_GENERIC, CreditStatus.CREDITED_OTHER
UNCREDITED, UNKNOWN = CreditStatus.UNCREDITED, CreditStatus.UNKNOWN

CASES: list[tuple[str, dict[str, Any], CreditStatus]] = [
    ("a brief with a closing tag", {"body": "فتح السوق القديم أبوابه أمس بعد عام من الترميم. (الأناضول)"}, CREDITED),
    (
        "a brief with a closing tag, en",
        {"body": "The old market opened on Monday after a year of repair. (AA)"},
        CREDITED,
    ),
    ("a brief with a label, tr", {"body": "Eski çarşı bir yıl sonra açıldı.\nKaynak: AA"}, CREDITED),
    (
        "only the picture is credited",
        {"body": AR, "byline": "سامي الحداد", "captions": ("السوق (الأناضول)",)},
        UNCREDITED,
    ),
    (
        "only the picture, en",
        {"body": EN, "byline": "Jane Roe", "captions": ("The market. Anadolu via Getty",)},
        UNCREDITED,
    ),
    ("only the picture, tr", {"body": TR, "byline": "Ece Korkut", "captions": ("Çarşı (Fotoğraf: AA)",)}, UNCREDITED),
    ("a lone tatweel for a dash", {"body": AR, "byline": "أنقرة ـ الأناضول:"}, CREDITED),
    ("August is no agency", {"body": "15 أغسطس (آب) 2015 " + AR, "byline": "سامي الحداد"}, UNCREDITED),
    ("the credit gave way to a reporter", {"body": AR, "byline": "كتب: سامي الحداد"}, UNCREDITED),
    ("a reporter, en", {"body": EN, "byline": "By Jane Roe"}, UNCREDITED),
    ("a reporter, tr", {"body": TR, "byline": "Ece Korkut"}, UNCREDITED),
    (
        "a self-reference was changed",
        {"body": AR + "\nوفق بيان وصل الصحيفة نسخة منه.", "byline": "سامي الحداد"},
        UNCREDITED,
    ),
    (
        "a self-reference is left",
        {"body": AR.replace("أن السقف", "للأناضول أن السقف"), "byline": "سامي الحداد"},
        UNCREDITED,
    ),
    ("a self-reference, en", {"body": EN.replace("added", "told Anadolu"), "byline": "Jane Roe"}, UNCREDITED),
    (
        "a self-reference, tr",
        {"body": TR.replace("Başkan,", "Başkan, AA muhabirine"), "byline": "Ece Korkut"},
        UNCREDITED,
    ),
    ("another agency", {"body": AR, "byline": "أنقرة - رويترز"}, OTHER),
    ("another agency, en", {"body": "ANKARA (AFP) - " + EN}, OTHER),
    ("another agency, tr", {"body": TR + " (DHA)"}, OTHER),
    ("another agency, fr", {"body": FR, "byline": "Le Courrier avec AFP"}, OTHER),
    ("agencies in general", {"body": AR, "byline": "الصباح - وكالات"}, GENERIC),
    ("agencies in general, en", {"body": EN, "byline": "News Agencies"}, GENERIC),
    ("agencies in general, tr", {"body": TR, "byline": "Haber Ajansları"}, GENERIC),
    ("two agencies", {"body": AR + "\n(الأناضول، رويترز)"}, CREDITED),
    ("two agencies, en", {"body": "ANKARA (AA/AFP) – " + EN}, CREDITED),
    ("two agencies, fr", {"body": "AA/Ankara/Jeanne Martin\n" + FR + "\nSource : AFP"}, CREDITED),
    ("a region", {"body": AR + "\nوتهب الرياح من هضبة الأناضول شتاء.", "byline": "سامي الحداد"}, UNCREDITED),
    ("a university", {"body": AR + "\nكما قال أستاذ في جامعة الأناضول أمس.", "byline": "سامي الحداد"}, UNCREDITED),
    ("the agency is the news", {"body": "تعرض مكتب وكالة الأناضول لهجوم.\n" + AR, "byline": "سامي الحداد"}, UNCREDITED),
    ("a sports club, tr", {"body": TR + "\nAnadolu Efes galip geldi", "byline": "Ece Korkut"}, UNCREDITED),
    (
        "only cited",
        {"body": AR + "\nونقلت وكالة الأناضول عن الوالي قوله إن العمل تم.", "byline": "سامي الحداد"},
        UNCREDITED,
    ),
    (
        "only cited, en",
        {"body": EN + "\nState-run Anadolu Agency reported it first.", "byline": "Jane Roe"},
        UNCREDITED,
    ),
    ("a left-over footer", {"body": f"{AR}\n{FOOTER}", "byline": "سامي الحداد"}, UNCREDITED),
    ("nothing to go by", {"body": AR}, UNKNOWN),
    ("a page without any credit", {"body": AR, "capture_id": "c"}, UNCREDITED),
    ("comments below the tag", {"body": f"{AR}\n(الأناضول)\n" + "شكرا على الخبر\n" * 15}, CREDITED),
    ("a leaf of links below the tag", {"body": f"{AR}\nأنقرة - الأناضول\nشارك\nاقرأ أيضا"}, CREDITED),
    ("stated in the page's data", {"body": EN, "authors": ("Anadolu Agency",)}, CREDITED),
]


@pytest.mark.parametrize(("case", "fields", "status"), CASES, ids=[case for case, _, _ in CASES])
def test_credit_status_of_hard_cases(case: str, fields: dict[str, Any], status: CreditStatus) -> None:
    named = find_credits(**{key: value for key, value in fields.items() if key != "capture_id"})
    copy = Article("x", "x", "https://x.example/1", fetched_at=None, credits=named, **fields)
    assert credit_status(copy, "anadolu") is status
    assert all(one.kind is not CreditKind.CREDIT for one in named) or status in (CREDITED, OTHER)
