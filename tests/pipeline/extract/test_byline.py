from __future__ import annotations

import pytest

from pipeline.extract.datelines import find_dateline, is_dateline_only, is_sign_off
from tests.pipeline.extract.pages import BODY, HEADLINE, LINES, article, page


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("ANKARA (AA) - Türkiye'de üretim arttı.", "ANKARA (AA)"),
        ("DHAKA, Bangladesh (AA) – Floods have hit the coast.", "DHAKA, Bangladesh (AA)"),
        ("ANKARA (AA/AFP) – Talks began on Monday.", "ANKARA (AA/AFP)"),
        ("القاهرة (د ب أ) - أعلنت الوزارة اليوم.", "القاهرة (د ب أ)"),
        ("رام الله / عوض الرجوب / الأناضول", "رام الله / عوض الرجوب / الأناضول"),
        ("نيويورك:الأناضول", "نيويورك:الأناضول"),
        ("AA/Téhéran/Muhammet Kurşun", "AA/Téhéran/Muhammet Kurşun"),
        ("القاهرة - قال مصدر مسؤول اليوم.", "القاهرة"),
        ("DUBLIN — She has been asked.", "DUBLIN"),
        ("The minister said on Monday that talks would go on.", None),
    ],
)
def test_datelines(line: str, dateline: str | None) -> None:
    assert find_dateline(line) == dateline


@pytest.mark.parametrize(
    "line",
    [
        *("القاهرة - الأناضول", "(الأناضول)", "(AA)", "--(بترا)", "الأناضول", "Reuters", "(Ad Soyad/Şehir)"),
        *("- د ب أ", "- د. ب. أ -", "– أ ف ب", "أ ف ب.", "- الأناضول"),
        *("الأناضول.", "المصدر: الأناضول + رويترز", "نقلا عن: الأناضول", "Kaynak: AA, AFP; DHA"),
    ],
)
def test_closing_lines_are_known(line: str) -> None:
    assert is_sign_off(line)


@pytest.mark.parametrize(
    "line",
    [
        *("شارك الموضوع", "مواضيع ذات صلة", "Advertisement", "19.11.2025", "جميع الحقوق محفوظة"),
        "Source: the ministry said that the road would be open again by the end of the week.",
    ],
)
def test_furniture_is_no_closing_line(line: str) -> None:
    assert not is_sign_off(line)


def test_a_sentence_is_no_dateline() -> None:
    assert not is_dateline_only("وقال الوزير / إن الاجتماع انتهى. ثم غادر")


@pytest.mark.parametrize(
    ("dress", "byline"),
    [
        ('<div class="byline">القدس - الأناضول</div>', "القدس - الأناضول"),
        ('<p class="author">By <a href="/a">Karim Nasser</a></p>', "By Karim Nasser"),
        (
            '<div class="meta"><span class="source">وكالات</span> <span class="date">19 نوفمبر 2025</span></div>',
            "وكالات",
        ),
        ("<div><span>الأناضول</span> | <span>19 نوفمبر 2025 - 09:40</span></div>", "الأناضول"),
        ("<p>المصدر: الأناضول</p>", "المصدر: الأناضول"),
        ('<p class="amp-meta">الأناضول - ١٩ مارس ٢٠٢٥</p>', "الأناضول"),
        ('<div class="who"><span>الأناضول</span></div><div class="when">19/11/2025 09:40</div>', "الأناضول"),
        ('<div class="meta"><span class="author">أ ف ب</span><span class="date">19 نونبر 2025</span></div>', "أ ف ب"),
        ("<p>رام الله / عوض الرجوب / الأناضول</p>", "رام الله / عوض الرجوب / الأناضول"),
        (
            "<div><span>سلمى الحداد</span> | <span class='tarih'>19.11.2025 - محدث : 20.11.2025</span></div>",
            "سلمى الحداد",
        ),
        ("<div>سلمى الحداد | 19.11.2025 - Güncelleme : 20.11.2025</div>", "سلمى الحداد"),
        ("<div>18 جمادى الأولى 1447هـ الموافق 9 نوفمبر 2025م الساعة 17:43</div><p>سلمى الحداد:</p>", "سلمى الحداد"),
        (
            "<div>الأربعاء 18 جمادى الأولى 1447هـ الموافق 9 نوفمبر 2025م الساعة 17:43 بتوقيت مكة المكرمة</div>"
            "<p>الأناضول (الواحة):</p>",
            "الأناضول (الواحة)",
        ),
        ("<div>متابعات 19/11/2025 الساعة 10:33 صباحا</div>", "متابعات"),
        ("<div>19/11/2025 - 13:36 بتوقيت القاهرة (11:36 بتوقيت غرينتش)</div>", None),
    ],
)
def test_the_byline_is_taken_as_printed_and_leaves_the_text(dress: str, byline: str | None) -> None:
    found = article(page(inner=dress + "".join(f"<p>{line}</p>" for line in LINES)))
    assert found.byline == byline
    assert found.body == BODY


