"""Pictures as figures: where each mark stands. Templates draw them as inline SVG, so that everything stays escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.catalog.queries.latency import LatencyView
from pipeline.catalog.queries.story import StoryMember
from pipeline.catalog.queries.volumes import Volumes

LANE_WIDTH = 240.0
LANE_MARGIN = 8.0
# Ticks a reader thinks in; those that fall too close to the one before are left out.
TICKS = (
    (-86_400, "−1 d"), (-3_600, "−1 h"), (0, "0"), (300, "5 min"), (900, "15 min"), (3_600, "1 h"), (10_800, "3 h"),
    (43_200, "12 h"), (86_400, "1 d"), (259_200, "3 d"), (604_800, "7 d"), (2_592_000, "30 d"),
)  # fmt: skip
LEAST_TICK_GAP = 34.0
LEAST_SPAN = 3_600
MAX_SLOT = 48.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """One axis for all copies of a story; xs by article id, None where the time is unknown."""

    width: float
    ticks: tuple[Tick, ...]
    xs: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in the chart's own units."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int
    part: float = 0.0  # height of the part that is copies


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with the greatest value and the labels that fit below."""

    width: float
    height: float
    most: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def lanes(members: Sequence[StoryMember]) -> Lanes:
    """Seconds after the origin on an axis that gives the first minutes as much room as the later days."""
    known = {one.article_id: 0 if one.is_origin else one.latency_seconds for one in members}
    seconds = [value for value in known.values() if value is not None]
    low, high = min(0, *seconds, 0), max(LEAST_SPAN, *seconds, 0)
    left, right = _symmetric_log(low), _symmetric_log(high)

    def place(value: int) -> float:
        inner = LANE_WIDTH - 2 * LANE_MARGIN
        return round(LANE_MARGIN + inner * (_symmetric_log(value) - left) / (right - left), 1)

    ticks: list[Tick] = []
    for value, label in TICKS:
        if low <= value <= high and (not ticks or place(value) - ticks[-1].x >= LEAST_TICK_GAP):
            ticks.append(Tick(place(value), label))
    xs = {key: None if value is None else place(value) for key, value in known.items()}
    return Lanes(LANE_WIDTH, tuple(ticks), xs)


def _symmetric_log(seconds: int) -> float:
    return math.copysign(math.log10(1 + abs(seconds) / 60), seconds)


def latency_chart(view: LatencyView, width: float = 640, height: float = 160) -> BarChart:
    """The histogram of latencies."""
    most = max((step.copies for step in view.steps), default=0)
    slot = width / max(1, len(view.steps))
    bars = tuple(
        _bar(number * slot + 2, slot - 4, height, step.copies, most, step.label)
        for number, step in enumerate(view.steps)
    )
    return BarChart(width, height, most, bars, tuple(Tick(round(one.x + one.width / 2, 1), one.label) for one in bars))


def volume_chart(view: Volumes, width: float = 960, height: float = 140) -> BarChart:
    """Articles per day, the copies among them as the lower part of each bar."""
    most = max((one.articles for one in view.days), default=0)
    slot = min(MAX_SLOT, width / max(1, len(view.days)))
    gap = min(2.0, slot / 5)
    bars = tuple(
        _bar(number * slot, slot - gap, height, one.articles, most, one.day.isoformat(), one.copies)
        for number, one in enumerate(view.days)
    )
    every = max(1, math.ceil(80 / slot))
    ticks = tuple(Tick(round(one.x, 1), one.label) for one in bars[::every])
    return BarChart(width, height, most, bars, ticks)


def _bar(x: float, width: float, height: float, value: int, most: int, label: str, part: int = 0) -> Bar:
    tall = height * value / most if most else 0.0
    # A day with one article among days of thousands is still seen.
    tall = max(tall, 1.5) if value else 0.0
    share = part / value if value else 0.0
    return Bar(
        round(x, 2), round(height - tall, 2), round(width, 2), round(tall, 2), label, value, round(tall * share, 2)
    )
