"""What is a digest, told by pairs: parts of several reports, and what only looks so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.dedupe.grouping import group
from pipeline.dedupe.page_kinds import PageKinds
from pipeline.dedupe.verified import Verified
from tests.pipeline.dedupe.pairs import ALL, pair

TOP, BOTTOM = ALL ^ ((1 << 40) - 1), (1 << 30) - 1


def test_a_digest_joins_none_of_the_reports_it_holds() -> None:
    held = {"left_cover": 0.4, "right_cover": 1.0}
    pairs = [
        pair("d", "x", 3.0, left_mask=TOP, **held),
        pair("d", "y", 3.0, left_mask=BOTTOM, **held),
        pair("d", "z", 3.0, left_mask=BOTTOM, **held),
        pair("y", "z", 4.0),
    ]
    groups, digests = group("dxyz", pairs)
    assert groups == [["d"], ["x"], ["y", "z"]]
    assert digests == {"d"}


def two_reports(most: int, **facts: float) -> list[Verified]:
    """An article that has the news of two reports, the first in so many 64ths of it."""
    where = {"x": ALL ^ ((1 << (64 - most)) - 1), "y": (1 << (64 - most)) - 1}
    return [
        pair("d", name, 2.0 if name == "x" else -2.0, left_mask=mask, left_cover=mask.bit_count() / 64, **facts)
        for name, mask in where.items()
    ]


def test_of_a_bulletins_two_reports_the_longer_one_is_not_what_it_copies() -> None:
    pairs = two_reports(most=50, headlines=0.8)
    assert group("dxy", pairs) == ([["d", "x"], ["y"]], frozenset())
    groups, digests = group("dxy", pairs, PageKinds(bulletins={"d"}))
    assert groups == [["d"], ["x"], ["y"]]
    assert digests == {"d"}


def test_a_bulletin_may_have_a_short_sentence_of_a_report_worded_anew() -> None:
    pairs = two_reports(most=32, right_lead=0.45, slots=0.2, matched=13)
    assert group("dxy", pairs)[1] == frozenset()
    assert group("dxy", pairs, PageKinds(bulletins={"d"}))[1] == {"d"}
    assert group("dxy", two_reports(most=32, slots=0.7), PageKinds(bulletins={"d"}))[1] == frozenset(), "a form"


def test_a_bulletin_that_is_more_than_its_one_known_report_is_a_digest() -> None:
    half = pair("d", "x", 1.0, left_mask=TOP, left_cover=0.4)
    assert group("dx", [half])[1] == frozenset()
    assert group("dx", [half], PageKinds(bulletins={"d"}))[1] == {"d"}
    most = pair("d", "x", 1.0, left_mask=ALL >> 16, left_cover=0.75)
    assert group("dx", [most], PageKinds(bulletins={"d"}))[1] == frozenset(), "a section's name above a report"


def test_an_agencys_bulletin_is_a_digest_and_its_copy_too() -> None:
    pairs = [*two_reports(most=32), *(replace(one, left_id="c") for one in two_reports(most=32))]
    pairs.append(pair("c", "d", 5.0, left_cover=1.0, right_cover=1.0))
    groups, digests = group("cdxy", pairs, PageKinds(wires={"d", "x", "y"}, bulletins={"d"}))
    assert digests == {"c", "d"}
    assert groups == [["c", "d"], ["x"], ["y"]]
    assert "d" not in group("cdxy", pairs, PageKinds(wires={"d", "x", "y"}))[1], "agencies report"


def digest_of_a_long_part(**more: int) -> list[Verified]:
    """A digest, most of it from one report of which another outlet ran just that."""
    where = {"x": ALL ^ ((1 << 28) - 1), "y": ((1 << 16) - 1) << 12, "z": (1 << 12) - 1}
    parts = [
        pair("d", name, -2.0, left_mask=mask, left_cover=mask.bit_count() / 64, right_cover=0.4)
        for name, mask in where.items()
    ]
    excerpt = pair("c", "d", 1.0, left_cover=0.9, right_cover=0.56, right_mask=more.get("mask", where["x"]))
    return [*parts, excerpt, pair("c", "x", 4.0, left_cover=1.0, right_cover=0.45)]


def test_an_excerpt_of_a_digests_longest_part_is_no_copy_of_the_digest() -> None:
    groups, digests = group("cdxyz", digest_of_a_long_part())
    assert digests == {"d"}
    assert groups == [["c", "x"], ["d"], ["y"], ["z"]]
    assert group("cdxyz", digest_of_a_long_part(mask=ALL))[1] == frozenset(), "it has all parts, and can be no digest"


def test_digests_that_share_two_of_three_reports_are_no_copies_of_each_other() -> None:
    third = (1 << 21) - 1
    parts = [
        pair(digest, name, -2.0, left_mask=third << shift, left_cover=0.33, right_cover=0.3)
        for digest, names in (("d", "uvx"), ("e", "vxy"))
        for name, shift in zip(names, (0, 21, 42), strict=True)
    ]
    shared = pair("d", "e", 1.0, left_cover=0.66, right_cover=0.66, left_mask=third << 21, right_mask=third << 21)
    groups, digests = group("deuvxy", [*parts, shared])
    assert digests == {"d", "e"}
    assert ["d"] in groups
    assert ["e"] in groups
    assert ["d", "e"] in group("deuvxy", [*parts, pair("d", "e", 1.0, left_cover=0.95)])[0]


def test_a_report_of_which_others_ran_two_excerpts_is_no_digest() -> None:
    held = {"left_cover": 0.4, "right_cover": 1.0}
    pairs = [
        pair("d", "x", 3.0, left_mask=TOP, hours=2.0, **held),
        pair("d", "y", 3.0, left_mask=BOTTOM, hours=3.0, **held),
        pair("d", "e", 5.0),
    ]
    assert group("dexy", pairs)[1] == frozenset()
    assert group("dexy", pairs[:2])[1] == frozenset(), "both came later"


def test_a_round_up_of_statements_from_inside_reports_is_a_digest() -> None:
    third = (1 << 21) - 1
    parts = [
        pair("d", name, -3.0, left_mask=third << shift, left_cover=0.33, right_cover=0.2, right_lead=0.0, hours=hours)
        for name, shift, hours in (("x", 0, -2.0), ("y", 21, -3.0), ("z", 42, -1.0))
    ]
    assert group("dxyz", parts)[1] == {"d"}
    assert group("dxy", parts[:2])[1] == frozenset(), "two passages are background"
    assert group("dexyz", [*parts, pair("d", "e")])[1] == frozenset(), "another one is its copy and holds nothing"


def third_of(name: str, **facts: float | None) -> Verified:
    """What a digest has of a report x, y or z: a third of its own words, and the report's news."""
    mask = ((1 << 22) - 1) << {"x": 42, "y": 21, "z": 0}[name[0]] & ALL
    return pair("d", name, **{"score": -2.0, "left_mask": mask, "left_cover": 0.34, "right_cover": 0.3, **facts})  # type: ignore[arg-type]


