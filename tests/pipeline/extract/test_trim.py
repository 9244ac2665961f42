from __future__ import annotations

import json

import pytest

from pipeline.extract.notices import is_date_line, is_label, is_notice, opens_related, points_elsewhere
from pipeline.records import Article, Rejection
from tests.pipeline.extract.pages import BODY, HEADLINE, LINES, article, page, read

TEXT = "".join(f"<p>{line}</p>" for line in LINES)


@pytest.mark.parametrize(
    "line",
    [
        *("شارك الموضوع", "شارك هذا الخبر على فيسبوك", "Advertisement", "Paylaş", "Publicité", "طباعة"),
        *("الكلمات المفتاحية", "كلمات دلالية: مياه ، بلدية ، قرى", "الوسوم: #مياه #بلدية", "الوسوم #مياه #بلدية"),
        *("Tags: water, council", "Etiketler: su, belediye", "Mots-clés : eau, mairie", "Lesezeit: 5 Minuten"),
    ],
)
def test_labels(line: str) -> None:
    assert is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        *("مواضيع ذات صلة", "اقرأ أيضاً:", "İlgili haberler", "Related stories", "À lire aussi", "الأكثر قراءة"),
        *("مرتبط", "ذات صلة", "Related", "İlgili", "Articles similaires", "Similaire", "Ähnliche Beiträge"),
    ],
)
def test_openers(line: str) -> None:
    assert opens_related(line)


@pytest.mark.parametrize(
    "line",
    [
        *LINES,
        "وقال الوزير إن الإعلان جاء متأخرا",
        "The share of exports fell.",
        "شارك الوزير في الاجتماع الذي عقد اليوم في العاصمة",
        "Tags: the council has put them on every pipe of the valley.",
        "تضم الكلمات المفتاحية في البيان ثلاث كلمات",
        "وتتولى اللجنة المتابعة اليومية للمشروع، والعمل متواصل بحسب التابع لها من المكاتب",  # no «لمتابعة ... تابع»
    ],
)
def test_sentences_are_neither(line: str) -> None:
    assert not (is_label(line) or opens_related(line) or is_notice(line) or is_date_line(line))


def test_read_also_lines() -> None:
    assert points_elsewhere("اقرأ أيضا: سيول تقطع الطريق")
    assert points_elsewhere("Read also: Floods cut the road")
    assert not points_elsewhere("اقرأ الوزير بيانا على الصحفيين")


@pytest.mark.parametrize(
    "furniture",
    [
        "<div class='related'><h3>مواضيع ذات صلة</h3><ul><li><a href='/1'>سيول تقطع الطريق</a></li></ul></div>",
        "<h3>اقرأ أيضا</h3><ul><li><a href='/1'>سيول تقطع الطريق بين الواحة والساحل</a></li></ul>",
        "<div class='share-buttons'><a href='#'>فيسبوك</a> <a href='#'>تويتر</a></div><p>شارك الموضوع</p>",
        "<p>جميع الحقوق محفوظة لصحيفة الضفة، ولا يجوز إعادة النشر دون إذن.</p>",
        "<div class='tags'>الوسوم: <a href='/t'>مكتبة</a></div>",
        "<p>اشتركوا في النشرة البريدية لتصلكم أهم الأخبار كل صباح.</p>",
        "<p>كلمات دلالية: مكتبة ، قرى ، تلاميذ</p>",
        "<p>Etiketler: kütüphane, köy</p>",
        "<p>لتصلك أبرز الأخبار يوميا سجل بريدك الإلكتروني هنا</p>",
        "<p>اشترك في نشرتنا ليصلك كل جديد</p>",
        "<p>القائمة البريدية: أدخل بريدك</p>",
        "<p>تابع آخر الأخبار المحلية والعربية عبر Google News</p>",
        "<p>Enter your email to get the news every morning</p>",
        "<p>Haberler için e-posta adresinizi girin</p>",
        "<p>Saisissez votre adresse pour recevoir nos nouvelles</p>",
    ],
)
def test_furniture_behind_the_text_goes(furniture: str) -> None:
    assert article(page(inner=TEXT + furniture)).body == BODY


@pytest.mark.parametrize(
    "furniture",
    [
        f"<h2>{HEADLINE}</h2>",
        "<div class='date'>19 نوفمبر 2025 - 10:30</div>",
        "<div class='share'><a href='#'>فيسبوك</a></div>",
        "<figure><img src='a.jpg'><figcaption>تلاميذ أمام الحافلة الجديدة (الأناضول)</figcaption></figure>",
    ],
)
def test_furniture_above_the_text_goes(furniture: str) -> None:
    assert article(page(inner=furniture + TEXT)).body == BODY