def test_authors_stand_in_for_a_byline_that_is_not_printed() -> None:
    found = article(page(head='<meta name="author" content="الأناضول">'))
    assert (found.byline, found.authors) == ("الأناضول", ("الأناضول",))


def test_a_closing_line_stays_in_the_text_and_the_tail_behind_it_goes() -> None:
    tail = "<p>القاهرة - الأناضول</p><p>شارك الموضوع</p><h3>مواضيع ذات صلة</h3>"
    tail += "<ul><li><a href='/x'>خبر آخر في القسم</a></li></ul>"
    found = article(page(inner="".join(f"<p>{line}</p>" for line in LINES) + tail))
    assert found.body == BODY + "\nالقاهرة - الأناضول"


@pytest.mark.parametrize("line", ["اقرأ أيضا: جمعية القراءة تعلن مبادرة جديدة", "Read also: Council plants trees"])
def test_a_read_also_line_is_neither_byline_nor_dateline(line: str) -> None:
    inner = f"<p>{LINES[0]}</p><p><strong><a href='/n'>{line}</a></strong></p><p>{LINES[1]}</p><p>{LINES[2]}</p>"
    found = article(page(inner=inner))
    assert (found.byline, found.dateline) == (None, None)
    assert not is_dateline_only(line)
    assert find_dateline(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "عاجل: أسعار الخبز اليوم",
        "Breaking: bread prices today",
        "Son dakika: ekmek zammı",
        "Dernière minute : le prix du pain",
    ],
)
def test_a_ticker_above_the_headline_is_neither_byline_nor_dateline(line: str) -> None:
    word, _, news = line.partition(": ")
    found = article(f"<div class='breaking'>{word}: <a href='/x'>{news}</a></div>" + page())
    assert (found.byline, found.dateline) == (None, None)
    assert not is_dateline_only(line)
    assert find_dateline(line) is None


TEXT = "".join(f"<p>{line}</p>" for line in LINES)


@pytest.mark.parametrize(
    ("below", "byline"),
    [
        ("<div class='post-footer'><span class='post-author vcard'>الأناضول</span></div>", "الأناضول"),
        ("<p class='article-author'>سلمى الحداد</p>", "سلمى الحداد"),
        ("<div id='comments'><p class='comment-author vcard'>زائر</p><p>شكرا على الخبر</p></div>", None),
        ("<div class='author-bio'><p>سلمى الحداد تكتب عن القرى منذ عشرة أعوام</p></div>", None),
    ],
)
def test_a_byline_behind_the_text(below: str, byline: str | None) -> None:
    found = article(page(inner=f"<div>{TEXT}</div>{below}"))
    assert (found.byline, found.body) == (byline, BODY)


def test_a_byline_above_the_text_goes_first() -> None:
    below = "<p class='article-author'>سلمى الحداد</p>"
    assert article(page(inner=f"<p class='byline'>الأناضول</p><div>{TEXT}</div>{below}")).byline == "الأناضول"


