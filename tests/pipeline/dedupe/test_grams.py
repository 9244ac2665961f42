"""Grams by number against plain sets of tuples."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.grams import GRAM, Grams, recurring
from pipeline.dedupe.texts import Texts

LISTS = st.lists(st.lists(st.integers(0, 4), max_size=14), min_size=2, max_size=7)


def texts_of(lists: list[list[int]]) -> Texts:
    numbers = np.array([word for one in lists for word in one], np.int32)
    plain = Texts([])
    return Texts.of_numbers(numbers, np.cumsum([0, *map(len, lists)]), plain.vocabulary)


def grams_of(words: list[int]) -> list[tuple[int, ...]]:
    return [tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)]


def pairs_of(texts: int) -> Pairs:
    return np.array([(one, other) for one in range(texts) for other in range(texts) if one != other], np.int64)


@given(LISTS)
def test_pairs_share_the_grams_that_sets_share(lists: list[list[int]]) -> None:
    grams = Grams(texts_of(lists))
    pairs = pairs_of(len(lists))
    sets = [set(grams_of(one)) for one in lists]
    assert grams.count_shared(pairs).tolist() == [len(sets[one] & sets[other]) for one, other in pairs.tolist()]
    assert grams.distinct_per_text.tolist() == list(map(len, sets))


@given(LISTS)
def test_shared_grams_are_found_at_every_place_of_the_one_and_the_first_of_the_other(lists: list[list[int]]) -> None:
    grams = Grams(texts_of(lists))
    pairs = pairs_of(len(lists))[:, ::-1]
    expected = []
    for pair, (one, other) in enumerate(pairs.tolist()):
        there = grams_of(lists[other])
        counts = Counter(there)
        expected += [
            (pair, at, there.index(gram), counts[gram] == 1)
            for at, gram in enumerate(grams_of(lists[one]))
            if gram in counts
        ]
    shared = grams.share(pairs)
    assert list(zip(*(column.tolist() for column in shared), strict=True)) == expected


@given(st.lists(st.integers(0, 3), max_size=60))
def test_grams_are_told_apart_where_their_keys_are_not(words: list[int]) -> None:
    numbers = np.array(words, np.int32)
    grams = grams_of(words)
    for bits in (None, 61, 63):  # almost all bits of a key cut off
        places, is_new = recurring(numbers, bits)
        found = dict(zip(places.tolist(), np.cumsum(is_new).tolist(), strict=True))
        counts = Counter(grams)
        assert {place for place, gram in enumerate(grams) if counts[gram] > 1} <= found.keys()
        groups = {(grams[place], group) for place, group in found.items()}
        assert len(groups) == len({gram for gram, _ in groups}) == len({group for _, group in groups})
        assert all(place == min(p for p in found if found[p] == found[place]) for place in places[is_new].tolist())


@given(LISTS, st.data())
def test_grams_of_some_texts_are_those_they_have_among_all(lists: list[list[int]], data: st.DataObject) -> None:
    texts = texts_of(lists)
    places = np.array(data.draw(st.lists(st.integers(0, len(lists) - 1), min_size=2, unique=True)), np.int64)
    pairs = np.array([(one, other) for one in places for other in places if one != other], np.int64)
    some, every = Grams(texts.only(places)), Grams(texts)
    assert some.count_shared(pairs).tolist() == every.count_shared(pairs).tolist()
    assert some.distinct_per_text[places].tolist() == every.distinct_per_text[places].tolist()
    for mine, others in zip(some.share(pairs), every.share(pairs), strict=True):
        assert mine.tolist() == others.tolist()