def test_a_digest_may_have_the_headline_of_its_first_report() -> None:
    parts = [third_of("x", headlines=1.0), third_of("y", headlines=0.2), third_of("z", headlines=0.0)]
    short = third_of("x2", score=5.0, headlines=1.0, right_cover=0.6)  # by itself the same report as the digest
    copied = pair("x", "x2", 4.0, left_cover=0.6, right_cover=1.0)
    assert group(["d", "x", "x2", "y", "z"], [*parts, short, copied])[1] == {"d"}
    without = group(["d", "x", "x2", "y"], [*parts[:2], short, copied])
    assert without == ([["d", "x", "x2"], ["y"]], frozenset()), "a report and something added"


def test_a_digest_with_a_headline_above_each_report_may_have_that_of_the_first_for_its_own() -> None:
    places = {"x": 47, "y": 25, "z": 1}  # fifteen 64ths each, a few lines between them
    parts = [third_of(name, left_mask=((1 << 15) - 1) << at, headlines=0.3) for name, at in places.items()]
    short = third_of("x2", score=5.0, headlines=1.0, right_cover=0.6, left_mask=((1 << 15) - 1) << 47)
    copied = pair("x", "x2", 4.0, left_cover=0.6, right_cover=1.0)
    assert group(["d", "x", "x2", "y", "z"], [*parts, short, copied])[1] == {"d"}


@pytest.mark.parametrize(
    ("first", "second", "digests"),
    [(32, 32, {"d"}), (38, 26, {"d"}), (44, 20, set()), (32, 24, set())],
    ids=["halves", "nearly halves", "most of it is one", "something else is in it"],
)
def test_two_reports_put_together_under_the_headline_of_one_are_a_digest(
    first: int, second: int, digests: set[str]
) -> None:
    """The text is nothing but their beginnings; by itself it is the same report as the first."""
    above = {"left_mask": ALL ^ ((1 << (64 - first)) - 1), "left_cover": first / 64, "right_cover": 0.4}
    below = {"left_mask": (1 << second) - 1, "left_cover": second / 64, "right_cover": 0.4}
    pairs = [pair("d", "x", 4.0, headlines=1.0, **above), pair("d", "y", -2.0, headlines=0.1, **below)]
    assert group("dxy", pairs)[1] == digests


