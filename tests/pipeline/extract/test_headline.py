from __future__ import annotations

import pytest

from pipeline.extract.headline import without_site_name
from tests.pipeline.extract.pages import HEADLINE, LINES, article, page


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} | صحيفة الضفة",
        f"{HEADLINE} - صحيفة الضفة",
        f"{HEADLINE} – ثقافة – صحيفة الضفة",
        f"صحيفة الضفة :: {HEADLINE}",
        f"صحيفة الضفة » {HEADLINE}",
        f"{HEADLINE} | diffa.example",
    ],
)
def test_the_sites_name_is_not_the_headline(title: str) -> None:
    source = page(
        head=f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="صحيفة الضفة">'
    )
    assert article(source).headline == HEADLINE


def test_a_quotation_that_is_never_closed_holds_no_bar_back() -> None:
    title = "قائد الجيش لجنوده: «كونوا على جهوزية"
    assert without_site_name(f"{title} - صحيفة الضفة", ["صحيفة الضفة"]) == title


def test_a_bar_inside_a_headline_stays() -> None:
    assert without_site_name("الدولار - اليورو: سعر اليوم", ["صحيفة الضفة"]) == "الدولار - اليورو: سعر اليوم"


def test_a_page_without_og_and_json_gives_its_printed_heading() -> None:
    source = f"<html><head><title>{HEADLINE} | الضفة</title></head><body><h1>الضفة</h1><h1>{HEADLINE}</h1>"
    source += "".join(f"<p>{line}</p>" for line in LINES) + "</body></html>"
    assert article(source).headline == HEADLINE


def test_a_title_cut_short_gives_way_to_the_whole() -> None:
    cut = HEADLINE[:20].rsplit(" ", 1)[0] + "..."
    assert article(page(head=f'<meta property="og:title" content="{cut}">')).headline == HEADLINE


def test_an_og_title_that_is_the_sites_name_is_not_heard() -> None:
    source = page(head='<meta property="og:title" content="الضفة"><meta property="og:site_name" content="الضفة">')
    assert article(source).headline == HEADLINE


@pytest.mark.parametrize(
    "headline",
    ["مهرجان «المرسى» في الواحة يستقبل مئة فرقة", "يوم طويل لفريق «شباب المرسى»", "«ليل - نهار» معرض يفتتح في الواحة"],
)
@pytest.mark.parametrize("bar", [" » ", " - ", "|"])
def test_quotation_marks_are_no_bars(headline: str, bar: str) -> None:
    named = f'<meta property="og:title" content="{headline}{bar}الضفة"><meta property="og:site_name" content="الضفة">'
    source = page(head=named).replace(f"<title>{HEADLINE}", f"<title>{headline}{bar}الضفة").replace(HEADLINE, "الضفة")
    assert article(source).headline == headline


def test_a_section_behind_a_bar_goes_where_the_page_prints_the_headline_without_it() -> None:
    source = page(inner="".join(f"<p>{line}</p>" for line in LINES)).replace("<h1>", "<font size=5>")
    source = source.replace("</h1>", "</font>").replace("</title>", " - اقتصاد</title>")
    assert article(source).headline == HEADLINE


def test_a_blog_s_name_before_a_colon_is_not_the_headline() -> None:
    source = page(head='<meta property="og:site_name" content="مدونة القرية">')
    source = source.replace(f"<title>{HEADLINE}", f"<title>مدونة القرية: {HEADLINE}")
    source = source.replace("<h1>", "<h3 class='post-title entry-title'>").replace("</h1>", "</h3>")
    assert article(source).headline == HEADLINE


def test_a_speaker_before_a_colon_stays() -> None:
    said = f"رئيس البلدية: {HEADLINE}"
    assert article(page(headline=said, head='<meta property="og:site_name" content="مدونة القرية">')).headline == said


def test_a_heading_named_as_the_title_counts_where_none_has_the_first_rank() -> None:
    source = page().replace("<h1>", "<h2 class='entry-title'>").replace("</h1>", "</h2>")
    assert article(source.replace(f"<title>{HEADLINE}</title>", f"<title>{HEADLINE} في الواحة</title>")).headline
