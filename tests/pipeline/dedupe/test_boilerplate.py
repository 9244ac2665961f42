from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.boilerplate import (
    LineCounts,
    Printed,
    holds_boilerplate,
    keys_by_outlet,
    learn_boilerplate,
    tally,
    without_boilerplate,
)
from pipeline.dedupe.boilerplate_lines import line_key
from pipeline.normalise import normalise

lines = st.text(alphabet="ابةى٣7أ\u064bـ \u00a0\u200b\u2003&;#nbsp_amp-x\u0085", max_size=40)


@given(lines)
def test_a_key_is_of_the_whole_line_in_one_spelling(line: str) -> None:
    said = "".join("0" if char.isdigit() else char for char in normalise(line))
    assert line_key(line) == hashlib.sha256(said.encode()).hexdigest()[:32]


def test_lines_of_every_page_are_learned_and_blanked_where_they_stand() -> None:
    words = [f"{first}{last}ة" for first in "بجدرسط" for last in "فقكلم"]
    bodies = [
        f"شارك الخبر\nتقرير عن مدينة {word}\nنص {word} طويل\nعدد القراءات: {number}"
        for number, word in enumerate(words, 10)
    ]
    found = learn_boilerplate(Printed("o", None, body) for body in bodies)
    assert {one.line for one in found} == {"شارك الخبر", "عدد القراءات: 10"}
    assert all((one.pages, one.of_pages) == (30, 30) for one in found)
    body = bodies[12]
    blanked = without_boilerplate(None, body, keys_by_outlet(found)["o"])
    assert len(blanked) == len(body)
    assert blanked.split("\n")[1:3] == body.split("\n")[1:3]
    assert not blanked.split("\n")[0].strip() + blanked.split("\n")[3].strip()


def test_nothing_is_learned_from_few_pages() -> None:
    assert learn_boilerplate(Printed("o", None, f"شارك الخبر\nتقرير {number}") for number in range(19)) == []


@pytest.mark.parametrize(("pages", "is_learned"), [(14, False), (20, True)])
def test_a_sentence_is_the_sites_only_on_most_pages(pages: int, *, is_learned: bool) -> None:
    background = "وتكثفت في الأشهر الماضية لقاءات اتحاد المرافئ بعد إغلاق القناة القديمة أمام سفن الشحن."
    bodies = [f"تقرير عن {chr(ord('ب') + n) * 3}\n{background if n < pages else 'نص آخر'} {n}" for n in range(30)]
    bodies = [body.removesuffix(f" {n}") for n, body in enumerate(bodies)]
    assert (
        background in {one.line for one in learn_boilerplate(Printed("o", None, one) for one in bodies)}
    ) is is_learned


def test_what_a_page_says_twice_is_counted_once() -> None:
    bodies = [f"شارك الخبر\nتقرير عن {chr(ord('ب') + number) * 3}\nشَارك الخـبر" for number in range(24)]
    assert [(one.pages, one.of_pages) for one in learn_boilerplate(Printed("o", None, one) for one in bodies)] == [
        (24, 24)
    ]


HEADLINES = [f"وزير {first}{second}ار يزور مدينة {second}{first}ان" for first in "بجدرسط" for second in "فقكلم"]


@pytest.mark.parametrize(
    ("boilerplate", "learned"),
    [
        ("\nرابط الخبر في صحيفة المدى: {}", "رابط الخبر في صحيفة المدى: {headline}"),
        (" رابط الخبر في صحيفة المدى: {}", "رابط الخبر في صحيفة المدى: {headline}"),
        (" ... رابط الخبر: {}", "... رابط الخبر: {headline}"),
        ("\nظهرت المقالة {} أولا على المدى.", "ظهرت المقالة {headline} أولا على المدى."),
        ("\nThe post {} appeared first on Mada.", "The post {headline} appeared first on Mada."),
    ],
)
def test_a_line_that_names_its_own_article_is_one_line(boilerplate: str, learned: str) -> None:
    articles = [
        Printed("o", headline, f"{headline[::-1]} اليوم في {headline[5:10][::-1]}." + boilerplate.format(headline))
        for headline in HEADLINES
    ]
    found = learn_boilerplate(articles)
    assert [(one.line, one.pages) for one in found] == [(learned, len(HEADLINES))]
    keys = keys_by_outlet(found)["o"]
    for one in articles:
        report = one.body.removesuffix(boilerplate.format(one.headline))
        blanked = without_boilerplate(one.headline, one.body, keys)
        assert len(blanked) == len(one.body)
        assert blanked.rstrip(" \n.") == report.rstrip(".")
        assert holds_boilerplate(one.headline, one.body, keys)
        assert not holds_boilerplate(one.headline, report, keys)


def test_a_line_is_known_under_an_article_that_has_the_sites_name_for_a_headline() -> None:
    line = "تصدر صحيفة الواحة كل صباح عن دار المطبعة"
    found = learn_boilerplate(Printed("o", headline, f"نص {headline[::-1]}\n{line}") for headline in HEADLINES)
    keys = keys_by_outlet(found)["o"]
    assert [one.line for one in found] == [line]
    assert without_boilerplate("صحيفة الواحة", f"نص قصير\n{line}", keys).rstrip() == "نص قصير"


