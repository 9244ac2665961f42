"""Verdicts on pairs: they depend neither on which article is given first nor on what the two are called."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.fold import read_texts
from pipeline.dedupe.score import OTHER_NAMES, verify
from pipeline.dedupe.times import times_of
from pipeline.dedupe.verified import Verified
from pipeline.records import Article
from tests.pipeline.dedupe.test_incremental import make_world
from tests.pipeline.dedupe.test_quotations import EDITED, PAPER, SAID, WIRE

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def verdicts(articles: list[Article]) -> dict[tuple[str, str], Verified]:
    """All pairs of articles, by ids."""
    corpus, headlines = read_texts(articles, {})
    pairs = np.argwhere(np.triu(np.ones((len(articles), len(articles))), 1))
    ids = [one.article_id for one in articles]
    found = verify(ids, corpus.texts, headlines, times_of(articles, undated_days=30), pairs, bodies_at=corpus.bodies_at)
    return {(one.left_id, one.right_id): one for one in found}


def turned(one: Verified) -> Verified:
    """The same pair with its articles the other way round."""
    return replace(
        one,
        left_id=one.right_id,
        right_id=one.left_id,
        hours=None if one.hours is None else -one.hours,
        left_cover=one.right_cover,
        right_cover=one.left_cover,
        left_lead=one.right_lead,
        right_lead=one.left_lead,
        left_mask=one.right_mask,
        right_mask=one.left_mask,
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(26)))
def test_a_verdict_does_not_depend_on_ids(seed: int, numbers: list[int]) -> None:
    articles = make_world(seed)
    names = {one.article_id: f"n{number:02}" for one, number in zip(articles, numbers, strict=True)}
    renamed = verdicts([replace(one, article_id=names[one.article_id]) for one in articles])
    for (left, right), one in verdicts(articles).items():
        ends = names[left], names[right]
        other = renamed[min(ends), max(ends)]
        expected = one if ends[0] < ends[1] else turned(one)
        assert other == replace(expected, left_id=min(ends), right_id=max(ends))


FORM = (
    "بدأ {count} سائق حافلة في {town} إضرابا مفتوحا للمطالبة برفع الأجور {share} بالمئة وتقليص ساعات القيادة الليلية."
)
REST = (
    "وتجمع المضربون أمام المرآب الرئيسي رافعين لافتات كتب عليها أن الطريق لا يرحم من لا ينام.",
    "ورد مدير الشركة بأن خسائرها السنوية تجاوزت المليون وبأن تلبية المطالب كلها تعني تسريح ربع العاملين.",
    "وكان آخر توقف مشابه استمر تسعة أيام وانتهى باتفاق رفع بدل الوجبات وحده.",
)


def test_of_two_reports_of_one_form_in_a_digest_each_has_its_own_place_whatever_the_ids() -> None:
    first = FORM.format(count=453, town="رأس الكرم", share=32)
    second = FORM.format(count=794, town="قصر الطير", share=21)
    bodies = {"digest": f"{first}\n{second}", "one": "\n".join([first, *REST]), "other": "\n".join([second, *REST])}
    for names in ({"digest": "a", "one": "b", "other": "c"}, {"digest": "z", "one": "b", "other": "c"}):
        found = verdicts([Article(names[key], "o", "", body, AT) for key, body in bodies.items()])
        places = []
        for key in ("one", "other"):
            left, right = sorted((names["digest"], names[key]))
            pair = found[left, right]
            places.append(pair.left_mask if left == names["digest"] else pair.right_mask)
            assert pair.slots == 0.0
        assert places[0] >> 32 == (1 << 32) - 1, names
        assert not places[0] & places[1], names


QUAKE = (
    "A magnitude {size} earthquake shook {town} on Thursday morning, the Disaster Office said in a statement.\n"
    "The tremor began at {hour} local time at a depth of {depth} kilometers, the office said on its website.\n"
    "There were no reports of casualties or damage, and field teams continue to survey the villages, officials said."
)
FIRST = {"size": "5.4", "town": "Silverford", "depth": "8.9", "hour": "06:41"}


@pytest.mark.parametrize(
    ("later", "is_same"),
    [
        ({"size": "4.3", "town": "Quarmby", "depth": "14.8", "hour": "06:59"}, False),
        ({**FIRST, "size": "5.6", "depth": "9.1"}, True),
        (FIRST, True),
    ],
    ids=["another quake of the day", "the same one measured anew", "a copy"],
)
def test_a_form_of_another_case_of_the_same_day_is_another_report(later: dict[str, object], is_same: bool) -> None:
    headline = "Magnitude {size} earthquake shakes {town}"
    articles = [
        Article(name, name, "", QUAKE.format(**facts), AT, headline=headline.format(**facts), published_at=at)
        for name, facts, at in (("a", FIRST, AT), ("b", later, AT + timedelta(hours=6)))
    ]
    assert verdicts(articles)["a", "b"].is_same is is_same


RECEPTION = (
    "استقبل وزير الموانئ {host} في مكتبه بمدينة {town} اليوم سفير {country} المعين حديثا {guest}.\n"
    "وجرى خلال الاستقبال تبادل الأحاديث الودية ومناقشة الموضوعات ذات الاهتمام المشترك، وتمنى له التوفيق في مهام عمله"
    " الجديد. وحضر الاستقبال عدد من المسؤولين في الوزارة."
)
GUEST = {"host": "سالم المرعي", "town": "رأس الكرم", "country": "تشاد", "guest": "آدم يعقوب"}


@pytest.mark.parametrize(
    ("guest", "headline", "is_same"),
    [
        ({**GUEST, "country": "فيجي", "guest": "جون تورا"}, "وزير الموانئ يستقبل سفير فيجي", False),
        (GUEST, "وزير الموانئ يستقبل سفير تشاد", True),
        (GUEST, "وزير الموانئ يلتقي السفير التشادي آدم يعقوب", True),
    ],
    ids=["another guest", "a copy", "a new headline"],
)
def test_a_reception_of_another_guest_is_another_report(guest: dict[str, str], headline: str, is_same: bool) -> None:
    bodies = RECEPTION.format(**GUEST), RECEPTION.format(**guest)
    headlines = "وزير الموانئ يستقبل سفير تشاد", headline
    articles = [
        Article(name, name, "", body, AT, headline=title, published_at=AT)
        for name, body, title in zip("ab", bodies, headlines, strict=True)
    ]
    assert verdicts(articles)["a", "b"].is_same is is_same


VISIT = (
    "{verb} أمين اتحاد المرافئ سالم المرعي مساء أمس {town} {when}. وكان في {how} في المطار مدير المرفأ آدم يعقوب"
    " ورئيس الغرفة البحرية جون تورا وعدد من المسؤولين. ويضم الوفد المرافق له نائب الأمين ماجد الحسن ومستشاره القانوني"
    " فارس العلي ورئيس لجنة الإغاثة هاني السالم ومدير مكتبه نبيل القاسم."
)


def test_a_departure_is_another_report_than_the_arrival_however_alike_but_no_text_under_two_headlines() -> None:
    came = VISIT.format(verb="وصل", town="إلى رأس الكرم", when="في زيارة رسمية تستمر يوما", how="استقباله")
    went = VISIT.format(verb="غادر", town="رأس الكرم", when="بعد زيارة رسمية استمرت يوما", how="وداعه")
    rows = (
        ("a", came, "أمين الاتحاد يصل إلى رأس الكرم"),
        ("b", went, "أمين الاتحاد يغادر رأس الكرم"),
        ("c", came, "أمين الاتحاد يغادر الجزيرة إلى رأس الكرم"),
    )
    found = verdicts([Article(name, name, "", body, AT, headline=title, published_at=AT) for name, body, title in rows])
    assert not found["a", "b"].is_same
    assert found["a", "c"].is_same


SHIP = (
    "إنفاذا لتوجيهات أمين اتحاد المرافئ سالم المرعي بتقديم العون العاجل لأهالي جزر المرجان المتضررين من الإعصار،"
    " وبإشراف لجنة الإغاثة التابعة للاتحاد وبالتنسيق مع خفر السواحل، {arrived} {which} سفينة إلى رأس الكرم.\n{told}"
)
TOLD = (
    "وأوضح المتحدث باسم اللجنة أن البرنامج مستمر وفق رحلات متتالية بفريق عمل متخصص لضمان وصول المواد إلى مستحقيها.",
    "وتوزع الحمولة على ثلاث مدارس في أطراف المدينة تؤوي العائلات التي فقدت بيوتها، كما قال مدير المرفأ في تصريح صحفي.",
)


@pytest.mark.parametrize(("day", "ship", "is_same"), [("الاثنين", "هدهد", False), ("الأحد", "هدهد", True)])
def test_a_report_of_another_day_of_the_week_is_another_however_soon_it_comes(
    day: str, ship: str, *, is_same: bool
) -> None:
    told = (
        "أعلنت إدارة الموانئ اليوم {day} تسجيل حالة واحدة لجنوح سفينة عند مدخل القناة، وقالت إن القاطرات سحبت السفينة"
        " {ship} خلال ساعتين.\nودعت الإدارة الربابنة إلى التزام الممر الشرقي وإبلاغ المراقبة قبل الدخول."
    )
    articles = [
        Article(name, name, "", told.format(day=one, ship=other), AT, headline="جنوح سفينة بالقناة", published_at=at)
        for name, one, other, at in (("a", "الأحد", "نورس", AT), ("b", day, ship, AT + timedelta(hours=3)))
    ]
    assert verdicts(articles)["a", "b"].is_same is is_same


# What an editor changes of a report stands as ours/theirs.
REWORDED = (
    "لقي خمسة عمال مصرعهم وأصيب تسعة آخرون جراء انهيار رافعة في مرفأ رأس الكرم، وفق ما أعلنت سلطة الموانئ.\n"
    "وذكرت/وأوضحت السلطة أن الرافعة كانت تنقل حاويات قمح حين انكسر/انقصف ذراعها، مشيرة إلى أن الريح بلغت/ناهزت تسعين"
    " كيلومترا في الساعة.\n"
    "وهرعت عشر سيارات إسعاف إلى الرصيف السابع، فيما باشر محققون استجواب/مساءلة مشغل الرافعة سليم الدباغ.\n"
    "وكان اتحاد عمال المرفأ قد طالب/ناشد قبل شهرين بوقف العمل أثناء العواصف، لكن الشركة المشغلة رفضت/تجاهلت ذلك بحجة"
    " تأخر الشحنات."
)


def worded(which: int) -> str:
    """The report as the agency (0) or as the editor (1) worded it."""
    return re.sub(r"(\w+)/(\w+)", rf"\{which + 1}", REWORDED)


@pytest.mark.parametrize(
    ("headline", "changed", "hours", "is_same"),
    [
        ("مصرع خمسة عمال في انهيار رافعة برأس الكرم", {}, 3, True),
        ("مصرع خمسة عمال في انهيار رافعة برأس الكرم", {}, 30, False),
        ("مصرع خمسة عمال في انهيار رافعة بقصر الطير", {"رأس الكرم": "قصر الطير", "سليم الدباغ": "راشد نوح"}, 3, False),
    ],
    ids=["the same day", "a day later", "another place"],
)
def test_a_report_that_an_editor_worded_anew(
    headline: str, changed: dict[str, str], hours: int, *, is_same: bool
) -> None:
    body = worded(1)
    for one, other in changed.items():
        body = body.replace(one, other)
    at = AT + timedelta(hours=hours)
    articles = [
        Article("a", "a", "", worded(0), AT, headline="انهيار رافعة يودي بخمسة عمال في رأس الكرم", published_at=AT),
        Article("b", "b", "", body, AT, headline=headline, published_at=at),
    ]
    found = verdicts(articles)["a", "b"]
    assert found.slots >= OTHER_NAMES
    assert found.is_same is is_same


CONDEMNED = (
    "أدانت {country}، الخميس، بأشد العبارات الهجوم الذي استهدف سوقا في مدينة رأس الكرم وأوقع عشرات القتلى والجرحى.\n"
    'وقالت وزارة الخارجية في بيان: "{said}".\n'
    "وأعربت الوزارة عن خالص التعازي لأسر الضحايا، وتمنت الشفاء العاجل للمصابين، مؤكدة موقفها الثابت مع الشعب.\n"
    "وعرضت {country} استقبال {count} جريحا للعلاج في مستشفياتها."
)
LIBYA = {"country": "ليبيا", "said": "هذه يد لا دين لها ولا وطن وسنلاحق من مولها", "count": 46}


@pytest.mark.parametrize(
    ("later", "is_same"),
    [
        ({"country": "لبنان", "said": "نعرف هذا الألم ونضع خبرتنا الطبية كاملة في خدمتكم", "count": 58}, False),
        (LIBYA, True),
    ],
    ids=["another country", "a copy"],
)
def test_countries_condemn_in_the_same_words(later: dict[str, object], *, is_same: bool) -> None:
    headline = "{country}: الهجوم على سوق رأس الكرم جريمة"
    articles = [
        Article(name, name, "", CONDEMNED.format(**facts), AT, headline=headline.format(**facts), published_at=at)
        for name, facts, at in (("a", LIBYA, AT), ("b", later, AT + timedelta(hours=3)))
    ]
    assert verdicts(articles)["a", "b"].is_same is is_same


@pytest.mark.parametrize(
    ("which", "is_same"), [("ثاني", False), ("أول", True)], ids=["the second ship", "the first one, worded anew"]
)
def test_the_second_of_a_series_is_another_report_than_the_first(which: str, *, is_same: bool) -> None:
    bodies = (
        SHIP.format(arrived="وصلت بحمد الله هذا اليوم", which="أول", told=TOLD[0]),
        SHIP.format(arrived="وصلت اليوم", which=which, told=TOLD[1]),
    )
    titles = "وصول سفينة الإغاثة إلى الميناء", "سفينة إغاثة جديدة في رأس الكرم"
    articles = [
        Article(name, name, "", body, AT, headline=title, published_at=at)
        for name, body, title, at in zip("ab", bodies, titles, (AT, AT + timedelta(hours=23)), strict=True)
    ]
    assert verdicts(articles)["a", "b"].is_same is is_same


def test_a_fetch_days_after_the_report_does_not_speak_against_a_page_without_a_date() -> None:
    body = "\n".join([FORM.format(count=453, town="رأس الكرم", share=32), *REST])
    report = Article("a", "a", "", body, AT, headline="إضراب السائقين", published_at=AT)
    at = AT + timedelta(days=4)
    cut = Article("b", "b", "", body[:150], at, headline="توقف الحافلات", published_at=at)
    score = verdicts([report, cut])["a", "b"].score
    undated = verdicts([report, replace(cut, published_at=None)])["a", "b"].score
    assert undated > score + 1
    fetched_before = replace(report, published_at=at + timedelta(days=4))
    assert verdicts([fetched_before, replace(cut, published_at=None)])["a", "b"].score == score


def test_of_a_bulletin_a_short_sentence_is_enough_to_be_told() -> None:
    lead = "أعادت بلدية رأس الكرم فتح السوق القديم أمام الزوار بعد ترميم استمر عامين."
    others = [FORM.format(count=453, town="قصر الطير", share=32), *REST, *(f"{one} {one[::-1]}" for one in REST)]
    long = "\n".join([lead, *(" ".join(f"كلمة{place}{at}" for at in range(40)) for place in range(3))])
    articles = [
        Article("a", "a", "", "\n".join([lead, *others]), AT, headline="موجز الأنباء"),
        Article("b", "b", "", long, AT, headline="فتح السوق القديم"),
    ]
    assert ("a", "b") in verdicts(articles)
    assert ("a", "b") not in verdicts([replace(articles[0], headline="إضراب السائقين"), articles[1]])


def test_a_statement_that_two_desks_report_in_own_words_makes_two_reports() -> None:
    said = f"«{SAID}»"
    articles = [
        Article(name, name, "", body.format(said=said), AT, headline=headline, published_at=AT)
        for name, body, headline in (
            ("a", WIRE, "وزير النقل يعد بفتح معبر الجسر الشمالي مطلع الشهر"),
            ("b", PAPER, "سائقو الشاحنات ينتظرون فتح معبر الجسر الشمالي"),
            ("c", EDITED, "وزير النقل: فتح معبر الجسر الشمالي مطلع الشهر"),
        )
    ]
    found = verdicts(articles)
    assert not found["a", "b"].is_same
    assert found["a", "c"].is_same
