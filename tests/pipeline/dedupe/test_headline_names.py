"""Which headlines name different news, and that a hostile one costs little."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.dedupe.headline_names import HeadlineNames
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.words import Stems

CABLE = "بعث أمين اتحاد المرافئ برقية تهنئة إلى رئيس {} بمناسبة ذكرى اليوم الوطني لبلاده"


PAIR = np.array([[0, 1]], np.int64)


def names_of(left: tuple[str, str], right: tuple[str, str]) -> HeadlineNames:
    bodies = Texts([left[1], right[1]])
    headlines = Texts([left[0], right[0]], bodies.vocabulary)
    return HeadlineNames(bodies, headlines, Stems(bodies.vocabulary))


def differ(left: tuple[str, str], right: tuple[str, str]) -> bool:
    return bool(names_of(left, right).differ(PAIR)[0])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            ("أمين الاتحاد يهنئ رئيس ليبيريا", CABLE.format("ليبيريا")),
            ("أمين الاتحاد يهنئ رئيس بوتسوانا", CABLE.format("بوتسوانا")),
            True,
            id="two cables",
        ),
        pytest.param(
            ("أمين الاتحاد يهنئ الرئيس الليبيري", CABLE.format("ليبيريا")),
            ("اتحاد المرافئ يهنئ ليبيريا", CABLE.format("جمهورية ليبيريا")),
            False,
            id="one cable, the country in another form",
        ),
        pytest.param(
            ("برقية تهنئة من الزنبركي", CABLE.format("ليبيريا")),
            ("أمين الاتحاد يهنئ رئيس ليبيريا", CABLE.format("ليبيريا")),
            False,
            id="a new headline for the same cable",
        ),
        pytest.param(("", CABLE.format("ليبيريا")), ("", CABLE.format("بوتسوانا")), False, id="no headlines"),
        pytest.param(("ليبيريا", ""), ("بوتسوانا", ""), True, id="no bodies"),
        pytest.param(
            ("Harbour union congratulates Liberia", "The harbour union sent a cable to Liberia."),
            ("Harbour union congratulates Botswana", "The harbour union sent a cable to Botswana."),
            True,
            id="English",
        ),
    ],
)
def test_other_names(left: tuple[str, str], right: tuple[str, str], expected: bool) -> None:
    assert differ(left, right) is expected
    assert differ(right, left) is expected


RECEPTION = "استقبل رئيس الغرفة البحرية في مكتبه أمس سفير {}، وجرى تبادل الأحاديث الودية."
FERRY = "تستأنف العبارة «{}» رحلاتها بين المرفأ القديم والجزيرة مطلع الأسبوع بعد صيانة استمرت شهرين."


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            ("رئيس الغرفة البحرية يستقبل سفير تونس", RECEPTION.format("تونس")),
            ("رئيس الغرفة البحرية يستقبل سفير الأردن", RECEPTION.format("الأردن")),
            True,
            id="two receptions",
        ),
        pytest.param(
            ("رئيس الغرفة البحرية يستقبل سفير تونس", RECEPTION.format("تونس")),
            ("رئيس الغرفة البحرية يلتقي السفير التونسي", RECEPTION.format("تونس")),
            False,
            id="one reception, another verb",
        ),
        pytest.param(
            ("رئيس الغرفة البحرية يستقبل سفير تونس", "استقبل رئيس الغرفة سفيرا."),
            ("رئيس الغرفة البحرية يستقبل سفير الأردن", "استقبل رئيس الغرفة سفيرا."),
            False,
            id="what the headlines name is in neither text",
        ),
        pytest.param(
            ("العبارة جورجيا تستأنف رحلاتها", FERRY.format("جورجيا")),
            ("العبارة غورغيا تستأنف رحلاتها", FERRY.format("غورغيا")),
            False,
            id="a name spelled as it is east and west",
        ),
        pytest.param(
            ("العبارة جورجيا تستأنف رحلاتها", FERRY.format("جورجيا")),
            ("العبارة قورقيا تستأنف رحلاتها", FERRY.format("قورقيا")),
            False,
            id="and in the Gulf",
        ),
        pytest.param(
            ("تونس تحتفل بعيد الزيتون", RECEPTION.format("تونس")),
            ("سباق القوارب ينطلق من الأردن", RECEPTION.format("الأردن")),
            False,
            id="headlines of no one form",
        ),
        pytest.param(
            ("Port chief receives envoy of Chad", "The port chief received the envoy of Chad on Monday."),
            ("Port chief receives envoy of Fiji", "The port chief received the envoy of Fiji on Monday."),
            True,
            id="English",
        ),
        pytest.param(
            ("انهيار نفق واحتجاز 10 عمال", "احتجز 10 عمال إثر انهيار نفق في المنجم."),
            ("انهيار نفق واحتجاز 17 عاملا", "احتجز 17 عاملا إثر انهيار نفق في المنجم."),
            False,
            id="a toll that rose",
        ),
        pytest.param(("", "..."), ("", "..."), False, id="no headlines"),
    ],
)
def test_one_form_filled_in_twice(left: tuple[str, str], right: tuple[str, str], expected: bool) -> None:
    toll = np.array([False])
    assert names_of(left, right).fill_one_form(PAIR, toll).tolist() == [expected]
    assert names_of(right, left).fill_one_form(PAIR, toll).tolist() == [expected]


ATTACK = "{} الهجوم على سوق رأس الكرم، وقالت وزارة خارجيتها إن {} مع الضحايا."


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            ("تونس تدين التفجير", ATTACK.format("أدانت تونس", "تونس")),
            ("استنكار من الأردن للهجوم على سوق", ATTACK.format("استنكر الأردن", "عمان")),
            True,
            id="two countries",
        ),
        pytest.param(
            ("تونس تدين التفجير", ATTACK.format("أدانت تونس", "تونس")),
            ("استنكار تونسي للهجوم على سوق", ATTACK.format("أدانت الخارجية التونسية", "بلادها")),
            False,
            id="one country, its people's name",
        ),
        pytest.param(
            ("تونس تدين التفجير", ATTACK.format("أدانت تونس", "تونس")),
            ("إدانات واسعة للتفجير", ATTACK.format("استنكر الأردن", "عمان")),
            False,
            id="a headline that names none",
        ),
        pytest.param(
            ("تونس تدين التفجير", "أدانت وزارة الخارجية الهجوم."),
            ("الأردن يدين التفجير", "أدانت وزارة الخارجية الهجوم."),
            False,
            id="texts that name none",
        ),
    ],
)
def test_other_countries(left: tuple[str, str], right: tuple[str, str], *, expected: bool) -> None:
    assert names_of(left, right).name_other_countries(PAIR).tolist() == [expected]
    assert names_of(right, left).name_other_countries(PAIR).tolist() == [expected]


@pytest.mark.parametrize("by_numbers", [False, True])
def test_a_number_names_the_day_of_a_market(*, by_numbers: bool) -> None:
    sides = [(f"مؤشر المرفأ يغلق عند {close} نقطة", f"أغلق مؤشر المرفأ عند {close} نقطة.") for close in (9861, 7578)]
    assert names_of(*sides).fill_one_form(PAIR, np.array([by_numbers])).tolist() == [by_numbers]


def test_a_headline_that_goes_on_for_pages_is_read_at_its_beginning_alone() -> None:
    """Each of so many words against each of a book would fill any memory."""
    spelled = [str.maketrans("0123456789", letters) for letters in ("abcdefghij", "klmnopqrst")]
    words = [[f"{number:05}".translate(letters) for number in range(60_000)] for letters in spelled]
    left, right = ((" ".join(some[:2_000]), " ".join(some)) for some in words)
    assert differ(left, right)
