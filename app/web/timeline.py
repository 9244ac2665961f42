"""A story's copies on one axis, from minutes to days: where each mark stands. Templates draw it.

Places are percentages, so that the picture fills a phone and a desk screen alike while its letters keep their size.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.catalog.queries.story import StoryMember, known_latencies
from pipeline.records import Relation

UPDATE = Relation.UPDATE_OF.value
MARGIN = 2.0  # percent left free on either side
# Ticks a reader thinks in; those that fall too close to the one before are left out.
TICKS = (
    (-604_800, "−7 d"), (-86_400, "−1 d"), (-10_800, "−3 h"), (-3_600, "−1 h"), (-900, "−15 min"), (0, "0"),
    (300, "5 min"), (900, "15 min"), (3_600, "1 h"), (10_800, "3 h"), (43_200, "12 h"), (86_400, "1 d"),
    (259_200, "3 d"), (604_800, "7 d"), (2_592_000, "30 d"),
)  # fmt: skip
LEAST_TICK_GAP = 11.0
LEAST_SPAN = 3_600
# So many marks get a line and a name each; more are stacked where they fall together.
MAX_NAMED = 12
LINE, DOT, TOP = 22, 12, 12
# A story of hundreds is packed closer.
MAX_STACK = 300
STACK_WIDTH = 2.6
# Names stand right of their mark, and left of it where the right side has no room.
TURN = 55.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One article: x in percent, y in pixels from the top; name is empty where marks are stacked."""

    member: StoryMember
    x: float
    y: int
    seconds: int
    named: bool
    turned: bool  # its name stands left of it


@dataclass(frozen=True, slots=True)
class Timeline:
    """The marks and the axis below them; known: article -> seconds after the origin, None where no time says it."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    axis_y: int
    height: int
    known: dict[str, int | None]
    unknown: int  # articles without such a time
    median: int | None  # of the copies
    last: int | None


def timeline(members: Sequence[StoryMember]) -> Timeline:
    """Where the articles of a story stand, seconds after the origin."""
    known = known_latencies(members)
    timed = [(one, seconds) for one in members if (seconds := known[one.article_id]) is not None]
    timed.sort(key=lambda pair: (pair[1], not pair[0].is_origin, pair[0].article_id))
    low, high = _ends([seconds for _, seconds in timed])
    named = len(timed) <= MAX_NAMED
    places = [round(_place(seconds, low, high), 2) for _, seconds in timed]
    heights = [LINE * line for line in range(len(timed))] if named else _stacked(places)
    most = max(heights, default=0)
    marks = tuple(
        Mark(one, x, TOP + y if named else TOP + most - y, seconds, named, x > TURN)
        for (one, seconds), x, y in zip(timed, places, heights, strict=True)
    )
    axis = TOP + most + 16
    copies = [seconds for one, seconds in timed if one.relation is not None and one.relation != UPDATE]
    return Timeline(
        marks,
        _ticks(low, high),
        axis,
        axis + 20,
        known,
        unknown=sum(seconds is None for seconds in known.values()),
        median=copies[(len(copies) - 1) // 2] if copies else None,
        last=copies[-1] if copies else None,
    )


def _ends(seconds: Sequence[int]) -> tuple[int, int]:
    return min(0, *seconds, 0), max(LEAST_SPAN, *seconds, 0)


def _place(seconds: int, low: int, high: int) -> float:
    """The first minutes get as much room as the later days."""
    left, right = _symmetric_log(low), _symmetric_log(high)
    return MARGIN + (100 - 2 * MARGIN) * (_symmetric_log(seconds) - left) / (right - left)


def _symmetric_log(seconds: int) -> float:
    return math.copysign(math.log10(1 + abs(seconds) / 60), seconds)


def _stacked(places: Sequence[float]) -> list[int]:
    """How far above the axis each mark stands: marks of one column stand on each other."""
    columns: dict[int, int] = defaultdict(int)
    levels = []
    for x in places:
        column = int(x / STACK_WIDTH)
        levels.append(columns[column])
        columns[column] += 1
    step = min(float(DOT), MAX_STACK / max(1, *levels))
    return [round(step * level) for level in levels]


def _ticks(low: int, high: int) -> tuple[Tick, ...]:
    """The ticks that fit, counted from the origin outwards: its own is always there."""
    zero = Tick(round(_place(0, low, high), 2), "0")
    kept = [zero]
    for sign in (1, -1):
        last = zero.x
        for value, label in TICKS[:: 1 if sign > 0 else -1]:
            x = round(_place(value, low, high), 2)
            if value * sign > 0 and low <= value <= high and abs(x - last) >= LEAST_TICK_GAP:
                kept.append(Tick(x, label))
                last = x
    return tuple(sorted(kept, key=lambda one: one.x))