def test_a_byline_in_a_box_that_is_named_after_the_standfirst() -> None:
    line = "<div class='meta-line'><span class='tarih'>الأناضول   |<span>05.04.2025</span></span></div>"
    top = f"<div class='spot-area'><h1>{HEADLINE}</h1><h4>مكتبة تجوب القرى</h4>{line}</div>"
    source = page(inner=f"<div>{TEXT}</div>").replace(f"<h1>{HEADLINE}</h1>", top)
    assert article(source).byline == "الأناضول"


@pytest.mark.parametrize("words", ["Publié le", "نشر في", "Yayınlanma Tarihi", "Published on"])
def test_words_beside_a_date_are_no_byline(words: str) -> None:
    source = page(inner=f"<div class='submitted'>{words} 11.11.2025<br>سلمى الحداد</div>{TEXT}")
    assert article(source).byline == "سلمى الحداد"


@pytest.mark.parametrize("name", ["by", "artBy", "posted-by", "entry_by"])
def test_a_box_named_by_holds_the_byline_with_no_date_beside_it(name: str) -> None:
    assert article(page(inner=f"<div class='{name}'>سلمى الحداد</div>{TEXT}")).byline == "سلمى الحداد"
    assert article(page(inner=f"<div class='nearby'>سلمى الحداد</div>{TEXT}")).byline is None


@pytest.mark.parametrize(
    "line",
    [
        "نقدم لكم أبرز ما تصدر الأخبار اليوم:",
        "مكتبة متنقلة تجوب ثلاثين قرية جبلية نائية",
        "تقرير أممي: 3 ملايين طفل بلا مكتبة",
    ],
)
def test_what_opens_or_heads_the_text_under_the_date_is_no_byline(line: str) -> None:
    found = article(page(inner=f"<div class='meta'>19.11.2025</div><div><p>{line}</p>{TEXT}</div>"))
    assert found.byline is None
    assert line in found.body


def test_a_short_sentence_under_the_date_is_no_byline() -> None:
    short = "تصل المكتبة المتنقلة إلى القرى البعيدة غدا."
    found = article(page(inner=f"<p>19.11.2025</p><p>{short}</p>{TEXT}"))
    assert (found.byline, found.body) == (None, f"{short}\n{BODY}")


@pytest.mark.parametrize("word", ["بقلم", "Haber:", "Par", "By"])
def test_a_word_that_introduces_a_name_is_none(word: str) -> None:
    inner = f"<div class='author-name'><div class='by'>{word}</div> <a href='/a'>الأناضول</a></div>{TEXT}"
    assert article(page(inner=inner)).byline == "الأناضول"


def test_name_and_date_beside_a_portrait_are_no_caption() -> None:
    found = article(page(inner=f"<div><img alt=''><span>سلمى الحداد</span><span>5 Nisan 2025</span></div>{TEXT}"))
    assert (found.byline, found.captions, found.body) == ("سلمى الحداد", (), BODY)


def test_a_hijri_date_beside_a_byline_is_none_of_it() -> None:
    line = "<p>الأناضول - الأربعاء 20 جمادى الأولى 1447 هـ - 11 نوفمبر 2025 م</p>"
    found = article(page(inner=f"{line}{TEXT}"))
    assert (found.byline, found.body) == ("الأناضول", BODY)


def test_a_sentence_that_tells_an_age_is_no_byline() -> None:
    aged = "Le pont, construit il y a 855 ans, porte les gens."
    assert (
        article(page(inner=f"<div class='meta'>11.11.2025<br>سلمى الحداد</div><p>{aged}</p>{TEXT}")).byline
        == "سلمى الحداد"
    )


def test_a_sign_off_before_a_button_that_was_taken_for_text() -> None:
    cells = "<br><br>".join((*LINES, "(الأناضول)"))
    old = f"<table><tr><td>{HEADLINE}</td></tr><tr><td>{cells}</td></tr><tr><td>شارك</td></tr></table>"
    assert (
        article(page().replace(page()[page().index("<article>") : page().index("</article>")], f"<article>{old}")).body
        == f"{BODY}\n(الأناضول)"
    )


