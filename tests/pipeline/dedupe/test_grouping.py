from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe.grouping import group
from pipeline.dedupe.page_kinds import PageKinds
from pipeline.dedupe.verified import Verified
from tests.pipeline.dedupe.pairs import pair


def test_one_agreeing_pair_does_not_glue_two_stories() -> None:
    pairs = [pair(a, b, 5.0) for a, b in (("a", "b"), ("a", "c"), ("b", "c"), ("x", "y"), ("x", "z"), ("y", "z"))]
    groups, _ = group("abcxyz", [*pairs, pair("c", "x", 1.0)])
    assert groups == [["a", "b", "c"], ["x", "y", "z"]]


def test_a_form_that_passes_by_a_little_is_not_dragged_along_by_an_excerpt() -> None:
    """The excerpt is one cable of two that outlets ran as one report; the form is that cable to somebody else."""
    whole = [pair(a, b, 7.0) for a, b in (("a", "b"), ("a", "c"), ("b", "c"))]
    excerpts = [pair("e", one, 4.5, left_cover=1.0, right_cover=0.45) for one in "abc"]
    groups, _ = group("abcef", [*whole, *excerpts, pair("e", "f", 1.5, left_cover=0.75, right_cover=0.72)])
    assert groups == [["a", "b", "c", "e"], ["f"]]


def test_a_text_run_again_late_is_with_the_first_however_few_others_agree() -> None:
    pairs = [pair(one, other, 5.0) for one, other in ("ab", "ac", "bc")]
    late = pair("c", "x", 1.5, jaccard=1.0, hours=80.0)
    assert group("abcx", [*pairs, late])[0] == [["a", "b", "c", "x"]]
    assert ["x"] in group("abcx", [*pairs, pair("c", "x", 1.5, hours=80.0)])[0]


def test_an_agencys_page_holds_copies_that_share_nothing_with_each_other() -> None:
    pairs = [pair("w", name, 3.0, right_cover=1.0, left_cover=0.3) for name in "abcdef"]
    assert len(group("wabcdef", pairs)[0]) > 1
    assert len(group("wabcdef", pairs, PageKinds({"w"}))[0]) == 1
    other = [pair("v", name, 3.0, right_cover=1.0, left_cover=0.3) for name in "abcdef"]
    for hours, groups in ((3.0, 1), (20.0, 2)):
        between = pair("v", "w", -1.0, numbers=2.0, hours=hours)
        found, _ = group("vwabcdef", [*pairs, *other, between], PageKinds({"v", "w"}))
        assert len(found) == groups, "the next day's report of the agency is no update"
    assert ["q"] in group("wabcdefq", [*pairs, pair("a", "q", 1.0, left_cover=0.3)], PageKinds({"w"}))[0], (
        "and no chains"
    )


def components(pairs: Iterable[Verified]) -> list[set[str]]:
    """Sets of articles that pairs connect, directly or over others: what can be grouped apart from everything else."""
    parent: dict[str, str] = {}

    def root(article_id: str) -> str:
        while parent.setdefault(article_id, article_id) != article_id:
            parent[article_id] = article_id = parent[parent[article_id]]
        return article_id

    for one in pairs:
        parent[root(one.left_id)] = root(one.right_id)
    found: dict[str, set[str]] = defaultdict(set)
    for article_id in list(parent):
        found[root(article_id)].add(article_id)
    return list(found.values())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(-3, 6)), max_size=40), st.randoms())
def test_groups_do_not_depend_on_order_and_fall_apart_by_component(
    edges: list[tuple[int, int, int]], dice: random.Random
) -> None:
    known = {(min(a, b), max(a, b)): score for a, b, score in edges if a != b}
    pairs = [pair(f"a{a}", f"a{b}", float(score)) for (a, b), score in known.items()]
    ids = [f"a{n}" for n in range(10)]
    groups, _ = group(ids, pairs)
    dice.shuffle(pairs)
    assert group(reversed(ids), pairs)[0] == groups
    apart = [
        some
        for component in components(pairs)
        for some in group(component, [one for one in pairs if one.left_id in component])[0]
    ]
    alone = [[one] for one in ids if not any(one in (p.left_id, p.right_id) for p in pairs)]
    assert sorted(apart + alone) == groups
