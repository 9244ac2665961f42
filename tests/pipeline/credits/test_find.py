"""What counts as a credit. Every text is invented; the shapes are those that outlets print."""

from __future__ import annotations

import pytest

from pipeline.credits.find import credited_agency, find_credits
from pipeline.records import Credit, CreditKind, CreditPosition

AR = "واصلت بلدية المدينة أعمال تأهيل الحديقة القديمة وسط حضور من الأهالي، ومن المقرر افتتاحها مطلع الشهر المقبل."
EN = "The town went on with the repair of its old garden on Monday, and the gates are to open early next month."
TR = "Belediye eski bahçenin onarımını pazartesi günü sürdürdü ve kapıların gelecek ay başında açılması bekleniyor."
FR = "La commune a poursuivi lundi la remise en état de son vieux jardin, dont les portes ouvriront le mois prochain."

Named = list[tuple[str | None, str, str]]


def named(found: tuple[Credit, ...]) -> Named:
    return [(one.agency_id, one.kind.value, one.position.value) for one in found]


def credited(found: tuple[Credit, ...]) -> set[str | None]:
    return {one.agency_id for one in found if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)}


BYLINES: list[tuple[str, set[str | None]]] = [
    ("واس - الرياض", {"spa"}),
    ("الرياض: واس", {"spa"}),
    ("واس (جدة)", {"spa"}),
    ("لندن : (د ب ا)", {"dpa"}),
    ("الرياض واس", {"spa"}),
    ("رويترز من لندن", {"reuters"}),
    ("برلين ـ د. ب. أ:", {"dpa"}),
    ("الرياض ــ واس", {"spa"}),
    ("الرياضـ واس", {"spa"}),
    ("ممدوح السهلي - د ب أ - جدة", {"dpa"}),
    ("لندن &ndash; رويترز", {"reuters"}),
    ("واس&nbsp;(الدمام)", {"spa"}),
    ("باريس&amp;nbsp;- أ ف ب", {"afp"}),
    ("بيروت - أ.ف.ب", {"afp"}),
    ("بيروت - ا ف ب", {"afp"}),
    ("بيروت - أف ب", {"afp"}),
    ("نيقوسيا ـ الفرنسية:", {"afp"}),
    ("القاهرة - أ ش أ", {"mena"}),
    ("واشنطن - أ ب", {"ap"}),
    ("الوئام - رويترز:", {"reuters"}),
    ("نيقوسيا -الوئام- (ا ف ب):", {"afp"}),
    ("سبق- وكالات:", {None}),
    ("اليوم، وكالات - عواصم", {None}),
    ("وكالات أنباء", {None}),
    ("القاهرة: هاني سرور، الأناضول", {"anadolu"}),
    ("أنقرة - الأناضول، رويترز", {"anadolu", "reuters"}),
    ("غزة - رويترز وأ ف ب", {"reuters", "afp"}),
    ("رويترز ووكالات", {"reuters", None}),
    ("الأنـــاضول", {"anadolu"}),
    ("الأَنَاضُول", {"anadolu"}),
    ("ﺍﻷﻧﺎﺿﻮﻝ", {"anadolu"}),
    ("\u200fالأناضول\u200f", {"anadolu"}),
    ("وكالة أنباء الأناضول", {"anadolu"}),
    ("المنامة : بنا", {"bna"}),
    ("الدوحة - قنا:", {"qna"}),
    ("كونا", {"kuna"}),
    ("الرياض 24 شوال 1436 هـ الموافق 09 أغسطس 2015 م واس", {"spa"}),
    ("أبوظبي في 9 أغسطس / وام /", {"wam"}),
    ("أبوظبي / وام", {"wam"}),
    ("عمان 9 آب (بترا)", {"petra"}),
    ("الكويت - 9 - 8 (كونا)", {"kuna"}),
    ("الكويت - 9 - 8 - 2015 (كونا) --", {"kuna"}),
    ("القاهرة في 9 أغسطس 2015/ أ ش أ/", {"mena"}),
    ("الدوحة في 9 أغسطس /قنا/", {"qna"}),
    ("رام الله - وفا", {"wafa"}),
    ("بغداد 9 آب 2015 - واع", {"ina"}),
    ("القاهرة - 9 أغسطس 2015 - أ ش أ", {"mena"}),
    ("الأربعاء 9 أغسطس 2015 - الرياض - واس", {"spa"}),
    ("AA", {"anadolu"}),
    ("Anadolu Ajansı", {"anadolu"}),
    ("ANADOLU AJANSI", {"anadolu"}),
    ("anadolu ajansi", {"anadolu"}),
    ("AA/AFP", {"anadolu", "afp"}),
    ("A.A.", {"anadolu"}),
    ("A.A. - Ankara", {"anadolu"}),
    ("Ankara, A.A.", {"anadolu"}),
    ("AA Ankara", {"anadolu"}),
    ("By Jane Roe, Associated Press", {"ap"}),
    ("Jane Roe | Reuters", {"reuters"}),
    ("Reuters Staff", {"reuters"}),
    ("By Anadolu staff", {"anadolu"}),
    ("Anadolu Staff Writer - Ankara", {"anadolu"}),
    ("AA Haber Merkezi", {"anadolu"}),
    ("Agence France-Presse", {"afp"}),
    ("Le Quotidien avec AFP", {"afp"}),
    ("La Gazette du Vieux Moulin avec AFP", {"afp"}),
    ("The Lantern Staff of the Harbour with Associated Press", {"ap"}),
    ("İHA - İzmir", {"iha"}),
    ("İHA Haber Ajansı", {"iha"}),
    ("DHA", {"dha"}),
    ("News Agencies", {None}),
]


