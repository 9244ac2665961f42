from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import LANE_MARGIN, LANE_WIDTH, LEAST_TICK_GAP, lanes, latency_chart, volume_chart
from pipeline.catalog.queries.latency import LatencyStep, LatencyView
from pipeline.catalog.queries.names import OutletName
from pipeline.catalog.queries.story import StoryMember
from pipeline.catalog.queries.volumes import DayVolume, Volumes


def member(name: str, latency: int | None, is_origin: bool = False) -> StoryMember:
    outlet = OutletName("o", "Outlet")
    return StoryMember(name, outlet, "", None, None, None, None, None, None, 1, None, "published", is_origin,
                       latency_seconds=latency)  # fmt: skip


def test_copies_stand_in_the_order_of_their_time() -> None:
    axis = lanes([member("o", None, True), member("a", 60), member("b", 86_400), member("c", -30), member("d", None)])
    places = [axis.xs[key] for key in ("c", "o", "a", "b")]
    assert places == sorted(places, key=lambda one: one or 0.0)
    assert axis.xs["d"] is None
    assert [tick.label for tick in axis.ticks] == ["0", "5 min", "1 h", "12 h"]  # what is too close is left out


@given(st.lists(st.integers(min_value=-(10**9), max_value=10**10) | st.none(), max_size=12))
def test_every_mark_stays_on_the_lane(latencies: list[int | None]) -> None:
    axis = lanes([member("o", None, True), *(member(str(place), one) for place, one in enumerate(latencies))])
    for x in (*axis.xs.values(), *(tick.x for tick in axis.ticks)):
        assert x is None or LANE_MARGIN - 0.1 <= x <= LANE_WIDTH - LANE_MARGIN + 0.1
    gaps = [after.x - before.x for before, after in zip(axis.ticks, axis.ticks[1:], strict=False)]
    assert all(gap >= LEAST_TICK_GAP for gap in gaps)


def test_the_tallest_bar_fills_the_chart_and_none_overflows() -> None:
    view = LatencyView(7, 0, (1, 2, 3), (LatencyStep("a", 1, 2), LatencyStep("b", 2, 5), LatencyStep("c", None, 0)))
    chart = latency_chart(view, width=300, height=100)
    assert [bar.height for bar in chart.bars] == [40, 100, 0]
    assert chart.most == 5
    assert all(bar.x + bar.width <= 300 for bar in chart.bars)


def test_copies_are_a_part_of_each_day() -> None:
    view = Volumes((DayVolume(date(2026, 1, 1), 10, 5), DayVolume(date(2026, 1, 2), 0, 0)), 0)
    first, second = volume_chart(view, width=100, height=80).bars
    assert (first.height, first.part) == (80, 40)
    assert (second.height, second.part) == (0, 0)


def test_empty_charts_have_no_bars() -> None:
    assert volume_chart(Volumes((), 0)).bars == ()
    assert latency_chart(LatencyView(0, 0, None, ())).most == 0