@pytest.mark.parametrize("line", ["(وكالات)", "(الأناضول)"])
def test_a_sign_off_behind_a_short_last_paragraph_where_a_copyright_line_was_taken_for_text(line: str) -> None:
    lines = (*LINES, "وستعود الحافلة في الربيع المقبل محملة بكتب جديدة.", line)
    text = f"<div id='newsbody'>{''.join(f'<p>{one}</p>' for one in lines)}</div>"
    links = "".join(f"<a href='/{at}'>سيول تقطع الطريق بين القريتين {at}</a><br>" for at in range(4))
    cells = f"<td><b>{HEADLINE}</b><br><font>2025/11/19</font><hr>{text}<hr>طباعة</td><td>{links}</td>"
    end = "<tr><td colspan=2 align=center>جميع الحقوق محفوظة لصحيفة الواحة 2025</td></tr>"
    old = f"<html><head><title>{HEADLINE}</title></head><body><table><tr>{cells}</tr>{end}</table></body></html>"
    assert article(old).body.splitlines()[-2:] == list(lines[-2:])


MOST_READ = (
    "<ul><li><a href='/1'>طقس الثلاثاء: أجواء ماطرة في الواحة</a></li><li><a href='/2'>سيول تقطع الطريق</a></li></ul>"
)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("", None),
        ("<p>سلمى الحداد</p><p>19 نوفمبر 2025</p>", "سلمى الحداد"),
        ("<p>بقلم: سلمى الحداد</p>", "بقلم: سلمى الحداد"),
    ],
)
def test_a_title_in_a_list_of_others_is_no_byline(line: str, byline: str | None) -> None:
    listed = MOST_READ.replace("<ul>", "<table>").replace("</ul>", "</table>")
    listed = listed.replace("<li>", "<tr><td>").replace("</li>", "</td></tr>")
    assert article(page(before=listed, inner=line + TEXT)).byline == byline
    assert article(page(inner=line + listed + TEXT)).byline == byline


def test_a_closing_line_of_a_brief_is_no_byline_where_one_is_printed() -> None:
    inner = f"<p>19 نوفمبر 2025</p><p>سلمى الحداد:</p><p>{LINES[0]}</p><p>(الأناضول)</p>"
    found = article(page(inner=inner))
    assert (found.byline, found.body) == ("سلمى الحداد", f"{LINES[0]}\n(الأناضول)")


LABELLED = "<div class='field'><div class='label'>المصدر</div><div class='item'>الأناضول</div></div>"
SITE_LINE = "<p>رابط الخبر بصحيفة الضفة: مكتبة متنقلة تصل إلى تلاميذ القرى البعيدة</p>"


@pytest.mark.parametrize(
    ("behind", "lines"),
    [
        ("<div class='src'>المصدر: الأناضول</div>", ["المصدر: الأناضول"]),
        ("<div class='src'>المصدر: الأناضول + رويترز</div>", ["المصدر: الأناضول + رويترز"]),
        (f"<div class='src'>نقلا عن: الأناضول</div>{SITE_LINE}", ["نقلا عن: الأناضول"]),
        ("<div class='src'>المصدر: (الأناضول)</div>", ["المصدر: (الأناضول)"]),
        (f"<div class='src'>المصدر الأناضول</div>{SITE_LINE}", ["المصدر الأناضول"]),
        (LABELLED, ["المصدر", "الأناضول"]),
        (LABELLED.replace("المصدر", "Kaynak:").replace("الأناضول", "AA"), ["Kaynak:", "AA"]),
        ("<div class='field'><div>المصدر</div><div><p>وزارة لا تعرفها القرى.</p></div></div>", []),
        ("<figure><img src='a.jpg'><figcaption>المصدر: الأناضول</figcaption></figure>", []),
    ],
)
def test_the_source_named_behind_the_text_is_kept(behind: str, lines: list[str]) -> None:
    inner = f"<div class='byline'>سلمى الحداد</div><div class='text'>{TEXT}{behind}</div>"
    found = article(page(inner=inner))
    assert found.byline == "سلمى الحداد"
    assert found.body.split("\n")[: len(LINES) + len(lines)] == [*LINES, *lines]


