"""The quick look passes every text that a closer reading finds a credit in."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.credits.find import find_credits, glance_at
from pipeline.credits.folded import fold
from pipeline.credits.sieve import WordSieve

WORDS = ("الاناضول", "واس", "AA", "ا", "الفرنسيه")
LETTERS = "الاناضولوسأAaBفرنية ـ\u064b\u200f&;amp#_-.(\n\ufb50ﷲ\ud800\U0001d400Ａ"
PIECES = st.sampled_from(["الأناضول", "واس", "واسع", "AA", "الفرنسية", "(", " ", "ـ", "\u064b", "\n", "&amp;", "_"])
texts = st.lists(st.text(alphabet=LETTERS, max_size=20) | st.lists(PIECES, max_size=6).map("".join), max_size=6)


@settings(max_examples=500, deadline=None)
@given(texts)
@example(["", "وا\u0640س", "الرياض\u0640\u200fواس"])
def test_a_text_that_holds_a_word_passes(some: list[str]) -> None:
    folded = WordSieve(WORDS, folded=True).passes(some).tolist()
    printed = WordSieve(WORDS, folded=False).passes(some).tolist()
    for text, in_folded, in_printed in zip(some, folded, printed, strict=True):
        assert in_folded or set(WORDS).isdisjoint(re.findall(r"\w+", fold(text).text))
        assert in_printed or set(WORDS).isdisjoint(re.findall(r"\w+", text))


def test_plain_texts_without_the_words_do_not_pass() -> None:
    some = ["افتتح المعرض في الرياض", "واسعة", "", "opened AAA on 7 May"]
    assert not WordSieve(WORDS, folded=True).passes(some).any()
    assert not WordSieve(WORDS, folded=False).passes(some).any()


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
    assert not glances[2].may_name
