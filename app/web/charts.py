"""Pictures as figures: where each mark stands. Templates draw them as inline SVG, so that everything stays escaped.

Places along a chart are percentages: it fills a phone and a desk screen alike, and its letters keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.catalog.queries.volumes import MAX_DAYS, DayVolume, Volumes

VOLUME_HEIGHT = 150.0
# Few days make slim bars, not walls.
LEAST_SLOTS = 21
MOST_LABELS = 7
# A label that begins further right would run out of the picture on a phone.
LAST_LABEL = 78.0
# A day with one article among days of thousands is still seen.
LEAST_BAR = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: x and width in percent, y and height in pixels; part is the height of its lower part."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int
    part: float = 0.0
    part_value: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place on an axis: percent along it, or pixels from the top."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with the axes around them. first_day: where an earlier day did not fit."""

    height: float
    bars: tuple[Bar, ...]
    days: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    cut: bool = False


def volume_chart(view: Volumes) -> BarChart:
    """Articles per day, the copies among them as the lower part of each bar; days without any are gaps."""
    if not view.days:
        return BarChart(VOLUME_HEIGHT, (), (), ())
    last = view.days[-1].day
    first = max(view.days[0].day, last - timedelta(days=MAX_DAYS - 1))
    shown = [one for one in view.days if one.day >= first]
    days = (last - first).days + 1
    slot = 100 / max(days, LEAST_SLOTS)
    top = ceiling(max(one.articles for one in shown))
    bars = tuple(_bar(one, (one.day - first).days * slot, slot, top) for one in shown)
    grid = tuple(Mark(round(VOLUME_HEIGHT * (1 - share), 1), f"{round(top * share):,}") for share in (1, 0.5))
    return BarChart(VOLUME_HEIGHT, bars, _day_marks(first, days, slot), grid, first > view.days[0].day)


def ceiling(value: int) -> int:
    """The next round number that half of is whole: 2, 4, 6, 8, 10, 20, 40 ..."""
    if value <= 0:
        return 2
    step: int = 10 ** max(0, math.floor(math.log10(value)))
    for factor in (1, 2, 4, 6, 8, 10):
        if factor * step >= value and factor * step % 2 == 0:
            return factor * step
    return 20 * step


def _bar(one: DayVolume, x: float, slot: float, top: int) -> Bar:
    tall = max(VOLUME_HEIGHT * one.articles / top, LEAST_BAR) if one.articles else 0.0
    part = tall * one.copies / one.articles if one.articles else 0.0
    width = slot * 0.86
    y = round(VOLUME_HEIGHT - tall, 2)
    return Bar(
        round(x, 3), y, round(width, 3), round(tall, 2), one.day.isoformat(), one.articles, round(part, 2), one.copies
    )


def _day_marks(first: date, days: int, slot: float) -> tuple[Mark, ...]:
    """Every so many days a label, at most MOST_LABELS of them."""
    every = next(step for step in _steps() if days / step <= MOST_LABELS and step * slot >= 100 / (MOST_LABELS + 1))
    return tuple(
        Mark(round(place * slot, 2), (first + timedelta(days=place)).isoformat())
        for place in range(0, days, every)
        if place * slot <= LAST_LABEL
    )


def _steps() -> Sequence[int]:
    return (1, 2, 3, 7, 14, 28, 56, 91, 182, 366, 732)


@dataclass(frozen=True, slots=True)
class Range:
    """A range on an axis of time, in percent."""

    start: float
    middle: float
    end: float


def quartile_range(quartiles: Sequence[int]) -> Range:
    """The middle half of copies and its median on an axis from a minute to three days."""
    start, middle, end = (_on_axis(one) for one in quartiles)
    return Range(start, middle, end)


AXIS_MARKS = tuple(
    (seconds, label)
    for seconds, label in ((60, "1 min"), (900, "15 min"), (3_600, "1 h"), (21_600, "6 h"), (86_400, "1 d"))
)
AXIS_SECONDS = 3 * 86_400


def axis_marks() -> tuple[Mark, ...]:
    """The labels of that axis."""
    return tuple(Mark(_on_axis(seconds), label) for seconds, label in AXIS_MARKS)


def _on_axis(seconds: int) -> float:
    share = math.log10(1 + max(0, seconds) / 60) / math.log10(1 + AXIS_SECONDS / 60)
    return round(100 * min(1.0, share), 2)
