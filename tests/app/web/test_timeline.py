from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.timeline import LEAST_TICK_GAP, MARGIN, MAX_NAMED, timeline
from pipeline.catalog.queries.names import OutletName
from pipeline.catalog.queries.story import StoryMember, known_latencies

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def member(
    name: str,
    latency: int | None,
    *,
    origin: bool = False,
    precision: str = "minute",
    derives_from: str = "o",
    relation: str = "near_copy",
) -> StoryMember:
    at = None if latency is None else START + timedelta(seconds=latency)
    return StoryMember(
        name, OutletName(name, name.upper()), "", None, None, None, at, precision, None, 1, None, "published", origin,
        derives_from=None if origin else derives_from, relation=None if origin else relation,
        latency_seconds=None if origin else latency,
    )  # fmt: skip


ORIGIN = member("o", 0, origin=True)


def test_copies_stand_in_the_order_of_their_time() -> None:
    drawn = timeline([ORIGIN, member("a", 60), member("b", 86_400), member("c", -30), member("d", None)])
    assert [mark.member.article_id for mark in drawn.marks] == ["c", "o", "a", "b"]
    assert [mark.x for mark in drawn.marks] == sorted(mark.x for mark in drawn.marks)
    assert [tick.label for tick in drawn.ticks] == ["0", "5 min", "15 min", "1 h", "3 h", "12 h"]
    assert (drawn.unknown, drawn.median, drawn.last) == (1, 60, 86_400)


def test_few_are_named_on_lines_of_their_own_and_many_are_stacked() -> None:
    few = timeline([ORIGIN, *(member(f"m{n}", 60) for n in range(MAX_NAMED - 1))])
    assert all(mark.named for mark in few.marks)
    assert len({mark.y for mark in few.marks}) == len(few.marks)
    many = timeline([ORIGIN, *(member(f"m{n}", 60) for n in range(40))])
    assert not any(mark.named for mark in many.marks)
    assert len({(mark.x, mark.y) for mark in many.marks}) == 41
    assert many.height < 41 * 13 + 60
    assert timeline([ORIGIN, *(member(f"m{n}", 60) for n in range(500))]).height < 360


def test_a_time_known_to_the_day_has_no_place_among_minutes() -> None:
    copies = [ORIGIN, member("a", 3_600, precision="day"), member("b", 60)]
    assert known_latencies(copies) == {"o": 0, "a": None, "b": 60}
    assert known_latencies([member("o", 0, origin=True, precision="day"), member("b", 60)])["b"] is None


def test_a_copy_of_a_copy_stands_after_the_origin_all_the_same() -> None:
    second = member("b", 7_200, derives_from="a")
    assert known_latencies([ORIGIN, member("a", 3_600), second])["b"] == 7_200


def test_a_later_version_is_no_copy_to_be_timed() -> None:
    drawn = timeline([ORIGIN, member("a", 60), member("u", 9_000, relation="update_of")])
    assert (drawn.median, drawn.last) == (60, 60)


def test_a_story_whose_origin_is_gone_has_no_times() -> None:
    drawn = timeline([member("a", 60)])
    assert drawn.marks == ()
    assert drawn.unknown == 1


@given(st.lists(st.integers(-(10**9), 10**9) | st.none(), max_size=50))
def test_every_mark_stays_in_the_picture(latencies: list[int | None]) -> None:
    drawn = timeline([ORIGIN, *(member(f"m{place}", one) for place, one in enumerate(latencies))])
    for x in (*(mark.x for mark in drawn.marks), *(tick.x for tick in drawn.ticks)):
        assert MARGIN - 0.01 <= x <= 100 - MARGIN + 0.01
    assert all(0 < mark.y < drawn.axis_y < drawn.height for mark in drawn.marks)
    gaps = [after.x - before.x for before, after in zip(drawn.ticks, drawn.ticks[1:], strict=False)]
    assert all(gap >= LEAST_TICK_GAP - 0.01 for gap in gaps)
    assert "0" in [tick.label for tick in drawn.ticks]
