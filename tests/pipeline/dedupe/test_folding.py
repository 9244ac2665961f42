from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.dedupe.folding import find_places, fold_texts
from pipeline.dedupe.texts import Texts
from pipeline.normalise import tokenise

LETTERS = "ابةىأ٣7\u064bـ\u200fIİıσΣςAé\u0301ﷲ²&;amp#x_-.\ud800\uffff\U0001d400 \n\u00a0\u3000가"
texts = st.lists(st.text(alphabet=LETTERS, max_size=30) | st.text(max_size=30), max_size=8)


def words_of(some: list[str]) -> list[list[str]]:
    found = Texts(some)
    return [[found.vocabulary.words[number] for number in found[place].tolist()] for place in range(len(found))]


@settings(max_examples=400, deadline=None)
@given(texts)
@example(["", "ـ", "a", "", "ـ ـ"])
def test_words_are_those_of_the_normaliser(some: list[str]) -> None:
    assert words_of(some) == [tokenise(one).words for one in some]


@settings(max_examples=300, deadline=None)
@given(texts)
@example(["", "ـ", "a", "", "ـ ـ", "\u064bab\u064b &amp; c"])
def test_words_stand_where_the_normaliser_finds_them(some: list[str]) -> None:
    found = find_places(some)
    tokens = [tokenise(one) for one in some]
    assert np.diff(found.bounds).tolist() == [len(one.words) for one in tokens]
    assert found.starts.tolist() == [start for one in tokens for start in one.starts]
    assert found.ends.tolist() == [end for one in tokens for end in one.ends]


def test_every_character_folds_as_the_normaliser_folds_it() -> None:
    plane = [chr(code) for code in range(0x10000)]
    lines = ["".join(plane[at : at + 64]) for at in range(0, len(plane), 64)] + [f"a{char}b" for char in plane]
    assert words_of(lines) == [tokenise(one).words for one in lines]


def test_equal_words_are_one_kind_and_others_are_not() -> None:
    folded = fold_texts(["بيت كبير", "كبير بيوت", "x" * 100_000 + " " + "x" * 99_999])
    assert folded.kinds[1] == folded.kinds[2]
    assert len(folded.keys) == 5
    assert folded.bounds.tolist() == [0, 2, 4, 6]
