from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import MOST_LABELS, VOLUME_HEIGHT, axis_marks, ceiling, quartile_range, volume_chart
from pipeline.catalog.queries.volumes import MAX_DAYS, DayVolume, Volumes

DAY = date(2026, 1, 1)


def volumes(*days: tuple[int, int, int]) -> Volumes:
    return Volumes(tuple(DayVolume(DAY + timedelta(days=after), *counts) for after, *counts in days), 0)


def test_copies_are_the_lower_part_of_each_day() -> None:
    chart = volume_chart(volumes((0, 10, 5), (1, 0, 0)))
    first, second = chart.bars
    assert (first.height, first.part, first.part_value) == (VOLUME_HEIGHT, VOLUME_HEIGHT / 2, 5)
    assert (second.height, second.part) == (0, 0)
    assert [line.label for line in chart.grid] == ["10", "5"]


def test_days_without_articles_are_gaps() -> None:
    first, second = volume_chart(volumes((0, 4, 0), (30, 4, 0))).bars
    assert second.x - first.x == pytest.approx(100 * 30 / 31, abs=0.01)


def test_a_lonely_day_of_long_ago_does_not_squeeze_the_others() -> None:
    chart = volume_chart(volumes((-9_000, 1, 0), (0, 4, 0), (1, 4, 0)))
    assert chart.cut
    assert [bar.label for bar in chart.bars] == ["2026-01-01", "2026-01-02"]


@given(st.dictionaries(st.integers(0, MAX_DAYS), st.integers(0, 10**6), min_size=1, max_size=60))
def test_no_bar_overflows_and_labels_stay_few(found: dict[int, int]) -> None:
    chart = volume_chart(volumes(*((after, count, count // 2) for after, count in sorted(found.items()))))
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.01
        assert bar.y >= -0.01
        assert bar.y + bar.height == pytest.approx(VOLUME_HEIGHT, abs=0.02)
        assert bar.part <= bar.height + 0.01
    assert 1 <= len(chart.days) <= MOST_LABELS


@pytest.mark.parametrize(("value", "round_one"), [(0, 2), (1, 2), (3, 4), (7, 8), (9, 10), (673, 800), (3177, 4000)])
def test_the_scale_ends_at_a_round_number(value: int, round_one: int) -> None:
    assert ceiling(value) == round_one


def test_an_empty_chart_has_no_bars() -> None:
    assert volume_chart(Volumes((), 0)).bars == ()


def test_quartiles_keep_their_order_and_stay_on_the_axis() -> None:
    places = quartile_range((-600, 1_020, 10**9))
    assert 0 == places.start < places.middle < places.end == 100
    marks = [mark.at for mark in axis_marks()]
    assert marks == sorted(marks)