@pytest.mark.parametrize("placed", ["القدس/ الأناضول", "القدس - الأناضول -"])
@pytest.mark.parametrize(
    "info",
    [
        "<div><span>سلمى الحداد</span> | <span>19 نوفمبر 2025 - 09:40</span></div>",
        "<div class='row'><span class='tarih'>سلمى الحداد &nbsp;|&nbsp;19.11.2025 - محدث : 19.11.2025</span></div>",
    ],
)
def test_a_reporter_beside_the_date_is_the_byline_and_place_and_agency_the_dateline(info: str, placed: str) -> None:
    for inner in (f"{info}<p>{placed}</p>{TEXT}", f"{info}<div>{placed}</div><div>{TEXT}</div>"):
        found = article(page(inner=inner))
        assert (found.byline, found.body) == ("سلمى الحداد", BODY)
        assert found.dateline is not None
        assert found.dateline.removesuffix(" -") == placed.removesuffix(" -")


def test_the_reporter_in_a_dateline_is_not_left_for_a_name_beside_the_date() -> None:
    line = "رام الله / عوض الواحي / الأناضول"
    found = article(page(inner=f"<div><span>الواحة</span> | <span>19 نوفمبر 2025</span></div><p>{line}</p>{TEXT}"))
    assert (found.byline, found.dateline) == (line, line)


def test_the_site_s_own_name_beside_the_date_is_no_reporter() -> None:
    info = "<div><span>صحيفة الواحة</span> | <span>19 نوفمبر 2025</span></div>"
    inner = f"{info}<p>سلمى الحداد/سامي الواحي</p>{TEXT}"
    found = article(page(head='<meta property="og:site_name" content="صحيفة الواحة">', inner=inner))
    assert found.byline == "سلمى الحداد/سامي الواحي"


@pytest.mark.parametrize("line", ["- د ب أ", "- د. ب. أ", "– أ ف ب -"])
def test_a_closing_line_of_initials_behind_a_dash_stays(line: str) -> None:
    cells = "<br><br>".join((*LINES, line))
    old = f"<table><tr><td><b>{HEADLINE}</b><br>19-11-2025<hr><div>{cells}</div></td></tr></table>"
    shown = page(inner=old).replace(f"<h1>{HEADLINE}</h1>", "")
    assert article(shown).body == f"{BODY}\n{line}"
    assert article(page(inner=f"{TEXT}<p>{line}</p>")).body == f"{BODY}\n{line}"


LONE = ["<p>{}</p>{}", "<div class='a'>{}</div><div class='b'>{}</div>", "<div><span>{}</span></div><div>{}</div>"]


@pytest.mark.parametrize("inner", LONE)
@pytest.mark.parametrize(
    "line", ["وكالة الأناضول", "وكالة أنباء الأناضول", "وكالات", "أ ف ب", "Anadolu Agency", "Anadolu Ajansı"]
)
def test_a_lone_line_that_says_it_is_an_agency_is_the_byline_with_no_date_beside_it(line: str, inner: str) -> None:
    found = article(page(inner=inner.format(line, TEXT)))
    assert (found.byline, found.body) == (line, BODY)


def test_a_heading_of_the_text_that_names_an_agency_stays() -> None:
    found = article(page(inner=f"<h2>وكالة الفضاء تعود</h2>{TEXT}"))
    assert (found.byline, found.body) == (None, f"وكالة الفضاء تعود\n{BODY}")


@pytest.mark.parametrize("inner", LONE)
@pytest.mark.parametrize("line", ["ملف خاص", "قضايا القرى", "وكالة الغوث تفتح ثلاث مدارس", "وكيل الوزارة", "في القرى"])
def test_a_lone_line_that_says_nothing_of_itself_is_no_byline(line: str, inner: str) -> None:
    assert article(page(inner=inner.format(line, TEXT))).byline is None