def test_an_excerpt_that_ran_after_a_digest_is_no_excerpt_of_the_digest() -> None:
    """The report it is from tells: the digest has less of that, beside a formula with another name."""
    excerpt = third_of("x2", right_cover=1.0, hours=3.0)
    copied = pair("x", "x2", 4.0, left_cover=0.3, right_cover=1.0)
    y, z = third_of("y", headlines=1.0), third_of("z", headlines=0.0)
    report = third_of("x", slots=0.3, hours=-2.0)
    assert group(["d", "x", "x2", "y", "z"], [report, excerpt, copied, y, z])[1] == {"d"}
    assert group(["d", "x", "x2", "y", "z"], [excerpt, copied, y, z])[1] == frozenset()


def test_a_digest_of_whole_reports_is_one_although_copies_of_them_run_on_after_it() -> None:
    whole = [third_of(name, right_cover=1.0, hours=-2.0) for name in "xyz"]
    later = [third_of(f"{name}2", right_cover=1.0, hours=3.0) for name in "xyz"]
    copied = [pair(name, f"{name}2", 5.0) for name in "xyz"]
    ids = ["d", *(f"{name}{end}" for name in "xyz" for end in ("", "2"))]
    assert group(ids, [*whole, *later, *copied])[1] == {"d"}
    assert group(["d", "x2", "y2", "z2"], later)[1] == frozenset(), "these are its excerpts"


def test_what_may_be_a_digest_or_form_itself_is_a_part_where_nothing_else_is_in_the_text() -> None:
    first, last = third_of("y", headlines=1.0), third_of("z", headlines=0.0)  # the text is about one of these two
    within = [
        pair("p", "x", -2.0, right_mask=TOP, right_cover=0.3, left_cover=0.2),
        pair("q", "x", -2.0, right_mask=BOTTOM, right_cover=0.3, left_cover=0.2),
    ]
    third, short = third_of("x", hours=-2.0), third_of("x", hours=-2.0, left_mask=((1 << 8) - 1) << 42)
    assert group("dpqxyz", [third, first, last, *within])[1] == {"d", "x"}
    assert group("dpqxyz", [short, first, last, *within])[1] == {"x"}
    form = third_of("x", hours=-2.0, slots=0.3)
    assert group("dxyz", [form, first, last])[1] == {"d"}
    assert group("dxyz", [third_of("x", hours=2.0, slots=0.3), first, last])[1] == frozenset()


FIRST, SECOND, THIRD = ((1 << 22) - 1 << shift & ALL for shift in (42, 21, 0))


def test_a_digest_of_reports_of_one_form_is_known_by_the_longest_place_of_each() -> None:
    """Phrases of the form stand in the other parts, around other names, and an excerpt is shorter than its report."""
    first = third_of("x", hours=-2.0, slots=0.3, left_mask=FIRST | 0b1111 << 30)
    excerpt = third_of("x2", left_mask=FIRST ^ ((1 << 54) - 1) & FIRST, right_cover=1.0)
    copied = pair("x", "x2", 4.0, left_cover=0.3, right_cover=1.0)
    second = third_of("y", hours=-2.0, left_mask=SECOND | 0b111111111 << 8)
    third = third_of("z", hours=-2.0)
    assert group(["d", "x", "x2", "y", "z"], [first, excerpt, copied, second, third])[1] == {"d"}
    assert group(["d", "x", "x2", "y"], [first, excerpt, copied, second])[1] == frozenset(), (
        "half of it is something else"
    )


def test_half_of_a_part_may_be_in_the_words_of_the_next_one() -> None:
    """Two reports of one form, of which the second one's place reaches over the end of the first."""
    for reach, digests in ((52, {"d"}), (60, frozenset())):
        second = third_of("y", left_mask=SECOND | FIRST & (1 << reach) - 1, headlines=1.0)
        assert group("dxyz", [third_of("x"), second, third_of("z", headlines=0.0)])[1] == digests, reach


