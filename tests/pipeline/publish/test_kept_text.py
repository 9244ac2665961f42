from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.kept_text import KeptText, keep_text, move_span, place
from pipeline.records import Span


def kept(body: str, *gone: str) -> KeptText | None:
    """What is left without those lines or ends of lines."""
    blanked = body
    for one in gone:
        blanked = blanked.replace(one, " " * len(one))
    return keep_text(body, blanked)


@pytest.mark.parametrize(
    ("body", "gone", "left"),
    [
        ("خبر\nسطر\nشارك", ["شارك"], "خبر\nسطر"),
        ("شارك\n\nخبر\nسطر", ["شارك"], "خبر\nسطر"),
        ("خبر\nشارك\nسطر\n", ["شارك"], "خبر\nسطر"),
        ("خبر ينتهي بالوسوم هنا\nسطر", ["بالوسوم هنا"], "خبر ينتهي\nسطر"),
        ("اقرأ أيضا\nخبر\nشارك\nتابعنا", ["اقرأ أيضا", "شارك", "تابعنا"], "خبر"),
        ("  خبر\nشارك", ["شارك"], "خبر"),
    ],
)
def test_lines_go_with_their_line_breaks(body: str, gone: list[str], left: str) -> None:
    found = kept(body, *gone)
    assert found is not None
    assert found.text == left


def test_nothing_to_leave_out_or_all_of_it_leaves_the_body_as_it_is() -> None:
    assert kept("خبر\nسطر") is None
    assert kept("شارك\nتابعنا", "شارك", "تابعنا") is None


def test_a_span_moves_with_its_text_and_loses_what_is_left_out() -> None:
    body = "شارك\nخبر أول\nإعلان\nخبر ثان"
    left = kept(body, "شارك", "إعلان")
    assert left is not None
    assert left.text == "خبر أول\nخبر ثان"
    start = body.index("خبر أول")
    whole = move_span(Span(start, len(body), 3, 30), left.stretches, None)
    assert whole == Span(0, len(left.text), 3, 30)
    assert move_span(Span(3, 30, 0, start), None, left.stretches) is None
    assert move_span(Span(1, 2, 3, 4), None, None) == Span(1, 2, 3, 4)


LINE = st.text(alphabet="اب ج.", max_size=6)


@given(st.lists(st.tuples(LINE, st.booleans()), min_size=1, max_size=8), st.data())
def test_every_character_that_is_left_is_found_where_its_place_says(
    lines: list[tuple[str, bool]], data: st.DataObject
) -> None:
    body = "\n".join(line for line, _ in lines)
    blanked = "\n".join(" " * len(line) if is_gone else line for line, is_gone in lines)
    left = keep_text(body, blanked)
    if left is None:
        assert body == blanked or not blanked.strip()
        return
    assert left.text == left.text.strip()
    assert left.text.split() == blanked.split()
    at = data.draw(st.integers(0, len(body) - 1))
    if blanked[at] == body[at] != "\n" and not body[at].isspace():
        assert left.text[place(at, left.stretches)] == body[at]
        assert place(at + 1, left.stretches) == place(at, left.stretches) + 1
