"""Phrases in which agencies speak of themselves, and the clues that tell where one may be."""

from __future__ import annotations

import pytest

from pipeline.agencies import ANY_MARK, bundled_agencies
from pipeline.credits.mark_patterns import clue_of, references_of


@pytest.mark.parametrize(
    ("pattern", "holding", "bare"),
    [
        (r"(?i:\btold)\s+{AG}", "The mayor TOLD the paper", "The mayor said"),
        (r"{AG}\s+(?:reporters?)", "Two reporters were there", "Two people were there"),
        (r"\bits\s+{AG}\s+correspondent", "a correspondent of the paper", "a friend of its paper"),
        ("حديث إلى {AG}", "في حديث الي الصحيفة", "في مقال"),
    ],
)
def test_what_stands_beside_the_mark_is_the_clue(pattern: str, holding: str, bare: str) -> None:
    assert clue_of([pattern]).search(holding)
    assert not clue_of([pattern]).search(bare)
    assert clue_of(["never", pattern]).search(holding)


def test_a_phrase_that_cannot_be_cut_at_the_mark_may_be_anywhere() -> None:
    assert clue_of([r"(?:told {AG} so)"]).search("")
    assert clue_of([ANY_MARK]).search("")
    assert not clue_of([]).search("told")


@pytest.mark.parametrize(
    "text",
    [
        "وقال في تصريحات خاصه الي وكاله الاناضول ان العمل مستمر",
        "وافاد مراسل الاناضول بان العمل مستمر",
        "وقال ل-الاناضول ان العمل مستمر",
        "وفي بيان وصل الاناضول نسخه منه",
        "The mayor told Anadolu so",
        "in a statement to Anadolu on Monday",
        "documents seen by the Anadolu on Monday",
        "as an Anadolu correspondent saw",
        "AA muhabirine konustu",
        "AA'ya konustu",
        "le maire a declare a l'Anadolu",
        "le correspondant de l'Anadolu",
    ],
)
def test_every_phrase_is_found_with_its_clue(text: str) -> None:
    agencies = bundled_agencies()
    found = [one for one in references_of(agencies.by_id["anadolu"], agencies) if one.pattern.search(text)]
    assert found
    assert all(one.clue.search(text) for one in found)