@pytest.mark.parametrize(("byline", "agencies"), BYLINES)
def test_bylines(byline: str, agencies: set[str | None]) -> None:
    found = find_credits(byline=byline, body=AR)
    assert credited(found) == agencies
    assert all(one.text == byline.strip() and one.position is CreditPosition.BYLINE for one in found)


@pytest.mark.parametrize(
    "byline",
    [
        "محمود وفا",
        "عبدالله بنا - جدة",
        "سليمان أبا الخيل",
        "جامعة الأناضول - إسكي شهير",
        "مدير مكتب رويترز",
        "سامي الحداد (آب)",
        "محافظة قنا - سامي الحداد",
        "Anadolu Efes",
        "Anadolu Staff College",
        "Anadolu Üniversitesi",
        "Petra Novak",
        "A.A. Rowan",
        "By A. A. Rowan",
        "Dr. A.A. Rowan",
        "Spa - Wellness",
        "aa",
        "",
        "   ",
    ],
)
def test_bylines_that_credit_nobody(byline: str) -> None:
    assert credited(find_credits(byline=byline)) == set()


HEADS: list[tuple[str, set[str | None], str]] = [
    ("رام الله / سامي الحداد / الأناضول\n{AR}", {"anadolu"}, "رام الله / سامي الحداد / الأناضول"),
    ("Ramallah\nرام الله / سامي الحداد / الأناضول\n{AR}", {"anadolu"}, "رام الله / سامي الحداد / الأناضول"),
    ("رام الله / سامي الحداد / الأناضول {AR}", {"anadolu"}, "رام الله / سامي الحداد / الأناضول"),
    ("ليفكوشا/الأناضول\n{AR}", {"anadolu"}, "ليفكوشا/الأناضول"),
    ("باكو/ سامي رحيموف/ الأناضول\n{AR}", {"anadolu"}, "باكو/ سامي رحيموف/ الأناضول"),
    ("لندن ـ د. ب. أ: {AR}", {"dpa"}, "لندن ـ د. ب. أ:"),
    ("مانيلا، 3 ديسمبر (رويترز) - {AR}", {"reuters"}, "مانيلا، 3 ديسمبر (رويترز) -"),
    ("بغداد (اف ب) {AR}", {"afp"}, "بغداد (اف ب)"),
    ("برلين 15-7 (اف ب) {AR}", {"afp"}, "برلين 15-7 (اف ب)"),
    ("بكين أول سبتمبر 2008 (شينخوا) {AR}", {"xinhua"}, "بكين أول سبتمبر 2008 (شينخوا)"),
    ("واس- الرياض: {AR}", {"spa"}, "واس- الرياض:"),
    ("سبق- وكالات: {AR}", {None}, "سبق- وكالات:"),
    ("الدوحة في 05 يونيو /قنا/ {AR}", {"qna"}, "الدوحة في 05 يونيو /قنا/"),
    ("أبوظبي في 5 يونيو / وام / {AR}", {"wam"}, "أبوظبي في 5 يونيو / وام /"),
    ("رام الله 5-6-2024 وفا- {AR}", {"wafa"}, "رام الله 5-6-2024 وفا-"),
    (
        "جنيف 25 شوال 1436 هـ الموافق 10 اغسطس 2015 م واس\n{AR}",
        {"spa"},
        "جنيف 25 شوال 1436 هـ الموافق 10 اغسطس 2015 م واس",
    ),
    ("ANKARA (AA) – {EN}", {"anadolu"}, "ANKARA (AA) –"),
    ("DHAKA, Bangladesh (AA) – {EN}", {"anadolu"}, "DHAKA, Bangladesh (AA) –"),
    ("ANKARA (AA/AFP) – {EN}", {"anadolu", "afp"}, "ANKARA (AA/AFP) –"),
    ("By Jane Roe\n\nISTANBUL (AA) - {EN}", {"anadolu"}, "ISTANBUL (AA) -"),
    ("By Anadolu staff\n\n{EN}", {"anadolu"}, "By Anadolu staff"),
    ("London, United Kingdom – AFP\n{EN}", {"afp"}, "London, United Kingdom – AFP"),
    ("LONDON (Reuters) - {EN}", {"reuters"}, "LONDON (Reuters) -"),
    ("GROSSETO, Italy (AP) -- {EN}", {"ap"}, "GROSSETO, Italy (AP) --"),
    ("İSTANBUL (AA) - {TR}", {"anadolu"}, "İSTANBUL (AA) -"),
    ("İZMİR, (DHA)- {TR}", {"dha"}, "İZMİR, (DHA)-"),
    ("ANKARA (AA) {TR}", {"anadolu"}, "ANKARA (AA)"),
    ("OSLO, Norway (AP) {EN}", {"ap"}, "OSLO, Norway (AP)"),
    ("SİVAS-DHA {TR}", {"dha"}, "SİVAS-DHA"),
    ("OSLO-AP {TR}", {"ap"}, "OSLO-AP"),
    ("ANKARA - AA {TR}", {"anadolu"}, "ANKARA - AA"),
    ("(AA) ANKARA - {TR}", {"anadolu"}, "(AA) ANKARA -"),
    ("(İHA) VAN - {TR}", {"iha"}, "(İHA) VAN -"),
    ("(رويترز) لندن - {AR}", {"reuters"}, "(رويترز) لندن -"),
    ("AA, OTTAWA – {EN}", {"anadolu"}, "AA, OTTAWA –"),
    ("AFP, Lima – {EN}", {"afp"}, "AFP, Lima –"),
    ("الأناضول، أنقرة – {AR}", {"anadolu"}, "الأناضول، أنقرة –"),
    ("AFP - {FR}", {"afp"}, "AFP -"),
    ("AA - Ankara Adliyesi önünde toplandılar. {TR}", {"anadolu"}, "AA -"),
    ("AA/Téhéran/Jean Dupont\n{FR}", {"anadolu"}, "AA/Téhéran/Jean Dupont"),
    ("AA / Tunis / Jeanne Martin\n{FR}", {"anadolu"}, "AA / Tunis / Jeanne Martin"),
]