def test_captions_are_kept_apart() -> None:
    found = article(page(inner="<figure><img src='a.jpg'><figcaption>تلاميذ (الأناضول)</figcaption></figure>" + TEXT))
    assert found.captions == ("تلاميذ (الأناضول)",)


def test_subheadings_and_order_stay() -> None:
    inner = f"<p>{LINES[0]}</p><h2>تمويل محلي</h2><p>{LINES[1]}</p><p>{LINES[2]}</p>"
    assert article(page(inner=inner)).body.split("\n") == [LINES[0], "تمويل محلي", LINES[1], LINES[2]]


def test_line_breaks_part_paragraphs() -> None:
    assert article(page(inner="<div>" + "<br><br>".join(LINES) + "</div>")).body == BODY


def test_joiners_and_vowel_marks_stay() -> None:
    marked = "وقالت المُعلِّمة إنّ المكتبة تعيد الأمل إلى القرى، وهي دانش\u200cآموز سابقة في مدرسة القرية."
    assert marked in article(page(inner=TEXT + f"<p>{marked}</p>")).body


def test_an_article_box_with_a_misleading_name_is_still_the_article() -> None:
    assert article(page(inner=f"<div class='social-share-area'>{TEXT}</div>")).body == BODY


def test_json_ld_with_a_teaser_is_not_the_body() -> None:
    teaser = '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"' + LINES[0] + '"}</script>'
    assert article(page(head=teaser)).body == BODY


def test_a_lede_alone_is_flagged() -> None:
    found = article(page(head=f'<meta name="description" content="{LINES[0]}">', inner=f"<p>{LINES[0]}</p>"))
    assert found.flags == ("lede_only",)


def test_a_whole_report_that_its_summary_repeats_is_no_mere_lede() -> None:
    whole = " ".join(f"وتبدأ الحافلة رقم {number} جولتها في القرى مع بداية الأسبوع المقبل." for number in range(12))
    found = article(page(head=f'<meta name="description" content="{whole}">', inner=f"<p>{whole}</p>"))
    assert (found.body, found.flags) == (whole, ())


def test_a_line_of_the_text_that_says_what_the_headline_says_is_text() -> None:
    lines = [LINES[0], f"{HEADLINE}.", *LINES[1:]]
    text = "".join(f"<p>{line}</p>" for line in lines)
    assert article(page(inner=text)).body == "\n".join(lines)
    brief = "".join(f"<p>{line}</p>" for line in lines[:2])
    assert article(page(inner=brief)).body == "\n".join(lines[:2])


def test_a_first_sentence_of_which_the_headline_was_made_is_text() -> None:
    headline = "افتتحت بلدية الواحة، فجر الثلاثاء، 44 مكتبة متنقلة خلال جولات في القرى البعيدة"
    line = "افتتحت بلديه الواحه، فجر الثلاثاء، ٤٤ مكتبه متنقله خلال جولات في القرى البعيده كلها، بينها عين."
    cells = "<br><br>".join((line, *LINES[1:]))
    old = f"<table><tr><td><b>{headline}</b><br>19-11-2025<hr><div>{cells}</div></td></tr></table>"
    text = f"<p>{line}</p>" + "".join(f"<p>{one}</p>" for one in LINES[1:])
    assert article(page(headline=headline, inner=text)).body == "\n".join((line, *LINES[1:]))
    shown = page(headline=headline, inner=old).replace(f"<h1>{headline}</h1>", "")
    assert article(shown).body == "\n".join((line, *LINES[1:]))


def test_the_headline_that_is_printed_again_with_a_full_stop_is_no_text() -> None:
    again = f"{HEADLINE} في الواحة والوادي"
    text = f"<p><b>{again}.</b></p>" + "".join(f"<p>{one}</p>" for one in LINES)
    assert article(page(headline=again, inner=text)).body == BODY


PARTS = (
    ("الواحة تستقبل ألف زائر في عشرة أشهر", LINES[0]),
    ("البلدية تحقق في سرقة كتب نادرة", LINES[1]),
    ("سيول تقطع الطريق بين القريتين", LINES[2]),
)