def test_a_copy_of_one_part_of_a_digest_is_no_digest() -> None:
    """A statement that ran together with two others; outlets that ran it alone have phrases of other reports in it."""
    phrases = [
        pair("c", name, -3.0, left_mask=0xFF << shift, left_cover=0.12, right_cover=0.2, right_lead=0.0, hours=-1.0)
        for name, shift in (("t", 0), ("u", 20), ("v", 40))
    ]
    long = third_of("x", left_mask=ALL ^ ((1 << 28) - 1), left_cover=0.56)
    rest = [third_of("y", left_mask=((1 << 16) - 1) << 12), third_of("z", left_mask=(1 << 12) - 1)]
    alone = pair("c", "d", 4.0, left_cover=1.0, right_cover=0.56, right_mask=long.left_mask)
    whole = pair("c", "d", 4.0, left_cover=1.0, right_cover=0.9, right_mask=ALL)
    held = pair("c", "x", 5.0, left_cover=0.9, right_cover=0.45)
    assert group("cdtuvxyz", [*phrases, long, *rest, alone, held])[1] == {"d"}
    assert group("cdtuvxyz", [*phrases, long, *rest, whole, held])[1] == {"c", "d"}


def statement(name: str, first: int, length: int, slots: float = 0.0) -> Verified:
    """So many 64ths of a digest, from one on: a statement from inside a report that came before."""
    known = {"left_cover": 0.2, "right_cover": 0.2, "right_lead": 0.0, "hours": -2.0, "slots": slots}
    return pair("d", name, -3.0, left_mask=((1 << length) - 1) << first, **known)


def test_a_round_up_of_statements_in_the_words_of_one_form_is_a_digest_where_nothing_else_is_in_the_text() -> None:
    forms = [statement("x", 0, 17, slots=0.2), statement("y", 17, 17, slots=0.2)]
    others = [statement("u", 34, 13), statement("v", 47, 13), statement("w", 2, 5)]  # the last is a phrase of the form
    assert group("duvwxy", [*forms, *others])[1] == {"d"}
    assert group("duvwx", [*forms[:1], *others])[1] == frozenset(), "a quarter of it is something else"


def test_a_report_that_was_sent_in_parts_is_no_digest_and_none_that_runs_them_together() -> None:
    """Its parts run alone, all of it ran often, and another outlet has most of it in words of its own."""
    parts = [third_of("x", hours=-1.0), third_of("y", hours=-1.0), third_of("z", hours=-1.0)]
    of_copy = [replace(one, left_id="e") for one in parts]
    once = pair("d", "e", 5.0)
    assert group("dexyz", [*parts, *of_copy, once])[1] == {"d", "e"}
    runs = [pair("e", name, 6.0, right_cover=1.0) for name in ("m", "n", "o", "p")]
    held = [replace(one, left_id=name) for name in "mnop" for one in parts]
    assert group("demnopxyz", [*parts, *of_copy, once, *runs, *held])[1] == frozenset()


def bulletin(longer: int, **headlines: float) -> list[Verified]:
    """Most of two reports, longer and the rest of 64ths of the text; other outlets ran the longer one's beginning."""
    where = {"x": ALL ^ ((1 << (64 - longer)) - 1), "y": (1 << (64 - longer)) - 1}
    parts = [
        pair("d", name, 1.0, left_mask=mask, left_cover=mask.bit_count() / 64, headlines=headlines.get(name, 0.5))
        for name, mask in where.items()
    ]
    runs = [pair(name, "d", 1.0, left_cover=1.0, right_cover=longer / 64, right_mask=where["x"]) for name in "abc"]
    return [*parts, *runs, *(pair(name, "x", 4.0) for name in "abc"), pair("a", "b", 4.0), pair("b", "c", 4.0)]


@pytest.mark.parametrize(
    ("longer", "headlines", "is_digest"),
    [
        (36, {}, True),
        (42, {}, True),
        (50, {}, False),
        (36, {"x": 1.0}, False),
        (36, {"y": 0.7}, False),
    ],
    ids=["two halves", "two thirds and one", "nearly all of one", "about the longer one", "about the shorter one"],
)
def test_two_reports_under_a_headline_of_neither_are_a_digest_whatever_else_ran_of_one(
    longer: int, headlines: dict[str, float], is_digest: bool
) -> None:
    assert ("d" in group("abcdxy", bulletin(longer, **headlines))[1]) is is_digest


def test_what_other_reports_begin_with_too_is_a_formula_and_makes_no_bulletin() -> None:
    formula = pair("d", "z", -5.0, left_mask=(1 << 28) - 1, left_cover=0.44, right_cover=0.1, headlines=0.0)
    assert group("abcdxyz", [*bulletin(36), formula])[1] == frozenset()
    assert group("abcdxyz", [*bulletin(36), formula, pair("y", "z", 3.0)])[1] == {"d"}, "of one report all the same"
