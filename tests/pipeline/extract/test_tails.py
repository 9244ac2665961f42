"""The end of an outlet's copy: the agency's sign-off stays, share bars and related titles go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from flows.naming import name_agencies
from pipeline.agencies import load_agencies
from tests.pipeline.extract.pages import article

AGENCIES = load_agencies(Path(__file__).parents[3] / "config")
HEADLINE = "مدينتان تبحثان مد خط مياه مشترك"
LINES = (
    "أجرت بلديتا مرسى النخيل ووادي الزيتون، أمس، لليوم الثاني على التوالي، مباحثات حول مد خط مياه مشترك بين المدينتين.",
    "وحسب بيان للبلدية، اطلعت عليه «الأناضول»، ناقش رئيسا البلديتين تقاسم الكلفة وموعد بدء الحفر في الربيع المقبل.",
    "وقال رئيس بلدية مرسى النخيل سالم الدرويش، إن الخط يخدم أربعين ألف نسمة، «ويعفي السكان من شراء الماء بالصهاريج».",
    "وفي أبريل العام الماضي، وقع الطرفان مذكرة تفاهم لم تنفذ لغياب التمويل، من دون مزيد من التفاصيل.",
)
SIGN_OFF = "القاهرة - الأناضول"
OTHERS = (
    "السيول تقطع الطريق الساحلي لليوم الثالث",
    "البلدية تعلن وظائف جديدة في قسم الحدائق",
    "مهرجان الزيتون يعود بعد غياب عامين",
)


def paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


LINKED = [f"<a href='/{number}'>{title}</a>" for number, title in enumerate(OTHERS)]
CARDS = "".join(
    f"<div><img src='x.jpg'><a href='/{number}'><h3>{title}</h3></a><span>19 نوفمبر 2025</span></div>"
    for number, title in enumerate(OTHERS)
)
PARTS = {
    "lines": LINES,
    "last": LINES[-1],
    "titles_list": OTHERS,
    "text": paragraphs(LINES),
    "all_but_last": paragraphs(LINES[:-1]),
    "from_second": paragraphs(LINES[1:]),
    "from_third": paragraphs(LINES[2:]),
    "broken": "<br><br>".join(LINES),
    "broken_from_third": "<br><br>".join(LINES[2:]),
    "links": paragraphs(LINKED),
    "broken_links": "<br>".join(LINKED),
    "link_list": "<ul>" + "".join(f"<li>{link}</li>" for link in LINKED) + "</ul>",
    "titles": paragraphs(OTHERS),
    "broken_titles": "<br>".join(OTHERS),
    "cards": CARDS,
}
VARIANTS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "tails.yml").read_text("utf-8"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_text_ends_with_its_sign_off(variant: str) -> None:
    page = (
        f"<!DOCTYPE html><html dir='rtl' lang='ar'><head><meta charset='utf-8'><title>{HEADLINE} | صحيفة الضفة</title>"
        f"</head><body><div id='top'><a href='/'>الرئيسية</a> <a href='/s'>سياسة</a></div>"
        f"<div id='w'><h1>{HEADLINE}</h1>{VARIANTS[variant].format(**PARTS)}</div>"
        "<div id='bottom'><a href='/c'>اتصل بنا</a></div></body></html>"
    )
    found = name_agencies(article(page), AGENCIES, {})
    assert found.body.split("\n") == [*LINES, SIGN_OFF]
    assert (found.headline, found.agency_id) == (HEADLINE, "anadolu")