@pytest.mark.parametrize("first", [PARTS[0][0], "الغرب والهرولة باتجاه الواحة"])
@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
@pytest.mark.parametrize("box", ["{}", "<div class='txt'>{}</div>"])
def test_the_heading_of_a_digest_s_first_part_is_text_as_the_others_are(first: str, tag: str, box: str) -> None:
    parts = ((first, PARTS[0][1]), *PARTS[1:])
    shown = "".join(f"<{tag}>{heading}</{tag}><p>{line}</p>" for heading, line in parts)
    date = "<div class='time'>19 نوفمبر 2025 الساعة 12:50</div>"
    found = article(page(headline="نشرة الواحة المسائية - الأربعاء", inner=date + box.format(shown)))
    assert found.body == "\n".join(line for part in parts for line in part)
    assert found.byline is None


def test_a_standfirst_that_shares_the_headline_s_group_is_text() -> None:
    lead = "تضم الحافلة ثلاثة آلاف كتاب، وتقف في كل قرية يوما كاملا من كل أسبوع حتى نهاية العام الدراسي."
    shown = page(inner=TEXT).replace(f"<h1>{HEADLINE}</h1>", f"<hgroup><h1>{HEADLINE}</h1><p>{lead}</p></hgroup>")
    assert article(shown).body == f"{lead}\n{BODY}"


def test_a_list_of_linked_titles_with_labels_is_no_text() -> None:
    titles = (
        "ثلاث قرى تطلب حافلة ثانية قبل الشتاء",
        "أطفال المدارس يكتبون قصصهم في دفتر واحد",
        "مطبعة قديمة تعود للعمل",
    )
    items = "".join(f"<li>تقرير: <a href='/{n}'>{title}</a></li>" for n, title in enumerate(titles))
    assert article(page(inner=f"<p>{LINES[0]}</p><ul>{items}</ul><p>{LINES[1]}</p><p>{LINES[2]}</p>")).body == BODY


@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_list_of_sentences_with_links_stays(before: int) -> None:
    items = ("زارت الحافلة قرية النخيل في يومها الأول.", "زارت الحافلة قرية العين في يومها الثاني.")
    listed = "".join(f"<li>{item[:-6]}<a href='/1'>{item[-6:]}</a></li>" for item in items)
    paragraphs = [f"<p>{line}</p>" for line in LINES]
    paragraphs.insert(before, f"<ul>{listed}</ul>")
    found = article(page(inner="".join(paragraphs)))
    assert found.body.split("\n") == [*LINES[:before], *items, *LINES[before:]]


def test_a_name_made_by_chance_is_no_advert() -> None:
    marked = TEXT.replace("<p>", "<p id='block-n1AuAdJlVL'>", 2)
    assert article(page(inner=marked)).body == BODY


def test_a_statement_without_the_lede_does_not_take_it() -> None:
    more = [f"الفقرة {n} من التقرير تصف ما حملته الحافلة إلى قرية جديدة من الكتب والدفاتر والألوان." for n in range(6)]
    inner = "".join(f"<p>{line}</p>" for line in (*LINES, *more))
    said = json.dumps({"@type": "NewsArticle", "articleBody": " ".join((*LINES[1:], *more))})
    found = article(page(inner=inner, head=f'<script type="application/ld+json">{said}</script>'))
    assert found.body.split("\n")[0] == LINES[0]


@pytest.mark.parametrize("end", ["...", "…", ""])
@pytest.mark.parametrize("before", ["", "الواحة (الأناضول) - "])
def test_an_excerpt_of_the_text_above_it_is_no_text(before: str, end: str) -> None:
    told = TEXT.replace(LINES[0], before + LINES[0])
    found = article(page(inner=f"<div class='spot'>{LINES[0][:60]}{end}</div><div>{told}</div>"))
    assert found.body == before + BODY


@pytest.mark.parametrize("line", ["Your browser does not support the video tag.", "متصفحك لا يدعم تشغيل الفيديو"])
def test_what_players_say_is_no_text(line: str) -> None:
    inner = f"<p>{LINES[0]}</p><div class='player'><p>{line}</p></div><p>{LINES[1]}</p><p>{LINES[2]}</p>"
    assert article(page(inner=inner)).body == BODY


def test_figures_are_parted_where_only_style_parts_them() -> None:
    found = article(page(inner=f"<div><i>سلمى الحداد</i><b>8 تشرين الأول 2025</b><u>1.234</u></div>{TEXT}"))
    assert (found.body, found.byline) == (BODY, "سلمى الحداد")
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2025-10-08"