@pytest.mark.parametrize(("body", "agencies", "text"), HEADS)
def test_datelines(body: str, agencies: set[str | None], text: str) -> None:
    body = body.format(AR=f"{AR}\n{AR}", EN=f"{EN}\n{EN}", TR=f"{TR}\n{TR}", FR=f"{FR}\n{FR}")
    found = [one for one in find_credits(body=body) if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)]
    assert {one.agency_id for one in found} == agencies
    assert {(one.text, one.position) for one in found} == {(text, CreditPosition.DATELINE)}
    assert text in body


@pytest.mark.parametrize(
    "head",
    [
        "15 أغسطس (آب) 2015 كان يوم الافتتاح، كما قال البيان.",
        "في آب (أغسطس) المقبل تفتح الحديقة أبوابها.",
        "ذكرت وكالة أنباء الصين الجديدة (شينخوا) أن الحديقة أغلقت.",
        "مرت بنا - نحن أهل الحي - أيام طويلة بلا حديقة.",
        "هضبة الأناضول - أرض قديمة تروي حكايات كثيرة.",
        "الأناضول أرض قديمة تروي حكايات كثيرة لكل من زارها.",
        "قصف مجهولون مكتب وكالة الأناضول في المدينة.",
        'ولم تقدم وكالة "قنا" أي تفاصيل أخرى.',
        "The Anadolu Agency (AA) reported on Monday that the garden is shut.",
        "AA batteries and AA-rated bonds were on sale.",
        "Turkey's AA said on Monday that the garden is shut.",
        "Anadolu Efes won on Monday.",
        "Doğu Anadolu'da kar yağışı bekleniyor.",
        "AA: so reads the label of every lamp that the fair gave away.",
        "AP: Ada Parkı yenilendi, çocuklar pazartesi günü kapıdan girdi.",
        "DHA - an acid of the deep sea - is what the fair was about.",
        "DHA - bir yağ asidi - bu yılki fuarın konusu oldu.",
        "DHA - Docosahexaenoic acid is what this year's fair was about, as the guide told all who came.",
        "BERN - AP Bütçe Komisyonu üyeleri de bahçeyi gezdi.",
        "CEBU - AFP Chief Roe lent the garden a band.",
        "ANKARA - AA Genel Müdürü Kaya bahçeyi gezdi.",
        "BERN - Reuters Square was full of lamps.",
        "AA, Duracell and others gave the lamps away.",
        "AP Automotive - Our new car arrives in town today with a long warranty.",
    ],
)
def test_heads_that_are_no_dateline(head: str) -> None:
    assert credited(find_credits(body=f"{head}\n{AR}\n{AR}")) == set()


