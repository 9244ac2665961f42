"""Input made to hurt: everything comes back, soon, with texts that stand in their fields."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.credits.find import find_credits
from pipeline.credits.spans import credit_spans

CPU_SECONDS = 10.0  # on any machine; a pattern that backtracks without end needs minutes


@pytest.mark.parametrize(
    "body",
    [
        "رويترز " * 60_000,
        "(الأناضول)\n" * 30_000,
        "(" * 300_000,
        "ا ب " * 100_000,
        "- " * 200_000,
        "/" * 300_000,
        "ـ" * 300_000,
        "َ" * 300_000,
        "&amp;" * 60_000,
        "&ndash;واس" * 40_000,
        "A" * 300_000,
        "Reporting by (" * 30_000 + "Editing by",
        "(Reporting by " * 30_000 + "diting by",
        "(إعداد " * 40_000 + "تحرير للنشرة",
        "المصدر: " * 40_000,
        "وكالة أنباء " * 40_000,
        "told Reuters " * 40_000,
        "Anadolu Ajansı web sitesinde " * 10_000,
        "\n" * 500_000,
        "Zeynep " * 50_000 + "(Zeynep Kaya/Ankara",
        "واس - " * 50_000,
        ("With files from " + "A, " * 26 + "AFP x\n") * 3_000,
        ("With files from " + "A.B-C'D " * 8 + "and AFP or\n") * 3_000,
        ("copyright © 2026 " * 5 + "AFP x\n") * 3_000,
        ("d" * 9 + "h a ") * 40_000 + "(DHA)",
        ("(AA) " + "A' " * 33 + "x -\n") * 5_000,
        "«رويترز» " * 50_000 + "\n" + "وفقا لرويترز " * 30_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_no_text_takes_long(body: str) -> None:
    began = time.process_time()
    found = find_credits(body=body, byline=body[:50_000], authors=[body[:5_000]] * 100, captions=[body] * 100)
    spans = credit_spans(body)
    assert time.process_time() - began < CPU_SECONDS
    assert len(found) <= 50
    assert all(0 <= start < end <= len(body) for start, end in spans)


PIECES = [
    *("رويترز", "الأناضول", "وكالة", "واس", "أ ف ب", "AA", "(", ")", "«", "»", "/", "-", "ـ", ":", ".", "\n", " ", "،"),
    *("قال", "وفقا", "لرويترز", "للأناضول", "ANKARA", "Reuters", "told", "المصدر", "Kaynak", "&nbsp;", "الأَنا", "ﻷ"),
    *("12", "آب", "\u200f", "©", "(c)", "With files from", "بمساهمة من", "and", "İHA", "[", "]", "2026"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=80))
def test_every_text_stands_in_its_field_as_printed(mixed: str, wild: str) -> None:
    body = f"{mixed}\n{wild}\n{mixed}"
    found = find_credits(byline=wild, dateline=mixed, body=body, captions=[mixed, wild], authors=[mixed])
    for credit in found:
        assert credit.text
        assert credit.text == credit.text.strip()
        assert any(credit.text in field for field in (body, mixed, wild))


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_characters_are_taken(text: str) -> None:
    find_credits(byline=text, body=text, captions=[text])
    credit_spans(text)