def test_halves_of_a_word_in_two_styles_are_one_word() -> None:
    first = LINES[0].split()[0]
    halved = LINES[0].replace(first, f"<b>{first[:3]}</b><i>{first[3:]}</i>", 1)
    assert article(page(inner=TEXT.replace(LINES[0], halved))).body == BODY


def test_titles_that_lead_to_other_sites_make_no_listing() -> None:
    links = [f"<a href='https://tool{n}.example'>أداة رقم {n} للقراءة</a>" for n in range(6)]
    tools = [f"<h2>{link}</h2><p>{line}</p>" for link, line in zip(links, LINES * 2, strict=True)]
    assert isinstance(read(page(inner="".join(tools))), Article)
    own = "".join(tools).replace("https://tool", "/news/tool").replace(".example", "")
    assert isinstance(read(page(inner=own)), Rejection)


def test_the_rest_that_a_button_unfolds_is_text() -> None:
    hidden = f"<div id='more' style='display:none'><p>{LINES[1]}</p><p>{LINES[2]}</p></div><button>المزيد</button>"
    assert article(page(inner=f"<p>{LINES[0]}</p>{hidden}")).body == BODY


@pytest.mark.parametrize("names", ["class='newsletter'", "class='cookie-popup'", "id='related-more'"])
def test_hidden_boxes_named_otherwise_stay_hidden(names: str) -> None:
    said = "تصلكم رسالة كل صباح وفيها أهم ما جاء في الصحف وما كتبه القراء من تعليقات طويلة."
    box = f"<div {names} style='display:none'><p>{said}</p></div>"
    assert article(page(inner=f"{TEXT}{box}")).body == BODY


TEASERS = "".join(
    f"<h4><a href='/{n}'>{title}</a></h4><p class='excerpt'>{title}، {said}…</p>"
    for n, (title, said) in enumerate(
        [
            ("السيول تقطع الطريق الساحلي لليوم الثالث", "فيما تعمل فرق الصيانة منذ الفجر على فتح ممر واحد لمركبات"),
            ("البلدية تعلن وظائف جديدة في قسم الحدائق", "على أن تقدم الطلبات حتى نهاية الشهر في مبنى البلدية"),
            ("مهرجان الزيتون يعود بعد غياب عامين", "وتشارك فيه معاصر من سبع قرى وفرق موسيقية من الساحل"),
        ]
    )
)


@pytest.mark.parametrize("names", ["id='jp-relatedposts' class='jp-relatedposts'", "class='view-related'"])
@pytest.mark.parametrize("heading", ["<h3><em>مرتبط</em></h3>", "<h3>وهنا أيضا</h3>"])
@pytest.mark.parametrize("lines", [LINES[:1], LINES[:2], LINES])
def test_excerpts_of_other_articles_are_no_text_of_a_brief(lines: tuple[str, ...], heading: str, names: str) -> None:
    inner = "".join(f"<p>{line}</p>" for line in lines) + f"<div {names}>{heading}{TEASERS}</div>"
    assert article(page(inner=f"<div class='entry'>{inner}</div>")).body == "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "<p>اقرأ أيضا <a href='/1'>سيول تقطع الطريق بين الواحة والساحل</a></p>",
        "<table><tr><td><b>اقرأ أيضا</b> <a href='/1'>سيول تقطع الطريق</a></td></tr></table>",
        "<p>Read also <a href='/1'>Floods cut the road to the coast</a></p>",
        "<p>اقرأ أيضا: سيول تقطع الطريق بين الواحة والساحل</p>",
        "<p>اقرأ أيضا: لماذا انقطع الطريق بين الواحة والساحل؟</p>",
        "<p>Ayrıca okuyun: Sel yolu kapattı</p>",
    ],
)
def test_a_read_also_line_between_paragraphs_goes(line: str) -> None:
    assert article(page(inner=f"<p>{LINES[0]}</p>{line}<p>{LINES[1]}</p><p>{LINES[2]}</p>")).body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "وتابع: «الكتب تصل إلى كل بيت في القرى البعيدة»",
        "تابع: «الكتب تصل إلى كل بيت في القرى البعيدة»",
        "اقرأ أيضا: عبارة كتبت على جانبي الحافلة التي تحمل الكتب إلى القرى البعيدة.",
        "شاهد <a href='/1'>السكان</a> الحافلة للمرة الأولى في قريتهم البعيدة صباح أمس.",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    found = article(page(inner=f"<p>{LINES[0]}</p><p>{line}</p><p>{LINES[1]}</p><p>{LINES[2]}</p>"))
    assert len(found.body.split("\n")) == len(LINES) + 1