def test_an_ending_that_is_longer_at_another_outlet_is_learned() -> None:
    said = {"long": "اقرأ أيضا رابط الخبر", "short": "رابط الخبر"}
    articles = [
        Printed(outlet, headline, f"{headline[::-1]} {number}ق{number}. {words}: {headline}")
        for number, headline in enumerate(HEADLINES)
        for outlet, words in said.items()
    ]
    found = {one.outlet_id: one.line for one in learn_boilerplate(articles)}
    assert found == {outlet: words + ": {headline}" for outlet, words in said.items()}


@pytest.mark.parametrize("flash", ["عاجل - المدى: {}", "شارك الخبر\nعاجل - المدى: {}"])
def test_of_an_article_that_says_nothing_but_its_headline_that_stays(flash: str) -> None:
    articles = [Printed("o", headline, flash.format(headline)) for headline in HEADLINES]
    keys = keys_by_outlet(learn_boilerplate(articles))["o"]
    for one in articles:
        assert without_boilerplate(one.headline, one.body, keys).strip() == one.headline
        assert holds_boilerplate(one.headline, one.body, keys)
        longer = f"{one.body}\nقال {(one.headline or '')[::-1]}"
        assert without_boilerplate(one.headline, longer, keys).strip() == longer.split("\n")[-1]
    assert not without_boilerplate("المدى", "شارك الخبر", keys | {line_key("شارك الخبر")}).strip()


@pytest.mark.parametrize("body", ["{0}", "«{0}»", "{0}\n{0}", "قال {1} إن {2}\n{0}", "قال {1} إن {2} {0}"])
def test_a_headline_alone_is_no_boilerplate(body: str) -> None:
    articles = [
        Printed("o", headline, body.format(headline, headline[::-1], headline[3:][::-1])) for headline in HEADLINES
    ]
    assert learn_boilerplate(articles) == []


pages = st.lists(st.lists(lines, min_size=1, max_size=4), min_size=20, max_size=30)


@given(pages, st.integers(0, 3))
def test_lines_learned_are_those_whose_keys_recur(some: list[list[str]], every: int) -> None:
    bodies = [
        "\n".join(page + ([f"شارك {number}\u064bأ_x"] if number % (every + 1) == 0 else []))
        for number, page in enumerate(some)
    ]
    keys = [
        [line_key(line) for line in dict.fromkeys(filter(None, map(str.strip, body.split("\n"))))] for body in bodies
    ]
    counts = Counter(key for page in keys for key in set(page))
    wanted = {key: count for key, count in counts.items() if count >= max(8, 0.2 * len(bodies))}
    found = learn_boilerplate(Printed("o", None, body) for body in bodies)
    assert {one.line_key: one.pages for one in found} == wanted


@given(pages, st.lists(st.integers(0, 30), max_size=3))
def test_lines_counted_apart_are_learned_as_together(some: list[list[str]], cuts: list[int]) -> None:
    bodies = [
        Printed(f"o{number % 7 // 6}", HEADLINES[0], "\n".join([*page, "شارك 5", f"رابط {HEADLINES[0]}"]))
        for number, page in enumerate(some * 2)
    ]
    edges = [0, *sorted(cuts), len(bodies)]
    parts = [bodies[first:last] for first, last in pairwise(edges)]
    joined, sizes = LineCounts(), []
    for part in parts:
        counts = LineCounts()
        counts.add(part)
        joined.join(counts)
        sizes.append(counts.lines)
    recurs = np.split(joined.recurring(), np.cumsum(sizes)[:-1])
    assert joined.learn(map(tally, parts, recurs)) == learn_boilerplate(bodies)
    assert learn_boilerplate(bodies)


POINTERS = ["اقرأ أيضا: {}", "• إقرأ أيضًا | {}", "Read also: {}", "İLGİLİ HABER: {}", "À lire aussi : {}"]


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("at", [1, 3], ids=["between paragraphs", "below the text"])
def test_lines_that_point_to_ever_other_articles_are_one_line(pointer: str, at: int) -> None:
    pages = []
    for number, headline in enumerate(HEADLINES):
        lines = [f"قال {headline} إن العمل مستمر.", f"وأضاف أن {headline} مهم.", f"وختم بأن {headline} قريب."]
        lines.insert(at, pointer.format(HEADLINES[number - 7]))
        pages.append(Printed("o", None, "\n".join(lines)))
    (line,) = learn_boilerplate(pages)
    assert (line.line, line.pages) == (pointer.format("{other headline}"), 30)
    keys = keys_by_outlet([line])["o"]
    longer = "\n".join([*(f"فقرة {word} من التقرير." for word in HEADLINES), pages[3].body, *HEADLINES])
    blanked = without_boilerplate(None, longer, keys)
    assert [line for line in longer.split("\n") if line not in blanked.split("\n")] == [pages[3].body.split("\n")[at]]
    assert without_boilerplate(None, pages[3].body.split("\n")[at], keys).strip(), (
        "no text is left without its first line"
    )


def test_few_lines_that_point_to_other_articles_are_no_boilerplate() -> None:
    pages = [Printed("o", None, f"قال {one} شيئا.\nوأضاف {one} آخر.") for one in HEADLINES]
    pages[:5] = [Printed("o", None, f"{one.body}\nاقرأ أيضا: {HEADLINES[-1]}") for one in pages[:5]]
    assert learn_boilerplate(pages) == []