TAILS: list[tuple[str, set[str | None], CreditPosition]] = [
    ("{AR}\n(الأناضول)", {"anadolu"}, CreditPosition.TAIL),
    ("{AR} (الأناضول)", {"anadolu"}, CreditPosition.TAIL),
    ("{AR} (الأناضول).", {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\n(وكالة الأناضول التركية)", {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\nوكالة أنباء الأناضول التركية", {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\nالقاهرة - الأناضول", {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\nالقاهرة - الأناضول\n\nشارك الموضوع\n\nمواضيع ذات صلة", {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\n(الأناضول)" + "\nتعليق قارئ: أحسنتم" * 12, {"anadolu"}, CreditPosition.TAIL),
    ("{AR}\n–(بترا)", {"petra"}, CreditPosition.TAIL),
    ("{AR} «الفرنسية»", {"afp"}, CreditPosition.TAIL),
    ('{AR} "رويترز"', {"reuters"}, CreditPosition.TAIL),
    ("{AR} - رويترز", {"reuters"}, CreditPosition.TAIL),
    ("{AR} أ ف ب", {"afp"}, CreditPosition.TAIL),
    ("{AR}\n* بالاتفاق مع «بلومبيرغ»", {"bloomberg"}, CreditPosition.TAIL),
    ("{AR}\nالمصدر: الأناضول", {"anadolu"}, CreditPosition.SOURCE_LABEL),
    ("{AR}\nالمصدر : الجزيرة + الأناضول", {"anadolu"}, CreditPosition.SOURCE_LABEL),
    ("{AR}\nالمصدر: وكالات", {None}, CreditPosition.SOURCE_LABEL),
    ("{AR}\nالمصدر: وكالة الأنباء القطرية (قنا)", {"qna"}, CreditPosition.SOURCE_LABEL),
    ("{AR} المصدر: رويترز", {"reuters"}, CreditPosition.SOURCE_LABEL),
    ("المصدر: الأناضول\n{AR}", {"anadolu"}, CreditPosition.SOURCE_LABEL),
    ("{TR}\nKaynak: AA", {"anadolu"}, CreditPosition.SOURCE_LABEL),
    ("{TR}\nHaber Kaynağı: İHA", {"iha"}, CreditPosition.SOURCE_LABEL),
    ("{TR}\nKAYNAK: AA", {"anadolu"}, CreditPosition.SOURCE_LABEL),
    ("{TR}\nAA", {"anadolu"}, CreditPosition.TAIL),
    ("{TR} (DHA)", {"dha"}, CreditPosition.TAIL),
    ("{TR} (İLKHA)", {"ilkha"}, CreditPosition.TAIL),
    ("{EN}\nSource: AFP / Reuters", {"afp", "reuters"}, CreditPosition.SOURCE_LABEL),
    ("{EN} (AA)", {"anadolu"}, CreditPosition.TAIL),
    ("{EN}\nReuters contributed to this report.", {"reuters"}, CreditPosition.TAIL),
    ("{FR}\nSource : AFP", {"afp"}, CreditPosition.SOURCE_LABEL),
    ("{FR}\n(avec AFP)", {"afp"}, CreditPosition.TAIL),
    ("{TR} [AA]", {"anadolu"}, CreditPosition.TAIL),
    ("{TR}[İHA]", {"iha"}, CreditPosition.TAIL),
    ("{AR} [رويترز]", {"reuters"}, CreditPosition.TAIL),
    ("{AR}\n[الأناضول]", {"anadolu"}, CreditPosition.TAIL),
    ("{EN}\n- Anadolu", {"anadolu"}, CreditPosition.TAIL),
    ("{EN} - Anadolu", {"anadolu"}, CreditPosition.TAIL),
    ("{TR}\n- İHA", {"iha"}, CreditPosition.TAIL),
    ("{TR}\n-İHA-", {"iha"}, CreditPosition.TAIL),
    ("{TR} -İHA-", {"iha"}, CreditPosition.TAIL),
    ("{TR}\n-AA/DHA-", {"anadolu", "dha"}, CreditPosition.TAIL),
    ("{AR}\n– بترا", {"petra"}, CreditPosition.TAIL),
    ("{AR}\n- د ب أ", {"dpa"}, CreditPosition.TAIL),
    ("{AR}\n- د. ب. أ", {"dpa"}, CreditPosition.TAIL),
]


@pytest.mark.parametrize(("body", "agencies", "position"), TAILS)
def test_closing_tags_and_labels(body: str, agencies: set[str | None], position: CreditPosition) -> None:
    texts = {language: "\n".join([text] * 5) for language, text in (("AR", AR), ("EN", EN), ("TR", TR), ("FR", FR))}
    found = [
        one for one in find_credits(body=body.format(**texts)) if one.kind in (CreditKind.CREDIT, CreditKind.GENERIC)
    ]
    assert {one.agency_id for one in found} == agencies
    assert {one.position for one in found} == {position}


FOOT = {
    AR: "تصدر الواحة كل صباح عن دار المطبعة القديمة",
    EN: "The Lantern is printed in the old mill",
    TR: "Fener her sabah çıkar",
}
FOOT_SENTENCE = {
    AR: "تصدر الواحة كل صباح عن دار المطبعة القديمة في وسط المدينة.",
    EN: "The Lantern is printed in the old mill and sold in every shop.",
    TR: "Fener her sabah eski değirmende basılır ve bütün dükkânlarda satılır.",
}


@pytest.mark.parametrize("foot", [FOOT, FOOT_SENTENCE])
@pytest.mark.parametrize("below", [0, 1, 2])
@pytest.mark.parametrize("paragraphs", [1, 2, 3])
@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize(
    ("text", "tail", "agency_id"),
    [
        (AR, "\nالقاهرة - الأناضول", "anadolu"),
        (AR, "\nوكالات", None),
        (AR, " (الأناضول)", "anadolu"),
        (AR, " - رويترز", "reuters"),
        (AR, "\n* بالاتفاق مع «بلومبيرغ»", "bloomberg"),
        (EN, " (AA)", "anadolu"),
        (EN, "\nReuters contributed to this report.", "reuters"),
        (TR, "\nAA", "anadolu"),
        (TR, " (DHA)", "dha"),
        (TR, "\n- İHA", "iha"),
        (EN, " - Anadolu", "anadolu"),
        (EN, " [AA]", "anadolu"),
    ],
)
def test_closing_tags_of_short_reports_with_lines_of_the_site_below(
    text: str, tail: str, agency_id: str | None, length: int, paragraphs: int, below: int, foot: dict[str, str]
) -> None:
    report = "\n".join([" ".join([text] * length)] * paragraphs)
    found = find_credits(body="\n".join([report + tail, *[foot[text]] * below]))
    # With a place, above a sentence, it may be a dateline as well.
    is_either = foot is FOOT_SENTENCE and below and "القاهرة" in tail
    assert [one.agency_id for one in found] == [agency_id]
    assert is_either or found[0].position is CreditPosition.TAIL


def test_a_dateline_below_the_headline_of_a_short_report_is_no_closing_tag() -> None:
    for head in (
        ["أنقرة / الأناضول"],
        ["بدء تأهيل الحديقة القديمة في المدينة", "أنقرة / الأناضول"],
        [AR, "أنقرة / الأناضول"],
        [AR, "أنقرة (الأناضول)"],
    ):
        found = find_credits(body="\n".join([*head, AR]))
        assert named(found) == [("anadolu", "credit", "dateline")], head


@pytest.mark.parametrize(
    "tail",
    [
        "وأعلنت ذلك وكالة الأنباء الكويتية (كونا).",
        "ونقلت الخبر صحف عدة، وفق وكالة الأناضول.",
        "وكانت تلك حكاية الحي الذي مر بنا",
        "بنا",
        "3- الفرنسية.",
        "Five walks through old gardens that are worth the long way there [Bloomberg]",
        "وتدرس فيها لغتان:\n- الفرنسية",
        "- الإنجليزية.\n- الفرنسية.",
        "وتقع المدينة في وسط الأناضول",
        "As reported by the Kuwait News Agency (KUNA).",
        "Haber, Anadolu Ajansı tarafından duyuruldu.",
        "The set needs two AA batteries.",
        "The old garden of Petra",
        "Reuters: three gardens open in spring after a long winter of repairs",
    ],
)
def test_ends_that_are_no_closing_tag(tail: str) -> None:
    assert credited(find_credits(body="\n".join([AR] * 5 + [tail]))) == set()


SENTENCES: list[tuple[str, str, str]] = [
    ("ونقلت وكالة الأناضول عن رئيس البلدية قوله إن العمل مستمر.", "anadolu", "mention"),
    ("وبحسب «رويترز» فإن العمل مستمر في الحديقة القديمة.", "reuters", "mention"),
    ("ووفقا لرويترز فإن العمل مستمر في الحديقة القديمة.", "reuters", "mention"),
    ("ذكرت وكالة أنباء الصين الجديدة (شينخوا) أن العمل مستمر.", "xinhua", "mention"),
    ("وتعرض مكتب وكالة الأناضول في المدينة لهجوم أمس.", "anadolu", "mention"),
    ("وقال رئيس البلدية للأناضول إن العمل مستمر.", "anadolu", "self_reference"),
    ("وقال رئيس البلدية لوكالة الأناضول إن العمل مستمر.", "anadolu", "self_reference"),
    ("وأضاف في حديث لـ«الأناضول» أن العمل مستمر.", "anadolu", "self_reference"),
    ("وفي بيان وصل الأناضول نسخة منه قالت البلدية إن العمل مستمر.", "anadolu", "self_reference"),
    ("وحسب بيان للبلدية، اطلعت عليه «الأناضول»، فإن العمل مستمر.", "anadolu", "self_reference"),
    ("وأفاد مراسل الأناضول بأن العمل مستمر في الحديقة.", "anadolu", "self_reference"),
    ("وقال مصدر لرويترز إن العمل مستمر.", "reuters", "self_reference"),
    ("State-run Anadolu Agency reported on Monday that work goes on.", "anadolu", "mention"),
    ("The mayor told Anadolu that work goes on.", "anadolu", "self_reference"),
    ("The mayor told Reuters that work goes on.", "reuters", "self_reference"),
    ("Başkan, AA muhabirine yaptığı açıklamada çalışmaların sürdüğünü söyledi.", "anadolu", "self_reference"),
    ("Anadolu Ajansı'nın haberine göre çalışmalar sürüyor.", "anadolu", "mention"),
    ("Selon l'AFP, les travaux continuent dans le vieux jardin.", "afp", "mention"),
]


@pytest.mark.parametrize(("sentence", "agency_id", "kind"), SENTENCES)
def test_running_text(sentence: str, agency_id: str, kind: str) -> None:
    found = find_credits(body="\n".join([AR, AR, f"{AR} {sentence} {AR}", AR, AR]))
    assert named(found) == [(agency_id, kind, "body")]


@pytest.mark.parametrize(
    "sentence",
    [
        "وتساقطت الثلوج على هضبة الأناضول وشرق الأناضول أمس.",
        "وقال أستاذ في جامعة الأناضول إن العمل مستمر.",
        "وقالت محافظة قنا إن العمل مستمر.",
        "وكان هذا في آب الماضي، وهو أ ب ج العمل البلدي.",
        "وما يحيط بنا من حدائق يستحق العناية.",
        "وزار الفريق مدينة بترا الأثرية ثم عاد.",
        "ومن يملك لسانا طيبا يكسب الناس.",
        "Anadolu Efes and Anadolu University opened a sports hall.",
        "The MAP and the TAP lead from the SPA to the garden.",
        "Bir İHA bahçenin üzerinde görüldü.",
    ],
)
def test_namesakes_are_nothing_at_all(sentence: str) -> None:
    assert find_credits(body="\n".join([AR, AR, f"{AR} {sentence} {AR}", AR, AR])) == ()


@pytest.mark.parametrize(
    ("caption", "agency_id"),
    [
        ("مشهد من الحديقة (الأناضول)", "anadolu"),
        ("A view of the garden – Anadolu Agency via Getty Images", "anadolu"),
        ("رويترز/سامي الحداد", "reuters"),
        ("Photo by Reuters", "reuters"),
        ("© AFP", "afp"),
        ("Fotoğraf: AA", "anadolu"),
    ],
)
def test_captions_credit_pictures_only(caption: str, agency_id: str) -> None:
    found = find_credits(body=AR, captions=[caption], byline="سامي الحداد")
    assert found[0].agency_id == agency_id
    assert {(one.kind, one.position) for one in found} == {(CreditKind.PHOTO, CreditPosition.CAPTION)}
    assert credited_agency(found) is None


@pytest.mark.parametrize(
    "line", ["تصوير: واس", "Photo: AFP", "Photograph: AP", "Photographs: Reuters", "Fotoğraf: AA", "الصورة: رويترز"]
)
def test_photo_labels_in_the_body_credit_no_text(line: str) -> None:
    found = find_credits(body="\n".join([AR, AR, AR, AR, AR, line]))
    assert [one.kind for one in found] == [CreditKind.PHOTO]


@pytest.mark.parametrize("byline", ["تصوير: واس", "(إ ب أ)", "Getty Images"])
def test_photo_credits_in_the_byline_credit_no_text(byline: str) -> None:
    found = find_credits(byline=byline)
    assert [one.kind for one in found] == [CreditKind.PHOTO]
    assert credited_agency(found) is None


FOOTERS = [
    ("anadolu", "الأخبار المنشورة على الصفحة الرسمية لوكالة الأناضول، هي اختصار لجزء من الأخبار."),
    ("anadolu", "الاخبار المنشورة علي الصفحة الرسمية لوكالة الاناضول هي اختصار"),
    ("anadolu", "Anadolu Agency website contains only a portion of the news stories offered to subscribers (HAS)."),
    (
        "anadolu",
        "Sivas haberlerinde Anadolu Ajansı, İHA, DHA tarafından geçilen tüm haberler geldiği gibi yer alır.",
    ),
    ("anadolu", "Anadolu Ajansı web sitesinde, sistem üzerinden abonelere sunulan haberler özetlenerek yayımlanır."),
    ("anadolu", "Seulement une partie des dépêches, que l'agence diffuse à ses abonnés."),
    ("spa", "// انتهى // 20:26 ت م"),
    ("reuters", "(Reporting by Jane Roe; Editing by John Doe)"),
    ("reuters", "(إعداد سامي الحداد للنشرة العربية - تحرير هاني سرور)"),
]


@pytest.mark.parametrize(("agency_id", "footer"), FOOTERS)
def test_left_over_footers_are_traces_and_no_credits(agency_id: str, footer: str) -> None:
    found = find_credits(body="\n".join([AR, AR, AR, AR, AR, footer]))
    assert named(found) == [(agency_id, "boilerplate", "tail")]
    assert credited_agency(found) is None


def test_authors_stated_by_the_page_come_first() -> None:
    found = find_credits(authors=["Anadolu Agency", "سامي الحداد"], byline="واس - جدة", body=AR)
    assert named(found) == [("anadolu", "credit", "jsonld_author"), ("spa", "credit", "byline")]
    assert credited_agency(found) == "anadolu"


def test_a_stated_dateline_is_read_too() -> None:
    assert named(find_credits(dateline="ANKARA (AA)", body=EN)) == [("anadolu", "credit", "dateline")]


def test_the_outlets_own_name_is_no_credit() -> None:
    assert find_credits(byline="أخبار الوكالات - جدة", outlet_name="أخبار الوكالات") == ()
    assert credited(find_credits(byline="أخبار الوكالات - رويترز", outlet_name="أخبار الوكالات")) == {"reuters"}


def test_on_its_own_site_an_agency_is_credited_and_speaks_of_itself() -> None:
    found = find_credits(body=f"{AR}\n{AR}\nوذكرت وكالة الأناضول أن العمل مستمر. {AR}", own_agency_id="anadolu")
    assert named(found) == [("anadolu", "self_reference", "body")]
    assert credited_agency(found, "anadolu") == "anadolu"
    assert credited_agency(found) is None


def test_generic_credits_name_nobody() -> None:
    assert credited_agency(find_credits(byline="سبق - وكالات")) is None


def test_each_agency_is_mentioned_once() -> None:
    sentence = "وبحسب «رويترز» فإن العمل مستمر."
    assert len(find_credits(body="\n".join([f"{AR} {sentence} {AR}"] * 9))) == 1
