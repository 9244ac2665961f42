from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.web.strips import LEAST_WIDTH, WIDTH, strips
from pipeline.compare import compare_texts

REPORT = "\n".join(
    f"Sentence {name} of the report names the harbour, its keeper {name} and the tide." for name in "ABCDE"
)


def test_a_text_and_itself_are_one_band() -> None:
    drawn = strips(compare_texts(REPORT, REPORT))
    assert [one.kind for one in (*drawn.top, *drawn.bottom)] == ["equal", "equal"]
    (band,) = drawn.bands
    assert (band.top_start, band.top_end, band.bottom_start, band.bottom_end) == (0, WIDTH, 0, WIDTH)


def test_what_was_cut_and_added_stands_where_it_stood() -> None:
    begun = "A new beginning that nobody had written before today at all.\n" + REPORT.rsplit("\n", 2)[0]
    drawn = strips(compare_texts(REPORT, begun))
    assert [one.kind for one in drawn.top] == ["equal", "cut"]
    assert [one.kind for one in drawn.bottom] == ["added", "equal"]
    (band,) = drawn.bands
    assert band.top_start == 0
    assert band.bottom_start == drawn.bottom[0].width


def test_a_text_from_right_to_left_begins_at_the_right() -> None:
    longer = REPORT + "\nOne more sentence stands at the very end of it."
    drawn = strips(compare_texts(REPORT, longer), "rtl")
    assert [one.kind for one in drawn.bottom] == ["equal", "added"]
    assert drawn.bottom[1].x == 0
    assert drawn.top[0].x + drawn.top[0].width == WIDTH


@given(st.text("ab c\n", max_size=300), st.text("ab c\n", max_size=300), st.sampled_from(["ltr", "rtl"]))
def test_nothing_leaves_the_picture(left: str, right: str, direction: str) -> None:
    drawn = strips(compare_texts(left, right), direction)
    for one in (*drawn.top, *drawn.bottom):
        assert -LEAST_WIDTH <= one.x <= WIDTH
        assert one.x + one.width <= WIDTH + LEAST_WIDTH
    for band in drawn.bands:
        assert all(-0.1 <= end <= WIDTH + 0.1 for end in (band.top_start, band.top_end, band.bottom_end))
