"""How long after the origin copies appear: a histogram and quantiles, for all or for one outlet or agency."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.relations import is_copy
from pipeline.catalog.queries.reuse import between_outlets, copy_article, known_latency, linked_articles
from pipeline.catalog.tables import links, stories

MAX_COPIES = 200_000
# Upper ends of the histogram's steps, in seconds. Chosen so that a newsroom's habits show: at once, within the hour,
# within the shift, the next morning, later.
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
STEPS = (
    (0, "before"),
    (_MINUTE, "under 1 min"),
    (5 * _MINUTE, "1–5 min"),
    (15 * _MINUTE, "5–15 min"),
    (30 * _MINUTE, "15–30 min"),
    (_HOUR, "30–60 min"),
    (3 * _HOUR, "1–3 h"),
    (6 * _HOUR, "3–6 h"),
    (12 * _HOUR, "6–12 h"),
    (_DAY, "12–24 h"),
    (2 * _DAY, "1–2 d"),
)
LAST_STEP = "later"


@dataclass(frozen=True, slots=True)
class LatencyStep:
    """Copies between two ages; until_seconds None: no upper end."""

    label: str
    until_seconds: int | None
    copies: int


@dataclass(frozen=True, slots=True)
class OutletLatency:
    """How long after the origin one outlet's copies appear."""

    outlet: OutletName
    copies: int
    quartiles: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LatencyView:
    """The distribution over copies whose and whose origin's time is known to the minute or better."""

    copies: int
    unknown: int  # copies without a latency: one of the times is unknown, or only a day
    quartiles: tuple[int, int, int] | None  # 25, 50 and 75 percent, in seconds
    steps: tuple[LatencyStep, ...]
    outlets: tuple[OutletLatency, ...] = ()  # the quickest first


def latencies(connection: Connection, *, outlet: str | None = None, agency: str | None = None) -> LatencyView:
    """Latencies of copies made by an outlet, of an agency's reports."""
    query = (
        select(copy_article.c.outlet_id, known_latency())
        .select_from(linked_articles())
        .where(is_copy(), between_outlets())
        .limit(MAX_COPIES)
    )
    if outlet:
        query = query.where(copy_article.c.outlet_id == outlet)
    if agency:
        query = query.join(stories, stories.c.story_id == links.c.story_id).where(stories.c.agency_id == agency)
    known: dict[str, list[int]] = defaultdict(list)
    unknown = 0
    for outlet_id, seconds in connection.execute(query):
        if seconds is None:
            unknown += 1
        else:
            known[outlet_id].append(seconds)
    names = outlet_names(connection)
    outlets = [
        OutletLatency(names[outlet_id], len(values), _quartiles(sorted(values))) for outlet_id, values in known.items()
    ]
    outlets.sort(key=lambda one: (one.quartiles[1], one.outlet.outlet_id))
    return _view(sorted(one for values in known.values() for one in values), unknown, tuple(outlets))


def _view(known: list[int], unknown: int, outlets: tuple[OutletLatency, ...]) -> LatencyView:
    ends = [end for end, _ in STEPS]
    counts = [0] * (len(STEPS) + 1)
    for seconds in known:
        counts[bisect_right(ends, seconds)] += 1
    steps = [LatencyStep(label, end, count) for (end, label), count in zip(STEPS, counts, strict=False)]
    steps.append(LatencyStep(LAST_STEP, None, counts[-1]))
    return LatencyView(len(known), unknown, _quartiles(known) if known else None, tuple(steps), outlets)


def _quartiles(ordered: list[int]) -> tuple[int, int, int]:
    return _at(ordered, 0.25), _at(ordered, 0.5), _at(ordered, 0.75)


def _at(ordered: list[int], quantile: float) -> int:
    """The smallest value that so large a share does not exceed."""
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]
