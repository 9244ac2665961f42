"""The quick look passes every text that a closer reading finds a credit in."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.credits.find import find_credits, glance_at
from pipeline.credits.folded import fold
from pipeline.credits.mark_patterns import WORD, places_of
from pipeline.credits.sieve import WordSieve, texts_holding

WORDS = {
    **dict.fromkeys(("الاناضول", "واس", "AA", "ا", "الفرنسيه")),
    "ب": frozenset(["ا", "ان"]),
    "وكاله": frozenset(["الانباء"]),
}
LETTERS = "الاناضولوسأAaBفرنية ـ\u064b\u200f&;amp#_-.(\n\ufb50ﷲ\ud800\U0001d400Ａ"
PIECES = st.sampled_from(
    [
        "وكالة",
        "الأنباء",
        "ب",
        "ا",
        "الأناضول",
        "واس",
        "واسع",
        "AA",
        "الفرنسية",
        "(",
        " ",
        "ـ",
        "\u064b",
        "\n",
        "&amp;",
        "_",
    ]
)
texts = st.lists(st.text(alphabet=LETTERS, max_size=20) | st.lists(PIECES, max_size=6).map("".join), max_size=6)


@settings(max_examples=500, deadline=None)
@given(texts)
@example(["", "وا\u0640س", "الرياض\u0640\u200fواس"])
def test_words_are_found_where_they_stand(some: list[str]) -> None:
    found = WordSieve(WORDS).find(some)
    for text, places in zip(some, found, strict=True):
        if places is None:
            continue
        folded = fold(text)
        words = list(re.finditer(r"\w+", folded.text))
        wanted = {
            folded.span(word.start(), word.end())[0]
            for word, after in zip(words, [*(one.group() for one in words[1:]), None], strict=False)
            if word.group() in WORDS and ((following := WORDS[word.group()]) is None or after in following)
        }
        assert wanted <= set(places)
        assert places == sorted(places)


def test_plain_texts_are_certain() -> None:
    some = ["افتتح المعرض في الرياض", "واسعة", "", "opened AAA on 7 May", "وكالة الفضاء", "قالت وكالة الأنباء ثم واس"]
    assert WordSieve(WORDS).find(some) == [[], [], [], [], [], [5, 22]]


def test_a_glance_changes_no_credit() -> None:
    bodies = [
        "القاهرة - الأناضول\nافتتح المعرض اليوم.",
        "افتتح المعرض اليوم.\n(أ ف ب)",
        "افتتح المعرض اليوم.",
        "قال الوزير لرويترز إن المعرض افتتح.",
        "افتتح المعرض &#40;الأنا&#1590;ول&#41;",
        "The fair opened, said the mayor.\nEditing by Jane Roe",
    ]
    glances = glance_at(bodies)
    assert [find_credits(body=body, glance=glance) for body, glance in zip(bodies, glances, strict=True)] == [
        find_credits(body=body) for body in bodies
    ]
    assert not glances[2].may_name()
    assert not glances[2].has_footer


def test_initials_in_one_word_are_another_word() -> None:
    glued, apart = glance_at(["ومع ذلك نمت التجارة.", "الرباط (و م ع) نمت التجارة."])
    assert not glued.may_name()
    assert apart.may_name()


@given(st.text(alphabet="ab_ -ا"), st.integers(0, 4), st.integers(0, 4))
@example("ab", 1, 0)
def test_places_of_a_word_are_those_where_it_stands_alone(text: str, start: int, cut: int) -> None:
    end = max(len(text) - cut, 0)
    for word in ("a", "ab", "aa", "اa"):
        expected = [match.start() for match in WORD.finditer(text, start, end) if match.group() == word]
        assert list(places_of(word, text, start, end)) == expected


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text(alphabet=LETTERS.replace("\n", ""), max_size=4), max_size=3), texts)
@example(["//"], ["/", "/", "///", ""])
@example([""], ["a", ""])
@example(["\U0001d400"], ["ب\U0001d400", "\ud800\U0001d400"])
def test_texts_that_hold_a_piece_are_told(pieces: list[str], some: list[str]) -> None:
    holding = {at for at, text in enumerate(some) if any(piece in text for piece in pieces)}
    assert texts_holding(pieces, some) == holding
