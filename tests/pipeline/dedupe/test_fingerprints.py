"""Texts that share thirteen words in a row share a key."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe.candidates import find_candidates, find_sharing
from pipeline.dedupe.fingerprints import NEIGHBOURS, PASSAGE_GRAM, SURE_WORDS, fingerprint
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.times import exactly


def words(dice: random.Random, count: int) -> list[str]:
    return [f"كلمة{dice.randrange(10**9)}" for _ in range(count)]


@settings(deadline=None, max_examples=60)
@given(st.integers(), st.integers(SURE_WORDS, 60), st.tuples(*[st.integers(0, 200)] * 4))
def test_texts_that_share_thirteen_words_in_a_row_share_a_key(
    seed: int, shared: int, around: tuple[int, int, int, int]
) -> None:
    dice = random.Random(seed)
    passage = words(dice, shared)
    first, second, third, fourth = (words(dice, count) for count in around)
    bodies = [" ".join(some) for some in (first + passage + second, third + passage + fourth)]
    keys = fingerprint(Texts(bodies))
    assert set(keys[0].tolist()) & set(keys[1].tolist())


def test_texts_that_share_only_a_title_share_no_key() -> None:
    dice = random.Random(4)
    title = words(dice, PASSAGE_GRAM + NEIGHBOURS - 2)
    keys = fingerprint(Texts(" ".join(words(dice, 80) + title + words(dice, 80)) for _ in range(50)))
    assert len(np.unique(keys.keys)) == len(keys.keys)


@settings(deadline=None, max_examples=30)
@given(st.integers(), st.lists(st.integers(0, 60), max_size=12))
def test_a_text_has_the_same_keys_whatever_stands_around_it(seed: int, sizes: list[int]) -> None:
    dice = random.Random(seed)
    bodies = [" ".join(words(dice, size)) for size in [*sizes, 70_000]]
    together = fingerprint(Texts(bodies))
    assert len(together.bounds) == len(bodies) + 1
    for place, body in enumerate(bodies):
        assert together[place].tolist() == fingerprint(Texts([body]))[0].tolist()


def test_a_report_has_some_hundred_keys() -> None:
    assert 70 < len(fingerprint(Texts([" ".join(words(random.Random(1), 250))])).keys) < 130


def test_one_sentence_of_a_long_report_makes_a_candidate_inside_the_window() -> None:
    dice = random.Random(9)
    sentence = words(dice, 18)
    report = words(dice, 150) + sentence + words(dice, 400)
    digest = words(dice, 200) + sentence
    texts = Texts(map(" ".join, (report, digest, words(dice, 300), report[:100])))
    keys = fingerprint(texts)

    def find(*times: float) -> list[list[int]]:
        found: list[list[int]] = find_sharing(keys.keys, keys.texts, exactly(times), window=3).tolist()
        return found

    assert find(0, 2, 1, 9) == [[0, 1]]
    assert find(0, 9, 1, 2) == [[0, 3]]
    assert find(np.nan, 9, 1, 50) == [[0, 1], [0, 3]]
    fresh = np.array([3])
    assert find_sharing(keys.keys, keys.texts, exactly([0] * 4), window=3, fresh=fresh).tolist() == [[0, 3]]
    found = find_candidates(sign(texts, 256), keys, exactly([0] * 4), bands=128, window=3)
    assert found.tolist() == [[0, 1], [0, 3]]
